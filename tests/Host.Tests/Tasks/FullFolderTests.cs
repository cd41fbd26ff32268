using System.Security.Cryptography;
using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Steps;
using Path = System.IO.Path;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>What the Dockerfile of a compiled variant gets.</summary>
[TestFixture]
internal sealed class FullFolderTests
{
    private SampleBuild build = null!;
    private string source = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        build.Fixture.AddTool("git");
        // No repository: git says so.
        build.Processes.Answer = _ => new ProcessAnswer(128);
        source = Directory.CreateDirectory(build.PathOf("tool")).FullName;
        File.WriteAllText(Path.Combine(source, "CMakeLists.txt"), "project(tool)\n");
        build.AddSource("https://example.org/tool", "v1", new string('0', 40));
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Options_are_one_line_each_with_the_names_filled_in() =>
        Assert.That(OptionsOf(), Is.EqualTo("-GNinja\n-DFAST=OFF\n-DTARGETS=gfx1151;gfx1151\n"));

    [Test]
    public void Switch_changes_and_adds_options() =>
        Assert.That(OptionsOf(("with", "fast")), Is.EqualTo("-GNinja\n-DEXTRA=a b\n-DFAST=ON\n-DTARGETS=gfx1151;gfx1151\n"));

    [Test]
    public void Unknown_switch_is_an_error_that_lists_the_known() =>
        Assert.That(
            () => OptionsOf(("with", "fast,slow")),
            Throws.TypeOf<CakeException>().With.Message.EqualTo("--with=slow: unknown switch; known: fast (recipes/sample/recipe.yml)")
        );

