using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Unit.Tests.Recipes.Reading;

/// <summary>Packages that a variant pins by their digests.</summary>
public sealed class PackageLockTests
{
    private static readonly string Digest = new('a', 64);

    private RecipeFolder folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new RecipeFolder();
        folder.Change("    version_of: sample\n", "    version_of: sample\n    packages: {lock: sample/rocm.lock}\n");
    }

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void Lock_is_read_line_by_line()
    {
        var set = Read($"# ROCm\n\n{Digest}  https://example.org/a/hip-6.4%5e1-2.fc43.x86_64.rpm\n{Digest} file:///srv/b~rc1.rpm\n");

        Assert.That(set.Files.Select(f => f.Name), Is.EqualTo(new[] { "hip-6.4^1-2.fc43.x86_64.rpm", "b~rc1.rpm" }));
        Assert.That(set.Files[1], Is.EqualTo(new LockedPackage("file:///srv/b~rc1.rpm", Digest)));
    }

    [TestCase("DIGEST http://example.org/a.rpm", "recipes/sample/rocm.lock:1: 'DIGEST http://example.org/a.rpm' is no line")]
    [TestCase("DIGEST https://example.org/a%2fb.rpm", "is no line 'SHA-256 address'")]
    [TestCase("DIGEST https://example.org/%2e%2e", "is no line 'SHA-256 address'")]
    [TestCase("DIGEST https://example.org/", "is no line 'SHA-256 address'")]
    [TestCase("abc https://example.org/a.rpm", "is no line 'SHA-256 address'")]
    [TestCase("DIGEST https://example.org/a.rpm extra", "is no line 'SHA-256 address'")]
    [TestCase("DIGEST https://example.org/a.rpm\nDIGEST https://example.org/b/a.rpm", "rocm.lock:2: ")]
    [TestCase("# nothing", "recipes/sample/rocm.lock has 0 packages; 1 to 2000 are allowed")]
    public void Wrong_line_is_named(string text, string message) =>
        Assert.That(
            () => Read(text.Replace("DIGEST", Digest)),
            Throws.TypeOf<RecipeException>().With.Message.Contains(message.Replace("DIGEST", Digest))
        );

    [TestCase("../rocm.lock", "'../rocm.lock' must be a file below recipes/, without '..'")]
    [TestCase("/etc/passwd", "must be a file below recipes/")]
    [TestCase("sample/none.lock", "recipes/sample/none.lock is missing, a link, or larger")]
    public void Lock_elsewhere_is_refused(string path, string message)
    {
        folder.Write(File.ReadAllText(Path.Combine(folder.Root, "sample", "recipe.yml")).Replace("sample/rocm.lock", path));

        Assert.That(() => Read("# nothing"), Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    [Test]
    public void Link_is_no_lock()
    {
        var real = Path.Combine(folder.Root, "real");
        File.WriteAllText(real, $"{Digest} https://example.org/a.rpm\n");
        File.CreateSymbolicLink(Path.Combine(folder.Root, "sample", "rocm.lock"), real);

        Assert.That(
            () => RecipeBook.Open(folder.Root).Read("sample"),
            Throws.TypeOf<RecipeException>().With.Message.Contains("is missing, a link, or larger")
        );
    }

    private PackageSet Read(string text)
    {
        File.WriteAllText(Path.Combine(folder.Root, "sample", "rocm.lock"), text);
        return RecipeBook.Open(folder.Root).Read("sample").Variants["debian"].Packages!;
    }
}
