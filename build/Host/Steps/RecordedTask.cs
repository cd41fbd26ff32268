using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Steps;

/// <summary>A task that turns inputs into one record and is left out when the inputs are those of the record that is there.</summary>
public abstract class RecordedTask<TRecord> : FrostingTask<BuildContext>
    where TRecord : StepRecord
{
    /// <summary>What the step is called in what is printed.</summary>
    protected virtual string NameOf(BuildContext context) => GetType().Name;

    /// <summary>The file of the step's record.</summary>
    protected abstract string RecordOf(BuildPaths paths);

    /// <summary>Everything that the result depends on, by a name that a person understands.</summary>
    protected abstract SortedDictionary<string, string> InputsOf(BuildContext context);

    /// <summary>Whether what the record speaks of is still there.</summary>
    protected virtual bool StillThere(BuildContext context, TRecord record) => true;

    /// <summary>What on the command line makes the step run although nothing changed; null when nothing does.</summary>
    protected virtual string? AskedFor(BuildContext context) => null;

    /// <summary>What is to be done with a result that is new or unchanged; gives the record as it is then.</summary>
    protected virtual TRecord Finish(BuildContext context, TRecord record) => record;

    protected abstract TRecord Make(BuildContext context, SortedDictionary<string, string> inputs);

    public sealed override void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            try
            {
                RunStep(context);
            }
            catch (Exception exception) when (DiskFull.Caused(exception) && !context.Interruption.Requested)
            {
                throw DiskFull.Explain(NameOf(context), exception);
            }
            catch (ImageFormatException exception) when (exception.Export == context.Paths.FullTar)
            {
                // Its length is as recorded, so FullImage alone would take it for good.
                throw new CakeException(
                    $"{exception.Message}\nNext: rm {context.Paths.Show(context.Paths.FullTar)}, then run the same command again: FullImage writes it anew."
                );
            }
        });

    private void RunStep(BuildContext context)
    {
        context.Interruption.Lock(context);
        var file = RecordOf(context.Paths);
        var inputs = InputsOf(context);
        var old = RecordFile.TryRead<TRecord>(file);
        if (WhyAgain(context, file, old, inputs) is not { } reason)
        {
            context.Information("{0}: unchanged ({1})", NameOf(context), context.Paths.Show(file));
            if (Finish(context, old!) is var same && !ReferenceEquals(same, old))
                RecordFile.Write(file, same);
            return;
        }

        context.Information("{0}: {1}", NameOf(context), reason);
        var record = Make(context, inputs);
        RecordFile.Write(file, Finish(context, record));
    }

    private string? WhyAgain(BuildContext context, string file, TRecord? old, SortedDictionary<string, string> inputs)
    {
        if (old is null)
            return File.Exists(file) ? $"again, because {Path.GetFileName(file)} is damaged or of an older form" : "first run";
        var changed = inputs
            .Where(i => old.Inputs.GetValueOrDefault(i.Key) != i.Value)
            .Select(i => i.Key)
            .Concat(old.Inputs.Keys.Where(k => !inputs.ContainsKey(k)))
            .ToList();
        if (changed.Count > 0)
            return "again, because of: " + string.Join(", ", changed);
        if (AskedFor(context) is { } asked)
            return "again, because of " + asked;
        return StillThere(context, old) ? null : "again, because its result is gone or was changed";
    }
}
