using Cake.Frosting;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Outputs.Compiler;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>The way back from stand-ins that answer: the libraries themselves as a layer, and an image with it.</summary>
[TaskName("CompilerLayer")]
[TaskDescription("Puts back the libraries that stand-ins answer for")]
[IsDependentOn(typeof(VerifyMinimal))]
public sealed class CompilerLayer : StepTask<CompilerInput, CompilerRecord>
{
    protected override Step<CompilerInput, CompilerRecord> Of(BuildContext context) => new CompilerStep();
}
