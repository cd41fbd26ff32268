using System.Text.Json;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Rocm;
using Gfxbake.Pipeline.Downgrade;

namespace Gfxbake.Host.Tasks.Rocm;

/// <summary>How the machine's package manager would go back to an older ROCm. It changes nothing and takes no lock.</summary>
[TaskName("RocmDowngradePlan")]
[TaskDescription("Plans an older ROCm from packages: --back-to=6.4")]
public sealed class RocmDowngradePlan : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context)
    {
        var root = context.FromCaller(context.Value(Arguments.Root) ?? "/");
        if (!Directory.Exists(root))
            throw new CakeException($"--{Arguments.Root} names {root}, which is no folder");
        DowngradePlan plan;
        try
        {
            var facts = context.Book.PackageManagers;
            var manager = DowngradePlanner.ManagerOf(facts, root);
            plan = DowngradePlanner.Of(facts, manager, root, context.Value(Arguments.BackTo), words => ReadingTool.Run(context, words));
        }
        catch (DowngradeException error)
        {
            throw new CakeException($"{error.Message}; for instance ./build.sh --target=RocmDowngradePlan --back-to=6.4 --root=/");
        }

        var text = context.Flag(Arguments.Json)
            ? JsonSerializer.Serialize(plan, RecordFile.Options)
            : string.Join('\n', DowngradeText.Lines(plan));
        // Spectre's console would break the lines, also those to copy.
        context.CommandLine.Output.WriteLine(text);
        if (!plan.CanBeDone)
            throw new CakeException(DowngradeText.Verdict(plan));
    }
}
