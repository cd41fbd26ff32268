using System.Text;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Plan.Pruning;
using Gfxbake.Unit.Tests.Formats.Elf;

namespace Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

public sealed class PruneClosureTests
{
    private PlannedImage image = null!;

    [SetUp]
    public void Start() => image = new PlannedImage();

    [TearDown]
    public void Stop() => image.Dispose();

    [Test]
    public void Needed_libraries_are_kept_to_the_end_with_their_links()
    {
        Library("/usr/lib/libb.so.1.0");
        image
            .Image.File("/bin/tool", new ElfBuilder { Needed = ["liba.so.1"], Interpreter = "/lib64/ld.so" }, executable: true)
            .File("/lib64/ld.so", new ElfBuilder { SoName = "ld.so" })
            .File("/usr/lib/liba.so.1", new ElfBuilder { Needed = ["libb.so.1"] })
            .Link("/usr/lib/libb.so.1", "libb.so.1.0");
        image.Trace("/bin/tool");

        Assert.That(
            image.Kept,
            Is.EqualTo("/bin /bin/tool /lib64 /lib64/ld.so /usr /usr/lib /usr/lib/liba.so.1 /usr/lib/libb.so.1 /usr/lib/libb.so.1.0")
        );
        Assert.That(image.Causes("/lib64/ld.so"), Is.EqualTo("Interpreter /bin/tool"));
        Assert.That(image.Causes("/usr/lib/libb.so.1.0"), Is.EqualTo("NeededBy /usr/lib/liba.so.1"));
    }

    [Test]
    public void Library_dlopened_by_name_brings_its_needs()
    {
        Library("/usr/lib/libLLVM.so.21.1");
        Library("/usr/lib/libunused.so");
        image
            .Image.File(
                "/usr/lib/libamdhip64.so.6",
                new ElfBuilder { ReadOnlyData = Encoding.ASCII.GetBytes("\0libamd_comgr.so.3\0libabsent.so.1\0") }
            )
            .File("/usr/lib/libamd_comgr.so.3", new ElfBuilder { Needed = ["libLLVM.so.21.1"] });
        image.Trace("/usr/lib/libamdhip64.so.6");

        Assert.That(image.Causes("/usr/lib/libamd_comgr.so.3"), Is.EqualTo("DlopenedBy /usr/lib/libamdhip64.so.6"));
        Assert.That(image.Causes("/usr/lib/libLLVM.so.21.1"), Is.EqualTo("NeededBy /usr/lib/libamd_comgr.so.3"));
        Assert.That(image.Causes("/usr/lib/libunused.so"), Is.EqualTo("Unreferenced"));
        Assert.That(image.Plan.Problems, Is.Empty);
    }

    [Test]
    public void Names_in_files_that_are_no_programs_do_not_count()
    {
        Library("/usr/lib/liba.so");
        image.Image.Text("/etc/conf", "\0liba.so\0").File("/kernels.co", new ElfBuilder { Machine = 224, Needed = ["liba.so"] });
        image.Trace("/etc/conf").Trace("/kernels.co");

        Assert.That(image.Kept, Is.EqualTo("/etc /etc/conf /kernels.co"));
    }

    [Test]
    public void Circle_of_libraries_still_leads_to_a_root()
    {
        image
            .Image.File("/usr/lib/liba.so", new ElfBuilder { Needed = ["libb.so"] })
            .File("/usr/lib/libb.so", new ElfBuilder { Needed = ["libc.so"] })
            .File("/usr/lib/libc.so", new ElfBuilder { Needed = ["libb.so", "liba.so"] });
        image.Trace("/usr/lib/liba.so");

        Assert.That(image.Causes("/usr/lib/libb.so"), Is.EqualTo("NeededBy /usr/lib/liba.so; NeededBy /usr/lib/libc.so"));
        Assert.That(image.Causes("/usr/lib/liba.so"), Is.EqualTo("Traced run; NeededBy /usr/lib/libc.so"));
    }

    [Test]
    public void Missing_library_is_a_problem_that_names_who_needs_it()
    {
        image
            .Image.File("/bin/a", new ElfBuilder { Needed = ["libgone.so.1"] })
            .File("/bin/b", new ElfBuilder { Needed = ["libgone.so.1"] });
        image.Trace("/bin/a").Trace("/bin/b");

        Assert.That(image.Plan.Problems, Has.Count.EqualTo(1));
        Assert.That(
            image.Plan.Problems[0],
            Does.StartWith("/bin/a and 1 more needs libgone.so.1, which is not in the image where the loader looks")
        );
    }

    [Test]
    public void Library_that_is_loaded_from_elsewhere_satisfies_a_need_by_its_soname()
    {
        image
            .Image.File("/app/plugin.so", new ElfBuilder { Needed = ["libcore.so.1"] })
            .File("/app/private/core", new ElfBuilder { SoName = "libcore.so.1" });
        image.Trace("/app/plugin.so").Trace("/app/private/core");

        Assert.That(image.Plan.Problems, Is.Empty);
    }

    [Test]
    public void Missing_interpreter_is_a_problem()
    {
        image.Image.File("/bin/tool", new ElfBuilder { Interpreter = "/lib64/ld.so" });
        image.Trace("/bin/tool");

        Assert.That(
            image.Plan.Problems,
            Has.Exactly(1).StartsWith("/bin/tool asks for the interpreter /lib64/ld.so, which is not in the image")
        );
    }