    [Test]
    public void Context_holds_the_script_and_the_source()
    {
        var folder = Write();

        Assert.That(
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)),
            Is.EquivalentTo(new[] { "Dockerfile", "apt-preferences", "compile.sh", "cmake-options", "source/CMakeLists.txt" })
        );
    }

    // The Dockerfiles of packages share a script too.
    [Test]
    public void Context_of_a_variant_that_compiles_nothing_holds_the_script()
    {
        var folder = build.PathOf("context");

        Write(build.Open(), folder);

        Assert.That(
            Directory.EnumerateFiles(folder).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "Dockerfile", "apt-preferences", "compile.sh" })
        );
    }

    [Test]
    public void File_of_the_recipe_with_the_name_of_a_script_is_an_error()
    {
        build.Write("recipes/sample/files/compile.sh", "echo mine\n");

        Assert.That(
            () => Write(),
            Throws.TypeOf<StepException>().With.Message.StartsWith("recipes/sample/files/compile.sh has the name of docker/compile.sh")
        );
    }

    [Test]
    public void Image_says_which_rocr_it_has_and_for_which_kernels()
    {
        var folder = build.PathOf("context");
        build.Write(
            "recipes/_shared/hosts.yml",
            """
            library: libhsa-runtime64.so.1
            rocr:
              - gpus: [gfx1151]
                why: w
                source: s
                read: r
                kernels: [{name: mainline, from: 6.18.4}]
                property: p
                versions: [{from: 7.2.4, to: 7.2.4, with_fix: works, without_fix: unstable}]
            """
        );
        build.Change("version_of: sample", "version_of: sample\n    rocr: {version: 7.2.4}");
        build.Change("  native:", "  native:\n    rocr: {version: 7.2.4}");

        Write(build.Open(), folder);

        Assert.That(
            File.ReadAllText(Path.Combine(folder, "Dockerfile")),
            Does.Contain("\"gfxbake.rocr\"=\"7.2.4\"")
                .And.Contain("\"gfxbake.kernels\"=\"works on mainline 6.18.4 or newer; unstable on older ones\"")
        );
    }

    [Test]
    public void Other_rocr_changes_the_inputs()
    {
        RecordFile.Write(
            build.PathOf("artifacts/sample/debian/base.json"),
            new BaseRecord
            {
                Inputs = [],
                Image = "base",
                ImageId = "base-id",
                Origin = "bootstrapped sid",
            }
        );
        var before = Inputs();
        build.Change("version_of: sample", "version_of: sample\n    rocr: {version: 7.2.4}");

        var after = Inputs();

        Assert.That(
            after.Where(i => before[i.Key] != i.Value).Select(i => i.Key),
            Is.EquivalentTo(new[] { "Dockerfile with metadata", "ROCr" })
        );
    }

    private SortedDictionary<string, string> Inputs()
    {
        var context = build.Open();
        return StepInputs.Of(FullInput.Of(context.Workspace, new Sources(context)));
    }

    [Test]
    public void Build_arguments_name_target_package_and_jobs()
    {
        var context = Open(("jobs", "3"));

        Assert.That(
            Folder(context).Arguments.Append(new("JOBS", context.Workspace.Asked.Value.Jobs)).Select(a => $"{a.Key}={a.Value}"),
            Is.EquivalentTo(new[] { "CODE_TARGET=gfx1151", "JOBS=3", "LICENCE=MIT", "PACKAGE_NAME=tool", "PACKAGE_VERSION=local" })
        );
    }

    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("many")]
    [TestCase("100000")]
    public void Jobs_are_a_number(string jobs) =>
        Assert.That(() => Folder(Open(("jobs", jobs))), Throws.TypeOf<CakeException>().With.Message.Contains($"--jobs is '{jobs}'"));

    [TestCase("source", "tool")]
    [TestCase("with", "fast")]
    [TestCase("jobs", "2")]
    public void Argument_for_compiling_is_an_error_where_nothing_is_compiled(string name, string value) =>
        Assert.That(
            () => Folder(build.Open((name, value))),
            Throws.TypeOf<CakeException>().With.Message.EqualTo($"--{name}: variant debian compiles nothing; variants that do: native")
        );

    [Test]
    public void Changed_option_changes_the_inputs()
    {
        var before = Folder(Open()).Inputs().ToDictionary()["CMake options"];

        Assert.That(Folder(Open(("with", "fast"))).Inputs().ToDictionary()["CMake options"], Is.Not.EqualTo(before));
    }

    [Test]
    public void Inputs_of_a_pinned_source_start_no_process()
    {
        var inputs = Folder(build.Open(("variant", "native"))).Inputs().ToDictionary();

        Assert.That(inputs["source"], Is.EqualTo(new string('0', 40)));
        Assert.That(build.Processes.CommandLines, Is.Empty);
    }

    [Test]
    public void Number_of_jobs_changes_no_input()
    {
        var before = Folder(Open()).Inputs().ToDictionary();

        Assert.That(Folder(Open(("jobs", "7"))).Inputs().ToDictionary(), Is.EqualTo(before));
    }

    [Test]
    public void Further_sources_and_archives_lie_beside_the_program()
    {
        var folder = build.PathOf("context");

        Write(OpenSeveral(("source", source), ("source", "extra=" + build.PathOf("other"))), folder);

        Assert.That(
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)),
            Is.EquivalentTo(
                new[]
                {
                    "Dockerfile",
                    "apt-preferences",
                    "cmake-options",
                    "compile.sh",
                    "go.tar.gz",
                    "rocm.tar.gz",
                    "source/CMakeLists.txt",
                    "sources/extra/go.mod",
                }
            )
        );
        Assert.That(File.ReadAllText(Path.Combine(folder, "go.tar.gz")), Is.EqualTo("go"));
    }

    [Test]
    public void Each_source_and_archive_is_an_input()
    {
        var context = OpenSeveral(("source", source), ("source", "extra=" + build.PathOf("other")));
        var before = Folder(context).Inputs().ToDictionary();
        build.Write("other/go.mod", "module other\n");

        var after = Folder(context).Inputs().ToDictionary();

        Assert.That(before.Keys, Is.SupersetOf(new[] { "source", "source extra", "archive go.tar.gz", "archive rocm.tar.gz" }));
        Assert.That(after.Where(i => before[i.Key] != i.Value).Select(i => i.Key), Is.EqualTo(new[] { "source extra" }));
    }

    [TestCase("extra=nowhere", "--source=extra=nowhere: there is no folder ")]
    [TestCase("third=nowhere", "NAME=DIR can name tool, extra")]
    [TestCase("tool=other", "other has no CMakeLists.txt; name the top folder of the checkout")]
    [TestCase("tool=tool", "--source names a folder of tool twice")]
    public void Folder_that_is_no_source_is_refused(string argument, string message) =>
        Assert.That(
            () => Folder(OpenSeveral(("source", source), ("source", argument))),
            Throws.TypeOf<CakeException>().With.Message.Contains(message)
        );

    [Test]
    public void File_of_the_recipe_with_the_name_of_an_archive_is_an_error()
    {
        build.Write("recipes/sample/files/go.tar.gz", "mine");

        Assert.That(
            () => Write(OpenSeveral(("source", source), ("source", "extra=other")), build.PathOf("context")),
            Throws.TypeOf<StepException>().With.Message.StartsWith("recipes/sample/files/go.tar.gz has the name of an archive")
        );
    }

    [Test]
    public void Locked_packages_lie_in_a_folder_and_are_an_input()
    {
        build.Write("tool.rpm", "rpm");
        var sha256 = Convert.ToHexStringLower(SHA256.HashData("rpm"u8));
        build.Write("recipes/sample/rocm.lock", $"{sha256}  file://{build.PathOf("tool.rpm")}\n");
        build.Change("version_of: sample\n", "version_of: sample\n    packages: {lock: sample/rocm.lock}\n");
        var folder = build.PathOf("context");
        var context = Folder(build.Open());

        context.Write(folder, new Sources(build.Open()));

        Assert.That(File.ReadAllText(Path.Combine(folder, "packages", "tool.rpm")), Is.EqualTo("rpm"));
        Assert.That(context.Inputs().Select(i => i.Key), Does.Contain("packages of sample/rocm.lock"));
    }

    /// <summary>The sample with a variant of two sources and two archives.</summary>
    private BuildContext OpenSeveral(params (string, string)[] arguments)
    {
        build.Write("other/go.mod", "module extra\n");
        string Archive(string name)
        {
            build.Write(name, name);
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(build.PathOf(name))));
            return $"{{url: 'file://{build.PathOf(name)}', sha256: {sha256}}}";
        }

        string Code(string name) => $"{{name: {name}, repository: 'https://example.org/{name}', tag: v1, commit: {new string('0', 40)}}}";

        build.Change(
            "variants:\n",
            $$"""
            sources:
              program: {{Code("tool")}}
              extra: {{Code("extra")}}
            variants:
              several:
                summary: two of each
                base:
                  bootstrap: {suite: sid, source_date_epoch: 1}
                code_target: gfx1151
                dockerfile: docker/full.Dockerfile
                sources: [program, {from: extra, tag: v2}]
                archives:
                  rocm.tar.gz: {{Archive("rocm")}}
                  go.tar.gz: {{Archive("go")}}

            """
        );
        return build.Open([("variant", "several"), .. arguments]);
    }

    private string OptionsOf(params (string, string)[] arguments) => File.ReadAllText(Path.Combine(Write(arguments), "cmake-options"));

    private string Write(params (string, string)[] arguments)
    {
        var folder = build.PathOf("context");
        Write(Open(arguments), folder);
        return folder;
    }

    private static FullFolder Folder(BuildContext context) => FullFolder.Of(context.Workspace, new Sources(context));

    private static void Write(BuildContext context, string folder) => Folder(context).Write(folder, new Sources(context));

    private BuildContext Open(params (string, string)[] arguments) => build.Open([("variant", "native"), ("source", source), .. arguments]);
}
