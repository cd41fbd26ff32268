using Cake.Common;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools.Upstream;
using Gfxbake.Recipes.Pins;
using Spectre.Console;

namespace Gfxbake.Host.Tasks.Ci;

/// <summary>Compares what the recipes pin with what is announced upstream, and pins it on request.</summary>
[TaskName("CheckUpstream")]
[TaskDescription("Compares pins with upstream; --update writes newer ones")]
public sealed class CheckUpstream : FrostingTask<BuildContext>, IDryRun
{
    public override void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            var only = context.HasArgument(Arguments.Recipe) ? context.Argument<string>(Arguments.Recipe) : null;
            var pins = UpstreamPins.Of(context, only);
            if (pins.Count == 0)
                throw new CakeException("no recipe says where newer versions are announced; add 'upstream' to a variant (docs/recipes.md)");
            using var web = new UpstreamWeb(context);
            var survey = new UpstreamSurvey(context, web);
            var findings = pins.Select(survey.Ask).ToList();
            foreach (var line in UpstreamTable.Lines(findings))
                AnsiConsole.WriteLine(line);
            var problems = findings.Select(f => f.Problem).OfType<string>().Distinct().ToList();
            if (context.Flag(Arguments.Update))
            {
                AnsiConsole.WriteLine();
                if (!DryRun.Asked(context))
                    context.Interruption.LockFiles(context);
                problems.AddRange(new PinUpdate(context, survey).Run(findings, DryRun.Asked(context)));
            }

            if (problems.Count > 0)
            {
                throw new CakeException(
                    $"not everything upstream could be asked or taken:\n{string.Join('\n', problems.Select(p => "  " + p))}"
                );
            }
        });
}
