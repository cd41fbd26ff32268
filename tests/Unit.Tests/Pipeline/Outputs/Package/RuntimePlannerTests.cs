using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Recipes.Model;
using Gfxbake.Unit.Tests.Formats.Elf;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Package;

public sealed class RuntimePlannerTests
{
    private const string Home = "/usr/lib/tool-gpu";
    private const string Inner = "/usr/lib/tool/inner";

    private SampleRuntime sample = null!;

    [SetUp]
    public void Make() => sample = new SampleRuntime();

    [TearDown]
    public void Remove() => sample.Dispose();

    [Test]
    public void Files_lie_in_the_packages_own_folder_as_in_the_image_and_licences_where_distributions_look() =>
        Assert.That(
            sample
                .Plan()
                .Contents.Select(e => e.Entry.Kind == EntryKind.SymbolicLink ? $"{e.Entry.Path} -> {e.Entry.LinkTarget}" : e.Entry.Path),
            Is.EqualTo(
                new[]
                {
                    Home + "/bin -> usr/bin",
                    Home + "/lib64 -> usr/lib64",
                    Home + "/usr/bin/tool",
                    Home + "/usr/lib/x86_64-linux-gnu/ld.so",
                    Home + "/usr/lib/x86_64-linux-gnu/libc.so.6",
                    Home + "/usr/lib/x86_64-linux-gnu/tool/libtool.so.1 -> libtool.so.1.2",
                    Home + "/usr/lib/x86_64-linux-gnu/tool/libtool.so.1.2",
                    Home + "/usr/lib/x86_64-linux-gnu/tool/plugins/gpu.so",
                    Home + "/usr/lib64/ld.so -> ../lib/x86_64-linux-gnu/ld.so",
                    // Absolute in the image, and somebody may read the text.
                    Home + "/usr/share/tool -> " + Home + "/usr/lib/x86_64-linux-gnu/tool",
                    "/usr/lib/x86_64-linux-gnu/tool/plugins -> ../../tool-gpu/usr/lib/x86_64-linux-gnu/tool/plugins",
                    "/usr/share/licenses/tool-gpu/common-licenses/GPL -> GPL-3",
                    "/usr/share/licenses/tool-gpu/common-licenses/GPL-3",
                    "/usr/share/licenses/tool-gpu/libtool -> tool",
                    "/usr/share/licenses/tool-gpu/tool/copyright",
                }
            )
        );

    [TestCase("/usr/bin/tool", Home + "/usr/bin/tool")]
    [TestCase("/etc/hostname", null, Description = "the host's own is not moved")]
    [TestCase("11.0.0", null)]
    public void Path_of_the_image_has_its_place_in_the_package(string path, string? place) =>
        Assert.That(sample.Plan().PlaceOf(path), Is.EqualTo(place));

    [Test]
    public void Program_gets_the_bundles_loader_and_one_search_path_for_all_libraries() =>
        Assert.That(
            sample.Plan().Patched.Single(e => e.ImagePath == "/usr/bin/tool").Patch,
            Is.EqualTo(
                new LoadPatch(
                    Home + "/usr/lib/x86_64-linux-gnu/ld.so",
                    "$ORIGIN/../lib/x86_64-linux-gnu:$ORIGIN/../lib64:$ORIGIN/../lib/x86_64-linux-gnu/tool"
                )
            )
        );

    // What a stand-in answers for can be put back beside the bundle, and must then win over the stand-in.
    [Test]
    public void Program_looks_first_where_libraries_may_be_put_back() =>
        Assert.That(
            sample.PlanWith("/usr/lib/x86_64-linux-gnu").Patched.Single(e => e.ImagePath == "/usr/bin/tool").Patch!.RPath,
            Does.StartWith("$ORIGIN/../../compiler/usr/lib/x86_64-linux-gnu:$ORIGIN/../lib/x86_64-linux-gnu:")
        );

    [Test]
    public void Library_loses_its_own_search_path_and_others_stay_as_they_are() =>
        Assert.That(
            sample.Plan().PatchList(),
            Does.Contain("/usr/lib/x86_64-linux-gnu/tool/libtool.so.1.2\t-\t-\n").And.Not.Contain("libc.so.6")
        );

