using Gfxbake.Pipeline.Run;
using Gfxbake.Pipeline.Sharing;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Unit.Tests.Pipeline.Sharing;

/// <summary>What share.yml takes out, with something planted for each of its rules.</summary>
[TestFixture]
internal sealed class ScrubberTests
{
    private static readonly ShareFacts Facts = RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes")).Share;

    /// <summary>For each rule, by its place in share.yml, a line with something personal and what must not be left of it.</summary>
    private static readonly (string Line, string Secret)[] Planted =
    [
        ("reading /srv/work/gfxbake/x", "/srv/work/gfxbake"),
        ("API_KEY=abcDEF123456 was set", "abcDEF123456"),
        ("header ghp_abcdefghijklmnopqrst0123", "ghp_abcdefghijklmnopqrst0123"),
        ("GET https://peter.pan:pw123@localhost/x", "peter.pan:pw123"),
        ("mail jane.doe@example.org please", "jane.doe@example.org"),
        ("root=UUID=01234567-89ab-cdef-0123-456789abcdef", "01234567-89ab-cdef-0123-456789abcdef"),
        ("device GPU-0123456789abcdef found", "GPU-0123456789abcdef"),
        ("unique_id 12345678901234567", "12345678901234567"),
        ("host id 00112233445566778899aabbccddeeff.", "00112233445566778899aabbccddeeff"),
        ("machine-id: ffeeddccbbaa99887766554433221100", "ffeeddccbbaa99887766554433221100"),
        ("board BRD77-4711 is old", "BRD77-4711"),
        ("Serial Number: PF3XW9Q2", "PF3XW9Q2"),
        ("link/ether 52:54:00:ab:cd:ef up", "52:54:00:ab:cd:ef"),
        ("peer 1:2:3:4:5:6:7:8 left", "1:2:3:4:5:6:7:8"),
        ("listen fe80::5054:ff:feab:cdef", "fe80::5054:ff:feab:cdef"),
        ("from 192.168.17.23:4711", "192.168.17.23"),
        ("opening /home/otherperson/models", "otherperson"),
        ("Nov 29 thinkbox kernel:", "thinkbox"),
        ("chown annabel_models", "annabel"),
    ];

    private string folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = Directory.CreateTempSubdirectory("gfxbake-share").FullName;
        Write("etc/machine-id", "00112233445566778899aabbccddeeff\n");
        Write("sys/class/dmi/id/board_serial", "BRD77-4711\n");
    }

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Each_rule_has_something_planted() => Assert.That(Planted, Has.Length.EqualTo(Facts.Rules.Count));

    [Test]
    public void Nothing_planted_is_left()
    {
        var text = Scrubber(Facts.Rules).Of(string.Join('\n', Planted.Select(p => p.Line)));

        foreach (var (_, secret) in Planted)
            Assert.That(text, Does.Not.Contain(secret).IgnoreCase);
    }

    [Test]
    public void Without_a_rule_what_it_is_for_stays([Range(0, 18)] int rule) =>
        Assert.That(
            Scrubber([.. Facts.Rules.Where((_, i) => i != rule)]).Of(Planted[rule].Line),
            Does.Contain(Planted[rule].Secret),
            $"rules[{rule}] of share.yml does nothing that another one does not do"
        );

    [Test]
    public void Same_value_has_the_same_name_in_all_texts()
    {
        var scrubber = Scrubber(Facts.Rules);

        Assert.That(
            (scrubber.Of("from 10.0.0.1 to 10.0.0.2"), scrubber.Of("10.0.0.2 and THINKBOX, thinkbox")),
            Is.EqualTo(("from <ip-1> to <ip-2>", "<ip-2> and <host-1>, <host-1>"))
        );
        Assert.That(scrubber.Replaced, Is.EquivalentTo(new Dictionary<string, int> { ["ip"] = 2, ["host"] = 1 }));
    }

    [TestCase("listening on 127.0.0.1:11434 and 0.0.0.0")]
    [TestCase("std::add::sub ggml::abc 12:34:56 gfx1103 7.2.4")]
    [TestCase("sha256 0123456789abcdef0123456789abcdef for libggml-hip.so")]
    [TestCase("amdgpu.gttsize=98304 ttm.pages_limit=24576000 device 0000:c1:00.0")]
    public void What_a_report_is_about_stays(string text) => Assert.That(Scrubber(Facts.Rules).Of(text), Is.EqualTo(text));

    [Test]
    public void User_who_is_called_as_a_rule_changes_no_name()
    {
        var known = new[] { (KnownThing.User, "mac") }.ToLookup(k => k.Item1, k => k.Item2);

        Assert.That(
            new Scrubber(Facts.Rules, known, new HostTree(folder)).Of("mac has 52:54:00:ab:cd:ef"),
            Is.EqualTo("<user-1> has <mac-1>")
        );
    }

    [Test]
    public void Planted_values_are_found_wherever_they_stand() =>
        Rounds.Run(
            random =>
            {
                string[] between = [" ", "\n", "\"", "', '", "\t", "(", "=\"", ": "];
                var text = "";
                var planted = new List<string>();
                for (var i = random.Next(1, 8); i > 0; i--)
                {
                    var (line, secret) = Planted[random.Next(Planted.Length)];
                    planted.Add(secret);
                    text += between[random.Next(between.Length)] + line + between[random.Next(between.Length)];
                }

                var scrubber = Scrubber(Facts.Rules);
                var clean = scrubber.Of(text);
                foreach (var secret in planted)
                    Assert.That(clean, Does.Not.Contain(secret), text);
                Assert.That(scrubber.Of(text), Is.EqualTo(clean), "the same text is the same again");
            },
            cost: 50
        );

    private Scrubber Scrubber(IReadOnlyList<PersonalRule> rules) =>
        new(
            rules,
            new[]
            {
                (KnownThing.Home, "/srv/work/gfxbake"),
                (KnownThing.Home, "/home/annabel"),
                (KnownThing.User, "annabel"),
                (KnownThing.Host, "thinkbox"),
                (KnownThing.Host, "thinkbox.lan"),
            }.ToLookup(k => k.Item1, k => k.Item2),
            new HostTree(folder)
        );

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
        File.WriteAllText(Path.Combine(folder, name), text);
    }
}
