namespace Gfxbake.Host.Tests.Shims;

[TestFixture]
[Platform(Exclude = "Win")]
internal sealed class BuildScriptTests
{
    private BuildScript _script = null!;

    [SetUp]
    public void SetUp() => _script = new BuildScript();

    [TearDown]
    public void TearDown() => _script.Dispose();

    [Test]
    public void Arguments_reach_the_program_unchanged()
    {
        var result = _script.Run("--target=All", "--path", "a b", "", "$x");

        Assert.That(result.Out, Is.EqualTo("<--target=All><--path><a b><><$x>"));
    }

    [Test]
    public void Program_learns_the_folder_that_it_was_started_from()
    {
        _script.Variables["FAKE_CALLER"] = "show";

        Assert.That(_script.Run("-v").Out, Is.EqualTo("caller=/ <-v>"));
    }

    [Test]
    public void Script_runs_through_a_link_elsewhere()
    {
        var result = _script.RunLink("-v");

        Assert.Multiple(() =>
        {
            Assert.That(result.Out, Is.EqualTo("<-v>"), result.Error);
            Assert.That(File.Exists(_script.Answer), Is.True, "it works in the checkout, not beside the link");
        });
    }

    [Test]
    public void Start_that_takes_long_says_what_it_does_and_a_later_one_is_silent()
    {
        var first = _script.Run("-v");
        var second = _script.Run("-v");

        Assert.Multiple(() =>
        {
            Assert.That(
                first.Error,
                Does.Contain("build.sh: asking the package feed").And.Contain("build.sh: compiling the build program in build/")
            );
            Assert.That(first.Out, Is.EqualTo("<-v>"));
            Assert.That(second.Error, Is.Empty);
        });
    }

    [Test]
    public void Exit_code_is_the_programs()
    {
        _script.Variables["FAKE_EXIT"] = "42";

        Assert.That(_script.Run("--target=All").ExitCode, Is.EqualTo(42));
    }

    [Test]
    public void Unchanged_sources_are_built_once()
    {
        _script.Run("-v");
        _script.Run("-v");

        Assert.That(_script.Commands, Is.EqualTo(new[] { "restore", "build" }));
    }

    [Test]
    public void Changed_source_is_built_again()
    {
        _script.Run("-v");
        File.AppendAllText(_script.SourceFile, "// changed");
        _script.Run("-v");

        Assert.That(_script.Commands, Is.EqualTo(new[] { "restore", "build", "build" }));
    }

    [Test]
    public void Removed_source_is_noticed()
    {
        var other = Path.Combine(_script.Root, "build", "Host", "Other.cs");
        File.WriteAllText(other, "// other");
        _script.Run("-v");
        File.Delete(other);
        _script.Run("-v");

        Assert.That(_script.Commands, Is.EqualTo(new[] { "restore", "build", "build" }));
    }

    [Test]
    public void Lock_file_that_the_restore_wrote_is_no_change()
    {
        _script.Run("-v");
        File.WriteAllText(Path.Combine(_script.Root, "build", "Host", "packages.tool.lock.json"), "{}");
        _script.Run("-v");

        Assert.That(_script.Commands, Is.EqualTo(new[] { "restore", "build" }));
    }

    [TestCase("has", "nuget", false)]
    [TestCase("lacks", "tool", true)]
    [TestCase("lacks-docker", "tool", true)]
    public void Feeds_answer_is_remembered(string feed, string answer, bool says)
    {
        _script.Variables["FAKE_FEED"] = feed;

        var result = _script.Run("-v");

        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(_script.Answer).Trim(), Is.EqualTo(answer));
            Assert.That(_script.Log, Does.Contain($"-p:CakePackages={answer} "));
            Assert.That(result.Error.Contains("build/Shims", StringComparison.Ordinal), Is.EqualTo(says));
        });
    }

    [Test]
    public void Feed_that_is_down_is_an_error_and_not_remembered()
    {
        _script.Variables["FAKE_FEED"] = "down";

        var result = _script.Run("-v");

        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.EqualTo(1));
            Assert.That(result.Error, Does.Contain("NU1301").And.Contain("CAKE_PACKAGES"));
            Assert.That(File.Exists(_script.Answer), Is.False);
            Assert.That(_script.Commands, Is.EqualTo(new[] { "restore" }));
        });
    }

    [Test]
    public void Override_asks_no_feed()
    {
        _script.Variables["CAKE_PACKAGES"] = "nuget";

        _script.Run("-v");

        Assert.Multiple(() =>
        {
            Assert.That(_script.Commands, Is.EqualTo(new[] { "build" }));
            Assert.That(_script.Log, Does.Contain("-p:CakePackages=nuget "));
        });
    }

    [Test]
    public void Unknown_override_is_refused()
    {
        _script.Variables["CAKE_PACKAGES"] = "npm";

        Assert.That(_script.Run("-v").Error, Does.Contain("'npm'"));
    }

    [Test]
    public void Failed_build_prints_its_errors_and_is_tried_again()
    {
        _script.Variables["FAKE_ERROR"] = "Program.cs(1,1): error CS1001";
        var failed = _script.Run("-v");
        _script.Variables.Remove("FAKE_ERROR");
        var built = _script.Run("-v");

        Assert.Multiple(() =>
        {
            Assert.That(failed.ExitCode, Is.EqualTo(1));
            Assert.That(failed.Error, Does.Contain("Program.cs(1,1): error CS1001"));
            Assert.That(failed.Out, Is.Empty);
            Assert.That(built.Out, Is.EqualTo("<-v>"));
        });
    }

    [Test]
    public async Task Two_starts_at_once_build_once()
    {
        _script.Variables["FAKE_DELAY"] = "0.5";

        var results = await Task.WhenAll(_script.RunAsync("one"), _script.RunAsync("two"));

        Assert.Multiple(() =>
        {
            Assert.That(results.Select(result => result.Out), Is.EqualTo(new[] { "<one>", "<two>" }));
            Assert.That(_script.Commands, Is.EqualTo(new[] { "restore", "build" }));
        });
    }

    [Test]
    public void Missing_sdk_says_what_to_do()
    {
        _script.Variables["FAKE_SDK"] = "no";

        var result = _script.Run("--target=All");

        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.EqualTo(1));
            Assert.That(result.Error, Does.Contain(".NET SDK 10.0 is missing").And.Contain("--provision"));
        });
    }

    [Test]
    public void Provision_installs_a_missing_sdk()
    {
        _script.Variables["FAKE_SDK"] = "no";
        _script.Variables["FAKE_NETWORK"] = "up";

        var result = _script.Run("--provision");

        Assert.Multiple(() =>
        {
            Assert.That(result.Out, Is.EqualTo("<--provision>"), result.Error);
            Assert.That(File.Exists(Path.Combine(_script.Root, "artifacts", "dotnet-sdk", "dotnet")), Is.True);
        });
    }

    [Test]
    public void Provision_without_network_says_what_to_do()
    {
        _script.Variables["FAKE_SDK"] = "no";

        var result = _script.Run("--provision");

        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.EqualTo(1));
            Assert.That(
                result.Error,
                Does.Contain("cannot fetch https://dot.net/v1/dotnet-install.sh").And.Contain("artifacts/dotnet-sdk")
            );
        });
    }
}