    // glibc says "cannot read file data: Is a directory" and looks no further, so a host's library of this name is not taken.
    [Test]
    public void Library_that_could_be_opened_and_is_not_there_is_kept_from_being_found_on_the_host()
    {
        sample.Image.File(
            "/usr/lib/x86_64-linux-gnu/libopener.so",
            new ElfBuilder { ReadOnlyData = "\0librare.so.1\0libc.so.6\0ld-other.so.2\0/opt/x/liblong.so\0"u8.ToArray() }
        );
        var runtime = sample.Plan();

        Assert.That(
            runtime
                .Contents.Where(e => e.Entry.Path.StartsWith(Home + "/absent/", StringComparison.Ordinal))
                .Select(e => (e.Entry.Path, e.Entry.LinkTarget)),
            Is.EqualTo(new[] { (Home + "/absent/liblong.so", "."), (Home + "/absent/librare.so.1", ".") })
        );
        Assert.That(runtime.Patched.Single(e => e.ImagePath == "/usr/bin/tool").Patch!.RPath, Does.EndWith(":$ORIGIN/../../absent"));
    }

    [Test]
    public void Library_that_is_needed_and_not_there_is_a_problem()
    {
        sample.Image.File("/usr/lib/x86_64-linux-gnu/libmore.so", new ElfBuilder { Needed = ["libgone.so.7"] });

        Assert.That(
            sample.Plan,
            Throws
                .TypeOf<PackageException>()
                .With.Message.Contains("/usr/lib/x86_64-linux-gnu/libmore.so needs libgone.so.7, which is not in the bundle")
        );
    }

    [Test]
    public void Library_that_the_host_is_to_give_is_a_problem_too()
    {
        sample.Rules = sample.Rules with { Host = [.. sample.Rules.Host, new RuntimePath("/usr/lib/x86_64-linux-gnu/libc.so.6", "no")] };

        Assert.That(sample.Plan, Throws.TypeOf<PackageException>().With.Message.Contains("needs libc.so.6, which is not in the bundle"));
    }

    [TestCase("/usr/share/gone/**", "packages.host: /usr/share/gone/** fits nothing of the image")]
    [TestCase("/usr/lib/x86_64-linux-gnu/ld.so", "/usr/bin/tool is started by /lib64/ld.so, which is not in the bundle")]
    [TestCase("/usr/bin/*", "/bin/tool is not in the image")]
    [TestCase("/usr/share/common-licenses/GPL-3", "the link /usr/share/common-licenses/GPL -> GPL-3 leads to nothing of the bundle")]
    public void Rule_that_takes_too_much_or_nothing_is_named(string host, string problem)
    {
        sample.Rules = sample.Rules with { Host = [.. sample.Rules.Host, new RuntimePath(host, "a test")] };

        Assert.That(sample.Plan, Throws.TypeOf<PackageException>().With.Message.Contains(problem));
    }

    [Test]
    public void Optional_rules_may_fit_nothing()
    {
        sample.Rules = sample.Rules with
        {
            Host = [.. sample.Rules.Host, new RuntimePath("/gone", "a test", Optional: true)],
            Links = [new RuntimePath("/gone/too", "a test", Optional: true)],
        };

        Assert.That(sample.Plan().Links, Is.Empty);
    }

    [TestCase("/.dockerenv")]
    [TestCase("/dev/console")]
    public void What_an_engine_adds_to_its_export_is_not_in_the_bundle(string path)
    {
        sample.Image.Text(path, "");
        sample.OfEngine.Add(path);

        Assert.That(sample.Plan().Contents.Select(e => e.ImagePath), Has.None.EqualTo(path));
    }

    [Test]
    public void Program_that_is_no_ELF_is_refused()
    {
        sample.Image.Text("/usr/bin/script", "#!/bin/sh\n", executable: true);
        sample.Rules = sample.Rules with { Programs = ["/usr/bin/script"] };

        Assert.That(
            sample.Plan,
            Throws.TypeOf<PackageException>().With.Message.Contains("/usr/bin/script is no program that a loader starts")
        );
    }

    [Test]
    public void Link_out_of_the_image_leads_to_nothing()
    {
        sample.Image.Link("/usr/bin/escape", "../../../../../etc/shadow");

        Assert.That(sample.Plan, Throws.TypeOf<PackageException>().With.Message.Contains("/usr/bin/escape"));
    }

    [Test]
    public void Link_of_the_recipe_that_the_image_lacks_is_a_problem()
    {
        sample.Rules = sample.Rules with { Links = [new RuntimePath("/usr/share/gone", "a test")] };

        Assert.That(
            sample.Plan,
            Throws.TypeOf<PackageException>().With.Message.Contains("packages.links: /usr/share/gone is not in the image")
        );
    }

    [Test]
    public void All_problems_are_told_at_once()
    {
        sample.Rules = sample.Rules with { Programs = ["/a", "/b"], Links = [new RuntimePath("/usr/c", "a test")] };

        Assert.That(
            sample.Plan,
            Throws
                .TypeOf<PackageException>()
                .With.Message.Contains("/a is not")
                .And.Message.Contains("/b is not")
                .And.Message.Contains("/usr/c is not")
        );
    }

