using System.Text;
using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Offload;
using Gfxbake.Formats.Strace;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Recipes.Model;
using Gfxbake.Unit.Tests.Formats.Elf;
using Gfxbake.Unit.Tests.Formats.Offload;

namespace Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

public sealed class StandInPlanTests
{
    [Test]
    public void Library_gets_a_stand_in_with_what_is_imported_of_it()
    {
        using var image = StandInSample.Image();

        Assert.That(image.Plan.Problems, Is.Empty);
        var entry = image[StandInSample.Compiler];
        Assert.That(entry.Action, Is.EqualTo(PlanAction.StandIn));
        Assert.That(entry.IsKept, Is.True);
        Assert.That(image.Causes(StandInSample.Compiler), Is.EqualTo("Traced run; NeededBy /usr/lib/libvulkan_radeon.so"));
        Assert.That(
            entry.StandIn,
            Is.EqualTo(
                    new PlanStandIn
                    {
                        Rule = "llvm-of-radv",
                        Why = "the driver has its own compiler",
                        Next = "leave the switch alone",
                        SoName = "libLLVM.so.22.1",
                        For = [StandInSample.Driver],
                        Functions = ["LLVMCreate@@LLVM_22.1", "LLVMDispose@@LLVM_22.1"],
                        Versions = ["LLVM_22.1"],
                    }.Measured()
                )
                .UsingPropertiesComparer()
        );
        var bytes = entry.StandIn!.Write("");
        Assert.That(bytes, Has.Length.EqualTo(entry.StandIn.Size));
        using var stream = new MemoryStream(bytes);
        var stub = ElfFile.Read(stream);
        Assert.That((stub.SoName, stub.Needed.Count), Is.EqualTo(("libLLVM.so.22.1", 0)));
        Assert.That(
            DynamicSymbols.Read(stream, stub).Exports.Select(e => $"{e.Name} {e.Version}"),
            Is.EquivalentTo(new[] { "LLVMCreate LLVM_22.1", "LLVMDispose LLVM_22.1" })
        );
    }

    [Test]
    public void What_the_loader_opened_for_it_alone_goes_and_says_why()
    {
        using var image = StandInSample.Image();

        foreach (var path in new[] { StandInSample.Solver, StandInSample.SolverLink, "/usr/lib/libdeep.so" })
            Assert.That(image.Causes(path), Is.EqualTo($"StandIn {StandInSample.Compiler}"), path);
        Assert.That(image.Causes("/usr/lib/libguess.so"), Is.EqualTo("Unreferenced"));
        Assert.That(image.Causes(StandInSample.Zip), Is.EqualTo($"Traced run; NeededBy {StandInSample.Driver}"));
    }

    [Test]
    public void What_something_else_keeps_stays_and_its_trace_counts()
    {
        using var image = StandInSample.Image();
        image.Image.File("/usr/bin/solve", new ElfBuilder { Needed = ["libz3.so.4"] }, executable: true);
        image.Trace("/usr/bin/solve", AccessOutcome.Found, "other");

        Assert.That(image.Causes(StandInSample.Solver), Is.EqualTo("Traced run; NeededBy /usr/bin/solve"));
        Assert.That(image.Causes(StandInSample.SolverLink), Is.EqualTo("Traced run; NeededBy /usr/bin/solve"));
        Assert.That(image.Causes("/usr/lib/libdeep.so"), Is.EqualTo($"Traced run; NeededBy {StandInSample.Solver}"));
        Assert.That(image.Plan.Problems, Is.Empty);
    }

    [Test]
    public void What_a_rule_or_a_name_in_data_keeps_stays()
    {
        using var image = StandInSample.Image();
        image.Image.File("/usr/bin/opener", new ElfBuilder { ReadOnlyData = Encoding.ASCII.GetBytes("\0libdeep.so\0") }, executable: true);
        image.Trace("/usr/bin/opener").Keep(StandInSample.Solver);

        Assert.That(image.Causes(StandInSample.Solver), Does.StartWith("Traced run; RecipeKeep"));
        Assert.That(image.Causes("/usr/lib/libdeep.so"), Does.StartWith("Traced run; ").And.Contain("DlopenedBy /usr/bin/opener"));
    }

