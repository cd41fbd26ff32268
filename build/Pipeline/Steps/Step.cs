using Gfxbake.Formats.Files;

namespace Gfxbake.Pipeline.Steps;

/// <summary>
/// Turns inputs into one record. The work sees its input and nothing else, so that what is not fingerprinted can't count.
/// </summary>
/// <typeparam name="TInput">A record; every property says whether the result depends on it.</typeparam>
/// <typeparam name="TRecord">What the step writes down of itself.</typeparam>
public abstract class Step<TInput, TRecord>
    where TInput : class
    where TRecord : StepRecord
{
    /// <summary>The target's name.</summary>
    public abstract string Name { get; }

    /// <summary>The file of the step's record.</summary>
    public abstract string RecordOf(BuildPaths paths);

    /// <summary>What the work gets from outside besides the engine: its code counts as the step's own does.</summary>
    public virtual IReadOnlyList<object> Outside => [];

    /// <summary>Reads what the result depends on: quick, and changes nothing.</summary>
    public abstract TInput Gather(Workspace workspace, IEngine engine);

    /// <summary>Whether what the record speaks of is still there.</summary>
    public virtual bool StillThere(TInput input, TRecord record, IEngine engine) => true;

    /// <summary>What makes the step run although nothing changed and all is there, after "because of"; null when nothing does.</summary>
    public virtual string? AlsoBecauseOf(TInput input, TRecord record) => null;

    /// <summary>What is to be done with a result that is new or unchanged; gives the record as it is then.</summary>
    public virtual TRecord Finish(TInput input, TRecord record, IReporter reporter) => record;

    /// <returns>The record; the runner fills its inputs in.</returns>
    /// <exception cref="StepException">It can't be done.</exception>
    public abstract TRecord Make(TInput input, IEngine engine, IReporter reporter, CancellationToken cancellation);
}

/// <summary>Leaves a step out when its inputs are those of the record that is there and its result is too; else says why it runs.</summary>
public static class StepRunner
{
    private const int MostNamed = 8;

    /// <param name="step">The step.</param>
    /// <param name="workspace">What the run is about.</param>
    /// <param name="engine">For what the step builds and runs.</param>
    /// <param name="reporter">Told whether the step runs, and why.</param>
    /// <param name="code">Digest of the code that the step's work runs, see <see cref="CodeDigest"/>.</param>
    /// <param name="cancellation">Looked at now and then.</param>
    public static void Run<TInput, TRecord>(
        Step<TInput, TRecord> step,
        Workspace workspace,
        IEngine engine,
        IReporter reporter,
        string code,
        CancellationToken cancellation
    )
        where TInput : class
        where TRecord : StepRecord
    {
        var file = step.RecordOf(workspace.Paths);
        var input = step.Gather(workspace, engine);
        var inputs = StepInputs.Of(input);
        inputs.Add("gfxbake", code);
        var old = RecordFile.TryRead<TRecord>(file);
        if (WhyAgain(step, file, old, input, inputs, engine) is not { } reason)
        {
            reporter.Say($"{step.Name}: unchanged ({workspace.Paths.Show(file)})");
            if (step.Finish(input, old!, reporter) is var same && !ReferenceEquals(same, old))
                RecordFile.Write(file, same);
            return;
        }

        reporter.Say($"{step.Name}: {reason}");
        TRecord record;
        try
        {
            record = step.Make(input, engine, reporter, cancellation);
        }
        catch (StepException exception) when (exception.Found is TRecord found)
        {
            RecordFile.Write(file, With(inputs, found));
            throw;
        }

        RecordFile.Write(file, step.Finish(input, With(inputs, record), reporter));
    }

    private static TRecord With<TRecord>(SortedDictionary<string, string> inputs, TRecord record)
        where TRecord : StepRecord
    {
        record.Inputs.Clear();
        foreach (var (name, value) in inputs)
            record.Inputs.Add(name, value);
        return record;
    }

    private static string? WhyAgain<TInput, TRecord>(
        Step<TInput, TRecord> step,
        string file,
        TRecord? old,
        TInput input,
        SortedDictionary<string, string> inputs,
        IEngine engine
    )
        where TInput : class
        where TRecord : StepRecord
    {
        if (old is null)
            return File.Exists(file) ? $"again, because {Path.GetFileName(file)} is damaged or of an older form" : "first run";
        var changed = inputs
            .Where(i => old.Inputs.GetValueOrDefault(i.Key) != i.Value)
            .Select(i => i.Key)
            .Concat(old.Inputs.Keys.Where(k => !inputs.ContainsKey(k)))
            .ToList();
        if (changed.Count > 0)
            return "again, because of: " + Listed(changed);
        if (step.AlsoBecauseOf(input, old) is { } besides)
            return "again, because of " + besides;
        return step.StillThere(input, old, engine) ? null : "again, because its result is gone or was changed";
    }

    /// <summary>A device alone has fifty files: a line that nobody reads to its end.</summary>
    private static string Listed(List<string> names) =>
        names.Count <= MostNamed
            ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(MostNamed))} and {names.Count - MostNamed} more";
}
