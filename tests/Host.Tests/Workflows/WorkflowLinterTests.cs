using Gfxbake.Formats.Files;
using Gfxbake.Host.Tests.Engine;

namespace Gfxbake.Host.Tests.Workflows;

/// <summary>actionlint on the workflows; ./build.sh --target=Test --provision installs it.</summary>
[TestFixture]
[Category(Needs.Linter)]
internal sealed class WorkflowLinterTests
{
    private static readonly string Program = Path.Combine(
        Checkout.RepositoryRoot,
        "artifacts",
        "actionlint",
        "node_modules",
        "@tktco",
        "node-actionlint",
        "bin",
        "node-actionlint.js"
    );

    [OneTimeSetUp]
    public void Find()
    {
        var stamp = Path.Combine(Checkout.RepositoryRoot, "artifacts", "actionlint", "installed");
        Assert.That(
            File.Exists(stamp)
                && File.ReadAllText(stamp) == Fingerprint.OfFolder(Path.Combine(Checkout.RepositoryRoot, "tests", "tools", "actionlint")),
            Is.True,
            "the linter is missing or another than tests/tools/actionlint pins: ./build.sh --target=Test --provision"
        );
    }

    [Test]
    public void Linter_has_nothing_to_say_of_the_workflows()
    {
        var outcome = Lint(WorkflowFile.Folder);

        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Zero, outcome.Output);
            Assert.That(
                outcome.Output,
                Does.Contain($"Checking {WorkflowFile.All.Count} workflow file(s)"),
                "a pattern that finds no file is no error to it"
            );
        });
    }

    // What each mistake is called there; the test fails when the linter stops to look.
    [TestCase("run: .github/free-disk.sh", "run: echo ${{ github.head_ref }}", "potentially untrusted")]
    [TestCase("what: packages", "what: ${{ nothing.at.all }}", "undefined variable \"nothing\"")]
    [TestCase("timeout-minutes: 90", "timeout-minuets: 90", "unexpected key \"timeout-minuets\"")]
    [TestCase("runs-on: ubuntu-24.04", "runs-on: ubuntu-24.05", "label \"ubuntu-24.05\" is unknown")]
    [TestCase("contents: read", "contents: wirte", "\"wirte\" is invalid for permission")]
    [TestCase("\n  pull_request:", "\n  pull_requset:", "unknown Webhook event \"pull_requset\"")]
    [TestCase("    steps:", "    needs: nobody\n    steps:", "needs job \"nobody\" which does not exist")]
    public void Linter_sees_a_mistake(string from, string to, string message)
    {
        var folder = Directory.CreateTempSubdirectory("gfxbake-test-");
        try
        {
            var text = File.ReadAllText(Path.Combine(WorkflowFile.Folder, "build.yml"));
            Assert.That(text, Does.Contain(from));
            File.WriteAllText(Path.Combine(folder.FullName, "wrong.yml"), text.Replace(from, to));

            var outcome = Lint(folder.FullName);

            Assert.That(outcome.Status, Is.EqualTo(1), outcome.Output);
            Assert.That(outcome.Output, Does.Contain(message));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Outcome Lint(string folder) => Command.Run("env", "NO_COLOR=1", "node", Program, Path.Combine(folder, "*.yml"));
}
