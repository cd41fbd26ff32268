using System.Text;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Recipes.Model;
using Gfxbake.Unit.Tests.Formats.Elf;

namespace Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

/// <summary>Images of which a rule does not hold.</summary>
public sealed class StandInRefusalTests
{
    private const string Advice = "take llvm-of-radv out of the variant's standins, or run with --standins=none";

    [Test]
    public void Without_the_rule_all_of_it_stays()
    {
        using var image = StandInSample.Image(rule: StandInSample.Rule with { Library = "libabsent.so" });

        Assert.That(image[StandInSample.Compiler].Action, Is.EqualTo(PlanAction.Keep));
        Assert.That(image.Causes(StandInSample.Solver), Does.StartWith("Traced run"));
        Assert.That(
            image.Plan.Problems,
            Is.EqualTo(new[] { $"the stand-in llvm-of-radv replaces nothing: no kept file needs a library libabsent.so; {Advice}" })
        );
    }

    [TestCase("needs")]
    [TestCase("names in its data")]
    public void Another_kept_file_that_could_call_it_is_a_problem(string how)
    {
        using var image = StandInSample.Image();
        var other =
            how == "needs"
                ? new ElfBuilder { Needed = ["libLLVM.so.22.1"] }
                : new ElfBuilder { ReadOnlyData = Encoding.ASCII.GetBytes("\0libLLVM.so.22.1\0") };
        image.Image.File("/usr/lib/libother.so", other);
        image.Trace("/usr/lib/libother.so");

        Assert.That(
            image.Plan.Problems,
            Is.EqualTo(
                new[]
                {
                    $"/usr/lib/libother.so {how} {StandInSample.Compiler}, and the stand-in llvm-of-radv is for libvulkan_radeon.so only: "
                        + $"nobody has looked whether others call it; {Advice}",
                }
            )
        );
        Assert.That(image[StandInSample.Compiler].Action, Is.EqualTo(PlanAction.Keep));
    }

    [Test]
    public void Name_in_data_that_a_drop_rule_takes_is_none()
    {
        using var image = StandInSample.Image();
        image.Image.File("/usr/lib/libother.so", new ElfBuilder { ReadOnlyData = Encoding.ASCII.GetBytes("\0libLLVM.so.22.1\0") });
        image.Trace("/usr/lib/libother.so").Drop(StandInSample.Compiler, optional: true);

        Assert.That(image.Plan.Problems, Has.None.Contains("names in its data"));
    }

    [Test]
    public void Import_that_leads_to_it_is_a_problem()
    {
        var rule = StandInSample.Rule with
        {
            RefutedBy = [new StandInRefutation("libuser.so*", ["blas*getrf*", "other"], "these end in the compiler")],
        };
        using var image = StandInSample.Image(rule: rule);
        image
            .Image.File("/usr/lib/libuser.so.1", new ElfBuilder { Symbols = [new("blasSgetrf"), new("blasDgetrf"), new("blasSgemm")] })
            .File("/usr/lib/libunrelated.so", new ElfBuilder { Symbols = [new("blasSgetrf")] });
        image.Trace("/usr/lib/libuser.so.1").Trace("/usr/lib/libunrelated.so");

        Assert.That(
            image.Plan.Problems,
            Is.EqualTo(
                new[]
                {
                    "/usr/lib/libuser.so.1 imports blasDgetrf, blasSgetrf, which refutes the stand-in llvm-of-radv: "
                        + $"these end in the compiler; {Advice}",
                }
            )
        );
    }

    [TestCase("LLVMTable", "LLVM_22.1", "libLLVM.so.22.1", false)]
    [TestCase("plain_table", null, null, false)]
    [TestCase("LLVMTable", "LLVM_22.1", "libLLVM.so.22.1", true)]
    public void Variable_of_it_that_is_taken_is_a_problem(string name, string? version, string? library, bool copied)
    {
        var driver = new ElfBuilder
        {
            Needed = StandInSample.DriverFile.Needed,
            Symbols = [.. StandInSample.DriverFile.Symbols, new(name, version, library, Type: 1) { IsDefined = copied }],
        };
        using var image = StandInSample.Image(driver);

        Assert.That(
            image.Plan.Problems,
            Is.EqualTo(
                new[]
                {
                    $"{StandInSample.Driver} takes data from {StandInSample.Compiler} ({name}), which the rule does not speak of; {Advice}",
                }
            )
        );
    }

    // Without a version nothing tells a copied variable from a program's own.
    [Test]
    public void Variable_that_a_program_has_room_for_is_a_problem()
    {
        var driver = new ElfBuilder
        {
            Interpreter = "/usr/lib/libz.so.1",
            Needed = StandInSample.DriverFile.Needed,
            Symbols = [new("plain_table", Type: 1) { IsDefined = true }],
        };
        using var image = StandInSample.Image(driver);

        Assert.That(image.Plan.Problems, Has.One.Contains("takes data from").And.One.Contains("(plain_table)"));
    }

    [Test]
    public void Library_that_nobody_needs_by_name_has_no_known_functions()
    {
        using var image = StandInSample.Image(driver: new ElfBuilder());

        Assert.That(image.Plan.Problems, Has.One.StartsWith($"{StandInSample.Compiler} is kept, and no kept file needs it by name"));
    }

    [Test]
    public void Name_that_no_compiler_writes_is_a_problem()
    {
        var driver = new ElfBuilder
        {
            Needed = StandInSample.DriverFile.Needed,
            Symbols = [new("LLVM\u001b[2J", "LLVM_22.1", "libLLVM.so.22.1")],
        };
        var compiler = new ElfBuilder { Symbols = [new("LLVM\u001b[2J", "LLVM_22.1") { IsDefined = true }] };
        using var image = StandInSample.Image(driver, compiler);

        Assert.That(
            image.Plan.Problems,
            Has.One.Contains("no stand-in can be made of /usr/lib/libLLVM.so.22.1: 'LLVM\\x1b[2J' is no name that a stand-in can have")
        );
    }

    [Test]
    public void Symbols_that_can_not_be_read_are_a_problem()
    {
        byte[] file = StandInSample.DriverFile;
        for (var i = 0; i + 8 < file.Length; i += 8)
        {
            // DT_SYMTAB, moved out of the file.
            if (BitConverter.ToUInt64(file, i) == 6 && BitConverter.ToUInt64(file, i + 8) > ElfBuilder.Base)
                BitConverter.TryWriteBytes(file.AsSpan(i + 8), 0x7777_0000L);
        }

        using var image = new PlannedImage();
        image
            .Image.File(StandInSample.Driver, file)
            .File(StandInSample.Compiler, StandInSample.CompilerFile)
            .File(StandInSample.Zip, new ElfBuilder());
        image.Trace(StandInSample.Driver).StandIn("llvm-of-radv", StandInSample.Rule);

        Assert.That(
            image.Plan.Problems,
            Has.One.StartsWith($"{StandInSample.Driver} counts for a stand-in, and its symbols can't be read")
        );
    }
}
