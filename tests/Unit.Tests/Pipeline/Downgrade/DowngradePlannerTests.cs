using Gfxbake.Pipeline.Downgrade;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Unit.Tests.Pipeline.Downgrade;

/// <summary>Plans from what apt, dnf and pacman said on small machines (tests/fixtures/package-managers).</summary>
public sealed class DowngradePlannerTests
{
    private static readonly PackageManagerFacts Facts = RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes")).PackageManagers;

    private readonly List<string> asked = [];
    private Dictionary<string, string> answers = [];
    private string root = null!;

    [SetUp]
    public void SetUp()
    {
        root = Directory.CreateTempSubdirectory("gfxbake-machine").FullName;
        Directory.CreateDirectory(Path.Combine(root, "var/lib/dpkg"));
        File.WriteAllText(Path.Combine(root, "var/lib/dpkg/status"), "");
        asked.Clear();
        answers = new()
        {
            ["dpkg-query"] = "hipblas\t7.2.0-1\tinstalled\nmy-llm\t1.0-1\tinstalled\nold\t1\tconfig-files\nrocblas\t7.2.0-1\tinstalled",
            ["madison"] =
                "   rocblas |    7.2.0-1 | file:/a ./ Packages\n   rocblas |    6.4.0-1 | file:/a ./ Packages\n"
                + "   rocblas | 4.4.0.60300-1~24.04 | file:/a ./ Packages\n   hipblas |    7.2.0-1 | file:/a ./ Packages",
            ["rdepends"] = "rocblas\nReverse Depends:\n  hipblas\n |my-llm\n  not-installed",
            ["--simulate"] = "Reading package lists...\nRemv my-llm [1.0-1]\nInst rocblas [7.2.0-1] (6.4.0-1 localhost [all])",
        };
    }

    [TearDown]
    public void TearDown() => Directory.Delete(root, recursive: true);

    [Test]
    public void Newest_older_version_is_taken_where_none_is_asked_for()
    {
        var plan = Plan(null);

        Assert.That(plan.Packages.Select(p => $"{p.Name} {p.To}"), Is.EqualTo(new[] { "hipblas ", "rocblas 6.4.0-1" }));
        Assert.That(plan.Packages[1].Older, Is.EqualTo(new[] { "6.4.0-1", "4.4.0.60300-1~24.04" }));
        Assert.That(plan.Packages[1].Dependents, Is.EqualTo(new[] { "my-llm" }), "hipblas is ROCm's own, not-installed is not there");
        Assert.That(plan.Breaks, Is.EqualTo(new[] { "my-llm" }));
        Assert.That(plan.CanBeDone, Is.True);
    }

    [TestCase("6.4", "6.4.0-1")]
    [TestCase("6.3", "4.4.0.60300-1~24.04")]
    [TestCase("6", "")]
    [TestCase("7.2", "")]
    public void Version_of_the_wanted_rocm_is_taken_also_as_amd_writes_it(string wanted, string version) =>
        Assert.That(Plan(wanted).Packages[1].To ?? "", Is.EqualTo(version == "" && wanted == "6" ? "6.4.0-1" : version));

    [Test]
    public void Commands_are_exact_and_nothing_is_run_that_changes()
    {
        var plan = Plan("6.4");

        Assert.That(
            plan.Commands.Concat(plan.Undo).Select(c => string.Join(' ', c)),
            Is.EqualTo(
                new[]
                {
                    "sudo apt-get install --allow-downgrades rocblas=6.4.0-1",
                    "sudo apt-mark hold rocblas",
                    "sudo apt-mark unhold rocblas",
                    "sudo apt-get install rocblas=7.2.0-1",
                }
            )
        );
        Assert.That(asked, Has.None.Contains("sudo").And.None.Contains("{root").And.None.Contains("{p").And.None.Contains("{t"));
        Assert.That(
            asked.Where(a => a.StartsWith("apt-get", StringComparison.Ordinal)),
            Has.All.Contains("--simulate").And.All.Contains($"Dir={root}/").And.Exactly(1).Items
        );
    }

    [Test]
    public void Present_version_that_no_archive_has_is_lost()
    {
        answers["madison"] = "   rocblas |    6.4.0-1 | file:/a ./ Packages";

        var plan = Plan(null);

        Assert.That(plan.Lost, Is.EqualTo(new[] { "rocblas" }));
        Assert.That(Text(plan), Does.Contain("Nobody has the present version of rocblas"));
    }

    [Test]
    public void Manager_that_refuses_is_told_and_no_command_is_given()
    {
        answers["--simulate"] = "E: Unable to correct problems, you have held broken packages.";

        var plan = Plan(null);

        Assert.That(plan.CanBeDone, Is.False);
        Assert.That(Text(plan), Does.Contain("apt refuses it: Unable to correct problems").And.Not.Contain("sudo"));
    }

    [Test]
    public void Nothing_older_names_other_places()
    {
        answers["madison"] = "";

        var plan = Plan(null);

        Assert.That(plan.Elsewhere, Has.One.EqualTo("Debian: https://snapshot.debian.org/binary/hipblas/"));
        Assert.That(
            Text(plan),
            Does.Contain("stays; nothing older is here").And.Contain("apt has no older version of any of these 2 packages.")
        );
    }

