using System.Text;
using System.Text.RegularExpressions;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Host.Tests.Units;

/// <summary>
/// The units of native packages under a real systemd, with a program that stands in for the server. Needs podman, and the base that
/// ./build.sh --target=BaseImage --variant=vulkan makes:
/// ./build.sh --target=Test --exclusive --filter='TestCategory=Nightly&amp;FullyQualifiedName~PackageUnit'
/// </summary>
[Category(Needs.Engine)]
[Category(Needs.MinimalImage)]
[Category(Needs.Night)]
[NonParallelizable]
internal sealed class PackageUnitTests
{
    private static readonly string Recipes = Path.Combine(Engine.Checkout.RepositoryRoot, "recipes");

    private SystemdContainer machine = null!;

    private static IEnumerable<PackageRecipe> Packages =>
        new[] { "llama-cpp-gfx1151", "ollama-airllm-gfx1100", "whisper-cpp-gfx1151" }.Select(r =>
            RecipeBook.Open(Recipes).Read(r).Packages!
        );

    private static IEnumerable<TestCaseData> Units => Packages.Select(p => new TestCaseData(p).SetArgDisplayNames(Unit(p)));

    [OneTimeSetUp]
    public void Start()
    {
        machine = new SystemdContainer("package-units");
        foreach (var package in Packages)
        {
            foreach (var file in package.Files)
                Put(file);
            machine.Sh(string.Join(" && ", package.Programs.Select(p => $"ln -sf /usr/local/bin/server {p}")));
        }

        machine.Sh("systemd-sysusers && systemctl daemon-reload");
    }

    [OneTimeTearDown]
    public void Stop() => machine.Dispose();

    // Each unit that a package can have is tried here.
    [Test]
    public void No_unit_is_left_out() =>
        Assert.That(
            Packages.Select(Unit),
            Is.EquivalentTo(Directory.EnumerateFiles(Path.Combine(Recipes, "_shared", "packages"), "*.service").Select(Path.GetFileName))
        );

    [TestCaseSource(nameof(Units))]
    public void Unit_is_one_that_systemd_takes_without_a_word(PackageRecipe package)
    {
        Assert.That(machine.Sh($"systemd-analyze verify {Unit(package)} 2>&1"), Is.Empty);
        machine.Sh($"systemd-analyze security --offline=true --threshold=15 {Unit(package)}");
    }

    [TestCaseSource(nameof(Units))]
    public void Service_has_its_account_settings_and_folders_and_no_more(PackageRecipe package)
    {
        var (unit, user) = (Unit(package), package.User);
        var run = Begin(unit);
        try
        {
            var said = Journal(run, "ready");

            Assert.Multiple(() =>
            {
                Assert.That(said, Does.Contain($"started as {user}:{user} in /var/lib/{user}\n"));
                Assert.That(said, Does.Contain("writes .\n").And.Contain($"writes /var/cache/{user}\n").And.Contain("writes /tmp\n"));
                foreach (var folder in new[] { "/var", "/usr", "/etc", "/opt" })
                    Assert.That(said, Does.Contain($"can't write {folder}\n"));
                Assert.That(said, Does.Contain("can't run what it wrote\n").And.Contain("can't see homes\n"));
                foreach (var setting in Settings(package))
                    Assert.That(said, Does.Contain($"has {setting}\n"));
                Assert.That(machine.Sh($"ps -o user= -p $(systemctl show -P MainPID {unit})").Trim(), Is.EqualTo(user));
                Assert.That(machine.Try($"systemctl status --no-pager {unit}").Output, Does.Contain("active (running)"));
            });
        }
        finally
        {
            machine.Sh($"systemctl stop {unit}");
        }

        Assert.That(Journal(run, "Stopped"), Does.Contain("ended well\n").And.Not.Contain("SIGKILL"));
        Assert.That(machine.Sh($"systemctl show -P Result {unit}").Trim(), Is.EqualTo("success"), "TimeoutStopSec= was over, or it failed");
    }

    [TestCaseSource(nameof(Units))]
    public void Crash_is_started_again_and_a_wrong_setting_is_not(PackageRecipe package)
    {
        var unit = Unit(package);
        Begin(unit);
        try
        {
            machine.Sh($"kill -SEGV $(systemctl show -P MainPID {unit})");
            machine.Sh($"for i in $(seq 30); do [ $(systemctl show -P NRestarts {unit}) = 1 ] && exit 0; sleep 1; done; exit 1");
            machine.Sh($"systemctl stop {unit}; touch /var/lib/{package.User}/wrong; systemctl start {unit} || true; sleep 7");

            Assert.That(
                machine
                    .Sh($"systemctl show -P ActiveState -P Result -P NRestarts {unit}")
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries),
                Is.EquivalentTo(new[] { "failed", "exit-code", "0" })
            );
        }
        finally
        {
            machine.Sh($"systemctl stop {unit}; systemctl reset-failed {unit}; rm -f /var/lib/{package.User}/wrong");
        }
    }

    // Go's runtime catches the signals of a crash, says where it was and exits with 2: a panic would end the service for good.
    [Test]
    public void Ollama_is_started_again_after_a_panic()
    {
        Begin("ollama.service");
        try
        {
            machine.Sh("kill -USR1 $(systemctl show -P MainPID ollama.service)");
            machine.Sh("for i in $(seq 30); do [ $(systemctl show -P NRestarts ollama.service) = 1 ] && exit 0; sleep 1; done; exit 1");
        }
        finally
        {
            machine.Sh("systemctl stop ollama.service");
        }
    }

    /// <summary>Starts a unit; the id of this start.</summary>
    private string Begin(string unit)
    {
        machine.Sh($"systemctl start {unit} || {{ journalctl --no-pager -n 30 -u {unit}; exit 1; }}");
        return machine.Sh($"systemctl show -P InvocationID {unit}").Trim();
    }

    private static string Unit(PackageRecipe package) =>
        Path.GetFileName(package.Files.Single(f => f.Target.EndsWith(".service", StringComparison.Ordinal)).Target);

    private static string Text(PackageFile file) =>
        File.ReadAllText(Path.Combine(Recipes, file.Source))
            .Replace("{{name}}", "sample", StringComparison.Ordinal)
            .Replace("{{url}}", "https://example.org/sample", StringComparison.Ordinal);

    /// <summary>What the package's file of settings sets.</summary>
    private static IEnumerable<string> Settings(PackageRecipe package) =>
        package
            .Files.Where(f => f.Target.StartsWith("/etc/", StringComparison.Ordinal))
            .SelectMany(f => Regex.Matches(Text(f), @"^[A-Z]\w*=.*$", RegexOptions.Multiline))
            .Select(m => m.Value);

    private void Put(PackageFile file)
    {
        machine.Put(Path.GetFileName(file.Target), Encoding.UTF8.GetBytes(Text(file)), Path.GetDirectoryName(file.Target)! + "/");
        Assert.That(machine.Sh($"cat {file.Target}"), Does.Not.Contain("{{"));
    }

    /// <summary>What was said of one start of a unit, once the word is among it.</summary>
    private string Journal(string run, string word)
    {
        var read = $"journalctl -o cat --no-pager _SYSTEMD_INVOCATION_ID={run} + INVOCATION_ID={run}";
        return machine.Sh(
            $"for i in $(seq 60); do {read} > /tmp/said; grep -q '{word}' /tmp/said && break; sleep 0.5; done; cat /tmp/said"
        );
    }
}