    [Test]
    public void Broken_ELF_file_is_a_problem()
    {
        image.Image.File("/bin/tool", new ElfBuilder { Needed = ["liba.so"] }.Build()[..100]);
        image.Trace("/bin/tool");

        Assert.That(image.Plan.Problems, Has.Exactly(1).StartsWith("/bin/tool is kept and is broken ELF"));
    }

    [TestCase("#!/usr/bin/sh\n", "/usr/bin/sh")]
    [TestCase("#! /usr/bin/sh -e\nexit", "/usr/bin/sh")]
    [TestCase("#!/usr/bin/env -S sh -x\n", "/usr/bin/env /usr/bin/sh")]
    public void Interpreter_of_an_executable_script_is_kept(string text, string interpreters)
    {
        image.Image.Text("/start", text, executable: true).Text("/usr/bin/sh", "x").Text("/usr/bin/env", "x").Text("/usr/bin/other", "x");
        image.Trace("/start").Set("PATH", "/bin:/usr/bin");

        Assert.That(image.Kept, Is.EqualTo("/start /usr /usr/bin " + interpreters));
        Assert.That(image.Causes("/usr/bin/sh"), Is.EqualTo("ScriptInterpreter /start"));
    }

    [TestCase(true, 1)]
    [TestCase(false, 0)]
    public void Missing_script_interpreter_is_a_problem_of_executable_scripts(bool executable, int problems)
    {
        image.Image.Text("/convert.py", "#!/usr/bin/python3\n", executable);
        image.Trace("/convert.py");

        Assert.That(image.Plan.Problems, Has.Count.EqualTo(problems));
    }

    [Test]
    public void ORIGIN_is_tried_for_every_directory_through_which_a_library_is_opened()
    {
        Library("/one/libx.so");
        Library("/two/liby.so");
        image
            .Image.File("/real/liba.so", new ElfBuilder { Needed = ["libx.so", "liby.so"], RunPath = "$ORIGIN" })
            .Link("/one/liba.so", "/real/liba.so")
            .Link("/two/liba.so", "/real/liba.so");
        image.Trace("/one/liba.so").Trace("/two/liba.so");

        Assert.That(image.Kept, Does.Contain("/one/libx.so").And.Contain("/two/liby.so"));
    }

    [Test]
    public void LD_LIBRARY_PATH_of_the_image_counts()
    {
        Library("/opt/lib/liba.so");
        image.Image.File("/bin/tool", new ElfBuilder { Needed = ["liba.so"] });
        image.Trace("/bin/tool").Set("LD_LIBRARY_PATH", "/none:/opt/lib");

        Assert.That(image.Causes("/opt/lib/liba.so"), Is.EqualTo("NeededBy /bin/tool"));
    }

    [Test]
    public void Plan_is_the_same_whatever_the_order_of_the_trace()
    {
        string[] names = [.. Enumerable.Range(0, 40).Select(i => $"lib{i}.so")];
        foreach (var (name, i) in names.Select((n, i) => (n, i)))
            image.Image.File("/usr/lib/" + name, new ElfBuilder { Needed = [names[i * 7 % 40], names[(i + 1) % 40]] });

        var random = new Random(7);
        var plans = Enumerable
            .Range(0, 5)
            .Select(_ =>
            {
                var paths = names.Take(10).ToArray();
                random.Shuffle(paths);
                var output = new MemoryStream();
                PrunePlanWriter.Write(
                    PrunePlanner.Plan(
                        new PruneInput
                        {
                            Image = image.Image.FileSystem,
                            CodeTargets = [],
                            Traced =
                            [
                                .. paths.Select(p => new Gfxbake.Formats.Strace.TracedPath(
                                    "/usr/lib/" + p,
                                    Gfxbake.Formats.Strace.AccessOutcome.Found,
                                    ["run"],
                                    []
                                )),
                            ],
                        }
                    ),
                    output
                );
                return Encoding.UTF8.GetString(output.ToArray());
            })
            .ToList();

        Assert.That(plans, Is.All.EqualTo(plans[0]));
    }

    [Test]
    public void First_causes_lead_to_a_root_from_every_kept_path()
    {
        var random = new Random(11);
        for (var i = 0; i < 120; i++)
        {
            string[] needed = [.. Enumerable.Range(0, 3).Select(_ => $"lib{random.Next(120)}.so")];
            image.Image.File(
                $"/usr/lib/lib{i}.so",
                new ElfBuilder { Needed = needed[..2], ReadOnlyData = Encoding.ASCII.GetBytes($"\0{needed[2]}\0") }
            );
        }

        image.Trace("/usr/lib/lib3.so").Keep("/usr/lib/lib5.so");
        var entries = image.Plan.Entries.ToDictionary(e => e.Path);
        Assert.That(image.Plan.Totals.KeptFiles, Is.GreaterThan(60));
        foreach (var entry in image.Plan.Entries.Where(e => e.IsKept))
        {
            var at = entry;
            for (
                var steps = 0;
                at.Causes[0].Reason is not (Reason.Traced or Reason.RecipeKeep or Reason.MountPoint or Reason.LicenceOf);
                steps++
            )
            {
                Assert.That(steps, Is.LessThan(entries.Count), entry.Path);
                at = entries[at.Causes[0].By!];
                Assert.That(at.IsKept, Is.True);
            }
        }
    }

    private void Library(string path) => image.Image.File(path, new ElfBuilder { SoName = path[(path.LastIndexOf('/') + 1)..] });
}