    [Test]
    public void Names_that_a_hostile_machine_makes_up_get_into_no_command()
    {
        answers["dpkg-query"] +=
            "\n--install\t1\tinstalled\nrocblas-$(x)\t1\tinstalled\nrocm-\u001b[31m\t1\tinstalled\nrocm-x\t-o\tinstalled";
        answers["madison"] += "\n   rocblas |    --help | x";
        answers["--simulate"] += "\nRemv \u001b[31m [1]\nE: \u001b[31mred";

        var plan = Plan(null);

        Assert.That(plan.Packages.Select(p => p.Name), Is.EqualTo(new[] { "hipblas", "rocblas" }));
        Assert.That(plan.Packages[1].Older, Has.None.StartsWith("-"));
        Assert.That(Text(plan).Where(c => char.IsControl(c) && c != '\n'), Is.Empty);
    }

    [Test]
    public void Machine_without_rocm_or_a_list_is_an_error()
    {
        answers["dpkg-query"] = "bash\t5\tinstalled";
        Assert.That(() => Plan(null), Throws.TypeOf<DowngradeException>().With.Message.Contains("none of 1 installed packages is ROCm's"));
        answers["dpkg-query"] = "";
        Assert.That(
            () => Plan(null),
            Throws.TypeOf<DowngradeException>().With.Message.Contains("dpkg-query says nothing of installed packages")
        );
    }

    [Test]
    public void Folder_without_a_database_names_those_that_are_known()
    {
        Directory.Delete(Path.Combine(root, "var"), recursive: true);

        Assert.That(
            () => DowngradePlanner.ManagerOf(Facts, root),
            Throws.TypeOf<DowngradeException>().With.Message.Contains("var/lib/dpkg/status").And.Message.Contains("apt, dnf, pacman")
        );
    }

    [TestCase(
        "dnf",
        "Removing dependent packages:\n my-llm  noarch 1.0-1 @t 0\nDowngrading:\n rocblas noarch 6.3.0-1 t 5.8 k",
        "my-llm",
        ""
    )]
    [TestCase("dnf", "Error: \n Problem: problem with installed package my-llm", "", "problem with installed package my-llm")]
    [TestCase("pacman", ":: installing rocblas (6.3.0-1) breaks dependency 'rocblas>=7' required by hipblas", "hipblas", "")]
    [TestCase(
        "pacman",
        "error: '/a.pkg.tar.zst': package missing required signature",
        "",
        "'/a.pkg.tar.zst': package missing required signature"
    )]
    public void Trial_of_another_manager_is_read(string manager, string said, string breaks, string refused)
    {
        var rule = Facts.Managers.Single(m => m.Name == manager);
        var questions = new PackageQuestions(rule, _ => new(1, said.Split('\n'), []), "/");

        var (gone, why) = questions.Try(["x"]);

        Assert.That((string.Join(' ', gone), string.Join(' ', why)), Is.EqualTo((breaks, refused)));
    }

    [Test]
    public void Packages_that_pacman_kept_are_found_with_their_files()
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, "var/cache/pacman/pkg")).FullName;
        string[] names =
        [
            "rocblas-6.4.0-1-x86_64.pkg.tar.zst",
            "rocblas-6.4.0-1-x86_64.pkg.tar.zst.sig",
            "hip-runtime-amd-1:6.4-2-any.pkg.tar",
            "x",
        ];
        foreach (var name in names)
            File.WriteAllText(Path.Combine(folder, name), "");
        var questions = new PackageQuestions(Facts.Managers.Single(m => m.Name == "pacman"), _ => new(0, [], []), root);

        var versions = questions.Versions(["rocblas", "hip-runtime-amd"]);

        Assert.That(versions["rocblas"].Single(), Is.EqualTo(("6.4.0-1", $"{folder}/rocblas-6.4.0-1-x86_64.pkg.tar.zst")));
        Assert.That(versions["hip-runtime-amd"].Single().Version, Is.EqualTo("1:6.4-2"));
    }

    [TestCase("1:2.0", "3.0", 1)]
    [TestCase("7.2.0-1", "7.2.0-2", -1)]
    [TestCase("7.2~rc1", "7.2", -1)]
    public void Versions_have_epochs(string left, string right, int expected) =>
        Assert.That(Math.Sign(PackageVersions.Order.Compare(left, right)), Is.EqualTo(expected));

    private DowngradePlan Plan(string? wanted) => DowngradePlanner.Of(Facts, DowngradePlanner.ManagerOf(Facts, root), root, wanted, Run);

    private ToolAnswer Run(IReadOnlyList<string> words)
    {
        asked.Add(string.Join(' ', words));
        var answer = answers.FirstOrDefault(a => words.Contains(a.Key)).Value ?? "";
        return new(0, answer.Split('\n'), []);
    }

    private static string Text(DowngradePlan plan) => string.Join('\n', DowngradeText.Lines(plan));
}