    [Test]
    public void Library_under_a_link_and_another_name_gets_it_once()
    {
        using var image = new PlannedImage();
        image
            .Image.File("/usr/lib/libvulkan_radeon.so", StandInSample.DriverFile)
            .File("/usr/lib/llvm/real", StandInSample.CompilerFile)
            .HardLink("/usr/lib/libLLVM.so.22", "/usr/lib/llvm/real")
            .Link("/usr/lib/libLLVM.so.22.1", "libLLVM.so.22")
            .File(StandInSample.Solver, new ElfBuilder())
            .Link(StandInSample.SolverLink, "libz3.so.4.13")
            .File(StandInSample.Zip, new ElfBuilder());
        image.Trace(StandInSample.Driver).Trace("/usr/lib/libLLVM.so.22.1").Trace(StandInSample.SolverLink);
        image.StandIn("llvm-of-radv", StandInSample.Rule);

        Assert.That(image.Plan.Problems, Is.Empty);
        Assert.That(image.Plan.Entries.Where(e => e.StandIn is not null).Select(e => e.Path), Is.EqualTo(new[] { "/usr/lib/llvm/real" }));
        Assert.That(image["/usr/lib/libLLVM.so.22"].Action, Is.EqualTo(PlanAction.Keep), "it is the same content");
        Assert.That(image.Causes(StandInSample.Solver), Is.EqualTo("StandIn /usr/lib/llvm/real"));
    }

    [Test]
    public void Variable_whose_address_the_rule_lets_be_taken_is_in_the_stand_in()
    {
        var driver = new ElfBuilder
        {
            Needed = StandInSample.DriverFile.Needed,
            Symbols = [.. StandInSample.DriverFile.Symbols, new("LLVMTable", "LLVM_22.1", "libLLVM.so.22.1", Type: 1)],
        };
        var rule = StandInSample.Rule with { Data = [new StandInData(["LLVMTab*"], "nobody reads it")] };
        using var image = StandInSample.Image(driver, rule: rule);

        Assert.That(image.Plan.Problems, Is.Empty);
        Assert.That(image[StandInSample.Compiler].StandIn!.Data, Is.EqualTo(new[] { "LLVMTable@@LLVM_22.1" }));
        Assert.That(image[StandInSample.Compiler].StandIn!.Functions, Has.Count.EqualTo(2));
        Assert.That(
            PlanExplanation.Of(image.Plan, StandInSample.Compiler),
            Does.Contain("with 2 functions that say so and abort, and 1 variable that can't be read (rule llvm-of-radv)")
        );
        using var copied = StandInSample.Image(
            new ElfBuilder
            {
                Needed = driver.Needed,
                Symbols = [new("LLVMTable", "LLVM_22.1", "libLLVM.so.22.1", Type: 1) { IsDefined = true }],
            },
            rule: rule
        );
        Assert.That(copied.Plan.Problems, Has.One.Contains("takes data from"), "a copy is read");
    }

    [Test]
    public void Function_without_a_version_is_in_the_stand_in_where_the_library_has_it()
    {
        var driver = new ElfBuilder
        {
            Needed = StandInSample.DriverFile.Needed,
            Symbols = [new("plain"), new("deflate"), new("LLVMOther")],
        };
        using var image = StandInSample.Image(driver);

        Assert.That(image[StandInSample.Compiler].StandIn!.Functions, Is.EqualTo(new[] { "LLVMOther@@LLVM_22.1", "plain" }));
    }

    [Test]
    public void Kernels_and_gpu_code_of_the_library_go_too()
    {
        using var image = new PlannedImage { Form = OffloadForm.Slim, OffloadRequired = true };
        image
            .Image.File(StandInSample.Driver, StandInSample.DriverFile)
            .File(StandInSample.Compiler, new FatLibraryBuilder { Bundles = [BundleBuilder.For(9000, "gfx900")] })
            .Text("/usr/lib/kernels/k_gfx1100.co", "code")
            .File(StandInSample.Zip, new ElfBuilder());
        image.Trace(StandInSample.Driver).Kernels("libLLVM.so.*", "/usr/lib/kernels/*").StandIn("llvm-of-radv", StandInSample.Rule);

        Assert.That(image.Causes("/usr/lib/kernels/k_gfx1100.co"), Is.EqualTo("LibraryDropped libLLVM.so.*"));
        Assert.That(image[StandInSample.Compiler].Offload, Is.Null);
        Assert.That(image.Plan.Problems, Is.Empty);
    }