    [Test]
    public void Inner_program_is_loaded_like_the_others()
    {
        sample.Image.File(Inner, Program, executable: true);
        sample.Rules = sample.Rules with { InnerPrograms = [new RuntimePath("/usr/lib/tool/*", "the tool starts them")] };

        Assert.That(
            sample.Plan().Patched.Single(e => e.ImagePath == Inner).Patch,
            Is.EqualTo(
                new LoadPatch(
                    Home + "/usr/lib/x86_64-linux-gnu/ld.so",
                    "$ORIGIN/../x86_64-linux-gnu:$ORIGIN/../../lib64:$ORIGIN/../x86_64-linux-gnu/tool"
                )
            )
        );
    }

    [TestCase("/usr/lib/none/*", false, "packages.inner_programs: /usr/lib/none/* fits nothing of the bundle")]
    [TestCase("/usr/share/doc/tool/*", true, "/usr/share/doc/tool/copyright is no program that a loader starts")]
    public void Inner_program_that_is_none_is_a_problem(string path, bool optional, string problem)
    {
        sample.Rules = sample.Rules with { InnerPrograms = [new RuntimePath(path, "a test", optional)] };

        Assert.That(sample.Plan, Throws.TypeOf<PackageException>().With.Message.Contains(problem));
    }

    [Test]
    public void Optional_inner_program_need_not_be_there()
    {
        sample.Rules = sample.Rules with { InnerPrograms = [new RuntimePath("/usr/lib/none/*", "a test", Optional: true)] };

        Assert.That(sample.Plan().Patched.Count(), Is.EqualTo(2));
    }

    [Test]
    public void File_of_the_image_that_a_tree_replaces_stays_beside_it_under_another_name()
    {
        sample.Image.File(Inner, Program, executable: true);
        sample.Rules = sample.Rules with { InnerPrograms = [new RuntimePath(Inner, "the tool starts it")] };
        sample.Trees = [File(Home + Inner, "inner-ordinary"), File("/usr/share/more/x")];
        var runtime = sample.Plan();

        Assert.That(
            runtime.Contents.Where(e => e.Entry.Path.Contains("inner")).Select(e => (e.Entry.Path, e.ImagePath, e.Patch is not null)),
            Is.EqualTo(new[] { (Home + Inner, null, false), (Home + Inner + "-ordinary", Inner, true) })
        );
        Assert.That(runtime.Placed, Is.EqualTo(new[] { "/usr/share/more/x" }), "what lies in no folder of the package's own");
    }

    [Test]
    public void Licence_of_a_tree_lies_in_a_folder_of_the_package()
    {
        sample.Trees = [File("/usr/share/licenses/tool-gpu/more/LICENSE")];

        Assert.That(sample.Plan().Placed, Is.Empty);
    }

    [TestCase(Home + "/usr/bin/gone", "x", "the image has nothing at /usr/lib/tool-gpu/usr/bin/gone that could be called x instead")]
    [TestCase(Home + "/usr/bin/tool", null, "/usr/lib/tool-gpu/usr/bin/tool would be there twice: /usr/bin/tool and a tree of the recipe")]
    [TestCase(
        "/usr/lib/x86_64-linux-gnu/tool/plugins",
        null,
        "/usr/lib/x86_64-linux-gnu/tool/plugins would be there twice: a tree of the recipe and a link of the recipe"
    )]
    [TestCase("/usr/lib/x86_64-linux-gnu/tool/plugins/x", null, "plugins is to be a folder, and is a file or link")]
    [TestCase(Home + "/usr/bin/tool/x", null, Home + "/usr/bin/tool is to be a folder, and is a file or link")]
    public void File_of_a_tree_that_has_no_place_is_a_problem(string path, string? replaced, string problem)
    {
        sample.Trees = [File(path, replaced)];

        Assert.That(sample.Plan, Throws.TypeOf<PackageException>().With.Message.Contains(problem));
    }

    [Test]
    public void Replaced_file_takes_the_place_of_no_other()
    {
        sample.Image.File(Inner, Program, executable: true).Text(Inner + "-ordinary", "taken");
        sample.Trees = [File(Home + Inner, "inner-ordinary")];

        Assert.That(sample.Plan, Throws.TypeOf<PackageException>().With.Message.Contains("inner-ordinary would be there twice"));
    }

    private static ElfBuilder Program => new() { Interpreter = "/lib64/ld.so", Needed = ["libc.so.6"] };

    private static TreeFile File(string path, string? replaced = null) => new(path, 0x1ed, "#!"u8.ToArray(), replaced);
}
