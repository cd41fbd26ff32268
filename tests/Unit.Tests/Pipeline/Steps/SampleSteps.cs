using Gfxbake.Pipeline.Answers;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Devices;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Outputs.Compiler;
using Gfxbake.Pipeline.Outputs.Export;
using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Pipeline.Plan.Pruning;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Unit.Tests.Pipeline.Steps;

/// <summary>Every step there is, over one checkout.</summary>
internal static class SampleSteps
{
    public static FakeSupplies Supplies { get; } = new();

    /// <summary>A step without the types of its input and record.</summary>
    /// <param name="Itself">The step.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Outside">What it gets from outside.</param>
    /// <param name="Inputs">What its record would keep.</param>
    public sealed record Sample(
        object Itself,
        string Name,
        IReadOnlyList<object> Outside,
        Func<Workspace, IEngine, SortedDictionary<string, string>> Inputs
    )
    {
        public override string ToString() => Name;
    }

    public static IReadOnlyList<Sample> All { get; } =
    [
        Of(new BaseStep(Supplies)),
        Of(new FullStep(Supplies, Supplies)),
        Of(new KitsStep(Supplies)),
        Of(new TraceStep()),
        Of(new AnswersStep(Supplies)),
        Of(new PlanStep()),
        Of(new MinimalStep()),
        Of(new VerifyStep()),
        Of(new CompilerStep()),
        Of(new ExportStep("SaveImage", "full", ".tar")),
        Of(new ExportStep("SaveImageZst", "full", ".tar.zst")),
        Of(new ExportStep("SaveMinimalImage", "minimal", ".tar")),
        Of(new ExportStep("SaveMinimalImageZst", "minimal", ".tar.zst")),
        Of(new RuntimeStep(Supplies, Supplies)),
        Of(new PackageStep("arch", "ArchPackage", Supplies)),
        Of(new PackageStep("fedora", "FedoraPackage", Supplies)),
    ];

    private static Sample Of<TInput, TRecord>(Step<TInput, TRecord> step)
        where TInput : class
        where TRecord : StepRecord =>
        new(step, step.Name, step.Outside, (workspace, engine) => StepInputs.Of(step.Gather(workspace, engine)));
}
