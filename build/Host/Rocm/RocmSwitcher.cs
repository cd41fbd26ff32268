using Cake.Core;
using Gfxbake.Formats.Rooted;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Switching;

namespace Gfxbake.Host.Rocm;

/// <summary>Switches the ROCm of an Ollama, and takes it back.</summary>
/// <param name="context">The build.</param>
/// <param name="root">The machine's files.</param>
/// <param name="service">Ollama's service; null: nothing is restarted.</param>
public sealed class RocmSwitcher(BuildContext context, string root, OllamaService? service)
{
    private TextWriter Output => context.CommandLine.Output;

    /// <summary>From the command line: only this machine's own service is ever restarted.</summary>
    public static RocmSwitcher Of(BuildContext context)
    {
        var root = context.FromCaller(context.Value(Arguments.Root) ?? "/");
        if (!Directory.Exists(root))
            throw new CakeException($"--{Arguments.Root} names {root}, which is no folder");
        var service = new OllamaService(context, context.Book.Ollama.Service.Unit);
        return new(context, root, root == "/" && service.IsSystemd ? service : null);
    }

    public void Switch(string to)
    {
        Guarded(() =>
        {
            var plan = new SwitchChoice(context, root).Plan(to);
            Say(SwitchText.Lines(plan));
            using var tree = new RootFolder(root);
            if (SwitchLedger.Read(tree) is { } other)
                throw InForce(other);
            if (DryRun.Asked(context))
            {
                Output.WriteLine("Nothing was changed (--dryrun).");
                return;
            }

            using var ledger = SwitchLedger.Open(tree);
            if (ledger.Read() is { } meanwhile)
                throw InForce(meanwhile);
            var run = new SwitchRun(tree, ledger);
            var journal = Apply(run, ledger, plan);
            if (service is null || plan.Environment.Count == 0)
                Tell(plan);
            else
                Prove(run, journal, plan, tree);
            Keep(run, ledger, journal);
            Output.WriteLine("Undo it with ./build.sh --target=RocmRollback.");
        });
    }

    public void Rollback() =>
        Guarded(() =>
        {
            using var tree = new RootFolder(root);
            if (DryRun.Asked(context))
            {
                Say(
                    SwitchLedger.Read(tree) is { } found
                        ? SwitchText.Lines(found).Prepend("It would remove:")
                        : ["There is no switch to undo."]
                );
                Output.WriteLine("Nothing was changed (--dryrun).");
                return;
            }

            var left = SwitchLedger.Undo(tree, Undo);
            if (left is null)
            {
                Output.WriteLine("There is no switch to undo.");
                return;
            }

            Say(left.Select(l => $"Left alone: {l}."));
            service?.Restart();
            Output.WriteLine(left.Count == 0 ? "Everything is as before the switch." : "Everything else is as before the switch.");
            if (service is null)
                Say(Restarts());
        });

    private IReadOnlyList<string> Undo(SwitchRun run, SwitchJournal journal)
    {
        Say(run.Replaced(journal).Select(r => $"Since the switch: {r}. look with RocmMatch before another switch."));
        var edited = run.Edited(journal);
        var force = context.Flag(Arguments.Force);
        if (edited.Count > 0 && !force)
        {
            throw new SwitchException(
                $"these were edited after the switch: {string.Join(", ", edited.Select(e => e.Path))}\n"
                    + $"copy what you want to keep to another name, then run it again with --{Arguments.Force}, which removes them"
            );
        }

        return run.Undo(journal, force);
    }

    private SwitchJournal Apply(SwitchRun run, SwitchLedger ledger, SwitchPlan plan)
    {
        try
        {
            return run.Apply(plan, context.Interruption.Token);
        }
        catch (Exception error) when (error is SwitchException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            throw new CakeException($"{error.Message}\n{Cleared(run, ledger)}", error);
        }
    }

    /// <summary>The disk may have filled up meanwhile; undoing needs no room.</summary>
    private void Keep(SwitchRun run, SwitchLedger ledger, SwitchJournal journal)
    {
        try
        {
            run.Keep(journal);
        }
        catch (RootFolderException error)
        {
            var cleared = Cleared(run, ledger);
            throw new CakeException($"{error.Message}\n{cleared}{(service is null ? "" : $" {Restarted()}.")}", error);
        }
    }

    private static string Cleared(SwitchRun run, SwitchLedger ledger)
    {
        try
        {
            if (ledger.Read() is { } begun)
                run.Undo(begun);
            else
                ledger.Clear(ledger.Times);
            return "Nothing was changed: what had been made is removed again.";
        }
        catch (RootFolderException error)
        {
            return $"What had been made is not all removed again: {error.Message}\nWhen that is mended, RocmRollback removes the rest.";
        }
    }

    private void Prove(SwitchRun run, SwitchJournal journal, SwitchPlan plan, RootFolder tree)
    {
        try
        {
            service!.Restart();
            Say(
                new SwitchHealth(context, service).Check(
                    context.Value(Arguments.HealthModel),
                    root.TrimEnd('/') + (tree.Resolve(plan.Proof) ?? plan.Proof),
                    tree.Resolve(plan.Proof) is { } file ? tree.Look(file)!.Identity.Inode : 0
                )
            );
        }
        catch (Exception error) when (error is CakeException or OperationCanceledException)
        {
            var left = run.Undo(journal);
            var next = context.Interruption.Requested ? "restart Ollama" : Restarted();
            throw new CakeException(
                $"the switch did not pass its health check and was undone ({next}): {error.Message}"
                    + string.Concat(left.Select(l => $"\nLeft alone: {l}.")),
                error
            );
        }
    }

    private string Restarted()
    {
        try
        {
            service!.Restart();
            return "Ollama was restarted";
        }
        catch (CakeException error)
        {
            return error.Message;
        }
    }

    private void Tell(SwitchPlan plan)
    {
        Output.WriteLine("Nothing was restarted, so nothing is proved yet.");
        Say(Restarts());
        Output.WriteLine("Where no systemd starts it:");
        Output.WriteLine($"  {string.Join(' ', plan.Environment.Select(e => $"{e.Key}={ShellText.Quote(e.Value)}"))} ollama serve");
    }

    private IEnumerable<string> Restarts() =>
        new OllamaService(context, context.Book.Ollama.Service.Unit)
            .Commands.Select(c => "  " + c)
            .Prepend(root == "/" ? "Where systemd starts it:" : $"On the machine whose files are in {root}:");

    private static SwitchException InForce(SwitchJournal journal) =>
        new(
            (journal.Stage == SwitchStage.Kept ? $"a switch to {journal.To} is in force" : $"a switch to {journal.To} was interrupted")
                + "; undo it first: ./build.sh --target=RocmRollback"
        );

    private void Say(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Output.WriteLine(line);
    }

    private void Guarded(Action work) =>
        context.Interruption.Guard(() =>
        {
            try
            {
                work();
            }
            catch (Exception error) when (error is SwitchException or RootFolderException)
            {
                throw new CakeException(error.Message, error);
            }
        });
}
