using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>What is no good package becomes none: one clear error, and no file where packages are.</summary>
[TestFixture("podman")]
[Category(Needs.Engine)]
[NonParallelizable]
public sealed class PackageFailureTests(string engine)
{
    private Checkout checkout = null!;

    [OneTimeSetUp]
    public void Build()
    {
        checkout = new Checkout(engine, fixture: "package-sample");
        Succeeds("--target=MinimalImage", "--provision");
    }

    [OneTimeTearDown]
    public void Delete() => checkout.Dispose();

    [SetUp]
    public void Forget()
    {
        foreach (var folder in new[] { "packages", "bundle" }.Select(n => checkout.Artifact(n)).Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
        foreach (var record in new[] { "bundle.json", "package-arch.json", "package-fedora.json" })
            File.Delete(checkout.Artifact(record));
    }

    [TestCase("/usr/lib/sample-private/libown.so.1", "/usr/bin/sample needs libown.so.1, which is not in the bundle")]
    [TestCase("/usr/lib/sample-private/deep/**", "/usr/lib/sample-private/libown.so.1 needs libdeep.so.1, which is not in the bundle")]
    [TestCase("/usr/lib/x86_64-linux-gnu/libc.so.6", "/usr/bin/sample needs libc.so.6, which is not in the bundle")]
    [TestCase(
        "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
        "/usr/bin/sample is started by /lib64/ld-linux-x86-64.so.2, which is not in the bundle"
    )]
    [TestCase(
        "/usr/share/sample/texts/first",
        "the link /usr/share/sample/current -> /usr/share/sample/texts/first leads to nothing of the bundle"
    )]
    [TestCase("/no/such/file", "packages.host: /no/such/file fits nothing of the image")]
    public void Bundle_that_lacks_something_is_not_made(string path, string said)
    {
        using (checkout.Change("  host:\n", $"  host:\n    - {{path: {path}, why: a test takes it away}}\n"))
            Fails(checkout.Run("--target=Packages"), "no package can be made of the image", said);

        Assert.That(File.Exists(checkout.Artifact("bundle.json")) || Directory.Exists(checkout.Artifact("bundle")), Is.False, "a bundle");
    }

    [TestCase("    - path: /usr/lib/x86_64-linux-gnu/sample\n      why: compiled-in place of the plugin\n", "plugin: MISSING")]
    public void Package_whose_program_does_something_else_is_not_published(string rule, string found)
    {
        using (checkout.Change(rule, ""))
        {
            Fails(
                checkout.Run("--target=Packages"),
                "the installed programs do not do what the image's do",
                "finds: ",
                found,
                "set-already: ",
                "arch-installed"
            );
        }

        Assert.That(File.Exists(checkout.Artifact("package-arch.json")), Is.False);
    }

    [Test]
    public void Recipe_without_packages_is_one_clear_error()
    {
        var text = File.ReadAllText(checkout.RecipeFile);
        using (checkout.Change(text[text.IndexOf("packages:\n", StringComparison.Ordinal)..], ""))
            Fails(checkout.Run("--target=Packages"), $"recipes/{checkout.Recipe}/recipe.yml has no key packages", "docs/packages.md");
    }

    [Test]
    public void Unverified_image_becomes_no_package()
    {
        using (checkout.Change("workloads:\n", "keep:\n  - {path: /usr/bin/perl, why: a test wants another image}\nworkloads:\n"))
        {
            Fails(
                checkout.Run("--target=Packages", "--skip-verify"),
                "NOT VERIFIED",
                "the minimal image is not verified, and nothing else becomes a package"
            );
        }
    }

    [Test]
    public void Interrupted_package_leaves_nothing_and_the_next_run_goes_on()
    {
        // The package is built by then and lies beside the finished ones.
        const string step = "RUN bash /gfxbake/arch-install.sh";
        InterruptTests.Interrupt(checkout, PosixSignal.SIGINT, ["--target=ArchPackage"], build => build.Output.Contains(step), step);

        Assert.That(Finished(), Is.Empty);
        Succeeds("--target=ArchPackage");
        Assert.That(Finished(), Has.Some.EndsWith(".pkg.tar.zst"));
    }

    private void Succeeds(params string[] arguments)
    {
        var outcome = checkout.Run(arguments);
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
    }

    private void Fails(Outcome outcome, params string[] said) =>
        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Not.Zero, outcome.Output);
            foreach (var text in said)
                Assert.That(outcome.Output, Does.Contain(text));
            Assert.That(Regex.Count(outcome.Output, "(?m)^Error: "), Is.EqualTo(1), outcome.Output);
            Assert.That(outcome.Output, Does.Not.Contain("   at Gfxbake."), "a stack trace is not for people");
            Assert.That(Finished(), Is.Empty);
            Assert.That(checkout.HalfDone(), Is.Empty);
            Assert.That(checkout.ContainersLeft(), Is.Empty);
        });

    /// <summary>Everything below packages/, hidden or not.</summary>
    private List<string> Finished() =>
        Directory.Exists(checkout.Artifact("packages"))
            ? [.. Directory.EnumerateFileSystemEntries(checkout.Artifact("packages"), "*", SearchOption.AllDirectories)]
            : [];
}
