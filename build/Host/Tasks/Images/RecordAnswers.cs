using Cake.Frosting;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Answers;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>Makes the stand-ins that answer, and records their answers with the real libraries.</summary>
[TaskName("RecordAnswers")]
[TaskDescription("Records what libraries answer that a stand-in replaces")]
[IsDependentOn(typeof(FullImage))]
[IsDependentOn(typeof(DeviceKits))]
public sealed class RecordAnswers : StepTask<AnswersInput, AnswersRecord>
{
    /// <summary>What was recorded stays for the next run that wants it.</summary>
    public override bool ShouldRun(BuildContext context) => context.StandIns.Values.Any(s => s.Answers is not null);

    protected override Step<AnswersInput, AnswersRecord> Of(BuildContext context) => new AnswersStep(new Bases(context));
}
