using System.Reflection;

namespace Gfxbake.Unit.Tests;

/// <summary>Layers and folders: formats know no recipe, recipes know no step, and no two folders need each other.</summary>
public sealed class ArchitectureTests
{
    private static readonly string Build = Path.Combine(RepositoryRoot.Path, "build");

    private static IEnumerable<Assembly> BelowHost =>
        [
            typeof(Gfxbake.Formats.Elf.ElfFile).Assembly,
            typeof(Gfxbake.Recipes.Model.Recipe).Assembly,
            typeof(Gfxbake.Pipeline.Steps.StepRecord).Assembly,
        ];

    [TestCaseSource(nameof(BelowHost))]
    public void Layers_below_host_reference_no_cake_assembly(Assembly layer) =>
        Assert.That(layer.GetReferencedAssemblies().Select(a => a.Name), Has.None.StartsWith("Cake"));

    [TestCaseSource(nameof(BelowHost))]
    public void Layers_below_host_start_no_process(Assembly layer) =>
        Assert.That(layer.GetReferencedAssemblies().Select(a => a.Name), Has.None.EqualTo("System.Diagnostics.Process"));

    [TestCase("Formats")]
    [TestCase("Recipes")]
    [TestCase("Pipeline")]
    public void Folders_need_each_other_in_one_direction_only(string layer) =>
        Assert.That(SourceFolders.Cycles(Path.Combine(Build, layer)), Is.Empty);

    // The context holds the engine, the lock and the arguments, and everything in Host gets it.
    [Test]
    public void Folders_of_host_need_each_other_in_one_direction_only_but_for_the_context() =>
        Assert.That(SourceFolders.Cycles(Path.Combine(Build, "Host"), hub: "Gfxbake.Host"), Is.Empty);

    [TestCase("Formats")]
    [TestCase("Recipes")]
    [TestCase("Pipeline")]
    [TestCase("Host")]
    public void Namespace_is_the_folder(string layer) => Assert.That(SourceFolders.Misplaced(Path.Combine(Build, layer)), Is.Empty);

    [Test]
    public void Circle_of_two_folders_is_found()
    {
        using var folder = new TemporaryTree(
            ("Plan/A.cs", "using Gfxbake.Layer.Trace;\n\nnamespace Gfxbake.Layer.Plan;\n"),
            ("Trace/B.cs", "namespace Gfxbake.Layer.Trace;\n\n_ = Gfxbake.Layer.Plan.A;\n")
        );

        Assert.That(
            SourceFolders.Cycles(folder.Path("Layer")),
            Is.EqualTo(new[] { "Gfxbake.Layer.Plan -> Gfxbake.Layer.Trace -> Gfxbake.Layer.Plan" })
        );
    }

    [Test]
    public void Folder_that_needs_a_folder_inside_it_is_a_circle()
    {
        using var folder = new TemporaryTree(
            ("Plan/A.cs", "using Gfxbake.Layer.Plan.Inner;\n\nnamespace Gfxbake.Layer.Plan;\n"),
            ("Plan/Inner/B.cs", "namespace Gfxbake.Layer.Plan.Inner;\n")
        );

        Assert.That(
            SourceFolders.Cycles(folder.Path("Layer")),
            Has.Count.EqualTo(1),
            "what is inside sees the outer folder's types without a using"
        );
    }

    /// <summary>A folder named Layer with files in it.</summary>
    private sealed class TemporaryTree : IDisposable
    {
        private readonly string root = Directory.CreateTempSubdirectory("gfxbake-layers").FullName;

        public TemporaryTree(params (string Path, string Text)[] files)
        {
            foreach (var (path, text) in files)
            {
                var file = System.IO.Path.Combine(root, "Layer", path);
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
                File.WriteAllText(file, text);
            }
        }

        public string Path(string name) => System.IO.Path.Combine(root, name);

        public void Dispose() => Directory.Delete(root, recursive: true);
    }
}
