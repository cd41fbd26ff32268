using Gfxbake.Pipeline.Serving;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Unit.Tests.Pipeline.Serving;

public sealed class ModelFolderTests
{
    private static readonly ModelPreset Preset = new()
    {
        Title = "a",
        Files = ["**/big*.gguf", "**/small*.gguf"],
        Projector = ["mmproj*.gguf"],
        From = "a/b",
        Options = new Dictionary<string, string>(),
        Sources = [],
    };

    private string root = null!;

    [SetUp]
    public void SetUp() => root = Directory.CreateTempSubdirectory("gfxbake-models").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(root, recursive: true);

    [Test]
    public void First_pattern_that_finds_a_file_wins()
    {
        Write("small.gguf");
        Assert.That(Found(), Is.EqualTo(new[] { "small.gguf" }));

        Write("deep/er/big-b.gguf");
        Write("big-a.gguf");
        Assert.That(Found(), Is.EqualTo(new[] { "big-a.gguf", "deep/er/big-b.gguf" }));
    }

    [Test]
    public void Model_in_parts_is_found_by_the_first_of_them()
    {
        Write("big-00001-of-00003.gguf", 10);
        Write("big-00003-of-00003.gguf", 30);

        var model = Models().Single();

        Assert.That(
            model.Parts.Select(p => Path.GetFileName(p)),
            Is.EqualTo(Enumerable.Range(1, 3).Select(n => $"big-0000{n}-of-00003.gguf"))
        );
        Assert.That(model.Missing.Select(p => Path.GetFileName(p)), Is.EqualTo(new[] { "big-00002-of-00003.gguf" }));
        Assert.That(model.Bytes, Is.EqualTo(40));
    }

    [Test]
    public void Only_the_model_s_own_files_get_into_the_container()
    {
        Write("a/big-00001-of-00002.gguf");
        Write("a/big-00002-of-00002.gguf");
        Write("a/mmproj-F16.gguf");
        Write("a/secret");

        var mounted = Models().Single().Mounted();

        Assert.That(mounted.Model, Is.EqualTo("/models/big-00001-of-00002.gguf"));
        Assert.That(mounted.Projector, Is.EqualTo("/models/mmproj-F16.gguf"));
        Assert.That(
            mounted.Mounts,
            Is.EqualTo(
                new[] { "big-00001-of-00002.gguf", "big-00002-of-00002.gguf", "mmproj-F16.gguf" }.Select(n => new Mount(
                    Path.Combine(root, "a", n),
                    $"/models/{n}"
                ))
            )
        );
    }

    [Test]
    public void Link_of_a_cache_is_mounted_under_its_own_name()
    {
        Write("blobs/0123", 5);
        Directory.CreateDirectory(Path.Combine(root, "snapshots"));
        File.CreateSymbolicLink(Path.Combine(root, "snapshots", "big.gguf"), "../blobs/0123");

        var model = Models().Single();

        Assert.That(model.Mounted().Mounts, Is.EqualTo(new[] { new Mount(Path.Combine(root, "blobs/0123"), "/models/big.gguf") }));
        Assert.That(model.Bytes, Is.EqualTo(5));
    }

    [Test]
    public void Folder_that_contains_itself_ends()
    {
        Directory.CreateSymbolicLink(Path.Combine(root, "loop"), root);
        Write("big.gguf");

        Assert.That(Found(), Does.Contain("big.gguf"));
    }

    private List<string> Found() => [.. Models().Select(m => Path.GetRelativePath(root, m.Path))];

    private IReadOnlyList<ModelFiles> Models() => ModelFolder.Find(root, ModelFolder.Files(root), Preset);

    private void Write(string name, int bytes = 1)
    {
        var file = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, new byte[bytes]);
    }
}
