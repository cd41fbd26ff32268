using System.Text;
using Gfxbake.Formats.Elf;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Plan.Pruning;
using Gfxbake.Recipes.Model;
using Gfxbake.Unit.Tests.Formats.Elf;

namespace Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

/// <summary>A stand-in that answers, for a library that a program opens and asks by names, as HIP does with comgr.</summary>
public sealed class AnsweringStandInTests
{
    private const string Runtime = "/usr/lib/libruntime.so.6",
        Helper = "/usr/lib/libhelper.so.3",
        Compiler = "/usr/lib/libLLVM.so.22",
        Zip = "/usr/lib/libzstd.so.1";

    private static readonly StandInRule Rule = new()
    {
        Library = "libhelper.so.*",
        Why = "the runtime asks for little",
        Next = "ask for less",
        For = ["libruntime.so.*"],
        Answers = new StandInAnswers
        {
            From = "helper",
            Library = "libhelper.so.3",
            Asks = "helper_",
            Device = "still",
            Command = ["ask"],
            Expect = "there",
            RealVariable = "REAL",
            RecordVariable = "RECORD",
        },
        Source = "the test",
        Read = "2026-11-29",
    };

    [Test]
    public void What_the_library_needed_goes_and_what_the_stand_in_needs_stays()
    {
        using var image = Image();

        Assert.That(image.Plan.Problems, Is.Empty);
        Assert.That(image[Helper].Action, Is.EqualTo(PlanAction.StandIn));
        Assert.That(image[Compiler].IsKept, Is.False);
        Assert.That(image.Causes(Compiler), Does.StartWith("StandIn"));
        Assert.That(image.Causes(Zip), Is.EqualTo($"NeededBy {Helper}"));
    }

    [Test]
    public void Plan_says_what_it_has()
    {
        using var image = Image();

        var standIn = image[Helper].StandIn!;
        Assert.That(standIn.Content, Is.EqualTo("2 functions and 5 recorded answers"));
        Assert.That(standIn.For, Is.EqualTo(new[] { Runtime }));
        Assert.That((standIn.Size, standIn.Sha256, standIn.Answers), Is.EqualTo((4711L, "digest", 5)));
    }

    [Test]
    public void Function_that_is_asked_for_and_not_there_is_a_problem()
    {
        using var image = Image(asked: "\0helper_\0helper_open\0helper_explode\0helper_open failed\0");

        Assert.That(
            image.Plan.Problems,
            Is.EqualTo(
                new[]
                {
                    $"{Runtime} asks for helper_explode, which the stand-in helper has not; "
                        + "take helper out of the variant's standins, or run with --standins=none",
                }
            )
        );
    }

    [Test]
    public void Another_kept_file_that_names_it_is_a_problem()
    {
        using var image = Image();
        image.Image.File("/usr/lib/libother.so", new ElfBuilder { ReadOnlyData = "\0libhelper.so.3\0"u8.ToArray() });
        image.Trace("/usr/lib/libother.so");

        Assert.That(image.Plan.Problems, Has.One.StartsWith($"/usr/lib/libother.so names in its data {Helper}"));
    }

    [Test]
    public void Nothing_recorded_is_a_problem()
    {
        using var image = Image(made: false);

        Assert.That(
            image.Plan.Problems,
            Is.EqualTo(new[] { "nothing was recorded for the stand-in helper; run --target=RecordAnswers first" })
        );
    }

    private static PlannedImage Image(string asked = "\0helper_open\0", bool made = true)
    {
        var image = new PlannedImage();
        image
            .Image.File("/usr/bin/tool", new ElfBuilder { Needed = ["libruntime.so.6"] }, executable: true)
            .File(Runtime, new ElfBuilder { ReadOnlyData = Encoding.ASCII.GetBytes("\0libhelper.so.3" + asked) })
            .File(Helper, new ElfBuilder { SoName = "libhelper.so.3", Needed = ["libLLVM.so.22"] })
            .File(Compiler, new ElfBuilder())
            .File(Zip, new ElfBuilder());
        foreach (var path in new[] { "/usr/bin/tool", Runtime, Helper, Compiler })
            image.Trace(path);
        image.StandIn("helper", Rule);
        if (made)
        {
            using var library = new MemoryStream(new ElfBuilder { SoName = "libhelper.so.3", Needed = ["libzstd.so.1"] }.Build());
            image.Made("helper", new MadeStandIn(ElfFile.Read(library), ["helper_close", "helper_open"], "digest", 4711, 5));
        }

        return image;
    }
}