    [Test]
    public void Licence_of_the_library_goes_where_nothing_else_of_its_package_stays()
    {
        using var image = StandInSample.Image();
        image
            .Image.Text("/usr/share/doc/libllvm22/copyright", "terms")
            .Text("/usr/share/doc/mesa/copyright", "terms")
            .Text(
                "/var/lib/dpkg/status",
                "Package: libllvm22\nStatus: install ok installed\n\nPackage: mesa\nStatus: install ok installed\n"
            )
            .Text("/var/lib/dpkg/info/libllvm22.list", $"{StandInSample.Compiler}\n/usr/share/doc/libllvm22/copyright\n")
            .Text("/var/lib/dpkg/info/mesa.list", $"{StandInSample.Driver}\n/usr/share/doc/mesa/copyright\n");

        Assert.That(image.Causes("/usr/share/doc/libllvm22/copyright"), Is.EqualTo("Unreferenced"));
        Assert.That(image.Causes("/usr/share/doc/mesa/copyright"), Is.EqualTo("LicenceOf mesa"));
    }

    [Test]
    public void Totals_count_what_stands_in()
    {
        using var image = StandInSample.Image();
        var totals = image.Plan.Totals;
        var (full, kept) = (image.Plan.Entries.Sum(e => e.Size), image.Plan.Entries.Where(e => e.IsKept).Sum(e => e.Size));
        var saved = image[StandInSample.Compiler].Size - image[StandInSample.Compiler].StandIn!.Size;

        Assert.That(totals.KeptBytes, Is.EqualTo(kept - saved));
        Assert.That(totals.KeptBytes + totals.DroppedBytes, Is.EqualTo(full));
    }

    [Test]
    public void Plan_says_it_in_its_file_its_report_and_in_words()
    {
        using var image = StandInSample.Image();
        var plan = image.Plan;
        using var json = new MemoryStream();
        PrunePlanWriter.Write(plan, json);
        json.Position = 0;
        var read = PrunePlanReader.Read(json);
        using var markdown = new StringWriter();
        PlanMarkdown.Write(plan, markdown);
        var size = $"{image[StandInSample.Compiler].StandIn!.Size / 1e3:F1} kB";
        var bytes = image[StandInSample.Solver].Size + image["/usr/lib/libdeep.so"].Size;
        var gone = $"2 files of {bytes / 1e3:F1} kB";

        Assert.That(read, Is.EqualTo(plan).UsingPropertiesComparer());
        Assert.That(
            markdown.ToString(),
            Does.Contain("## Stand-ins for libraries\n")
                .And.Contains(
                    $" | {size} | 2 functions that say so and abort | `{StandInSample.Driver}` | llvm-of-radv "
                        + "| the driver has its own compiler |"
                )
                .And.Contains("\nWith them go 2 files that only they need, ")
        );
        Assert.That(
            PlanExplanation.Of(plan, StandInSample.Compiler),
            Does.Contain($"\n  stand-in     {size} with 2 functions that say so and abort (rule llvm-of-radv)\n")
                .And.Contains("\n  why          the driver has its own compiler\n")
                .And.Contains($"\n  with it go   {gone}; without llvm-of-radv in --standins= they stay\n")
                .And.Contains("  traced in    run\n")
        );
        Assert.That(
            PlanExplanation.Of(plan, StandInSample.SolverLink),
            Does.Contain($"\n  only {StandInSample.Compiler} needs it, and its stand-in does not\n")
                .And.Contains($"\n  stand-in     {size} with 2 functions that say so and abort (rule llvm-of-radv)\n")
                .And.Contains($"\n  with it go   {gone}; without llvm-of-radv in --standins= they stay\n")
        );
    }

    [TestCase("\"action\":\"StandIn\"", "\"action\":\"Keep\"")]
    [TestCase("\"standIn\":{", "\"other\":{")]
    public void Plan_whose_action_does_not_fit_is_refused(string from, string to)
    {
        using var image = StandInSample.Image();
        using var json = new MemoryStream();
        PrunePlanWriter.Write(image.Plan, json);
        var text = Encoding.UTF8.GetString(json.ToArray()).Replace(from, to, StringComparison.Ordinal);

        Assert.That(() => PrunePlanReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text))), Throws.TypeOf<PlanFormatException>());
    }
}
