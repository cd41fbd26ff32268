using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Steps;

/// <summary>What the host itself makes, exports and packages: as a step, but over the whole context.</summary>
public abstract class RecordedTask<TRecord> : StepTask<HostInput, TRecord>
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

    protected abstract TRecord Make(BuildContext context, SortedDictionary<string, string> inputs);

    protected sealed override Step<HostInput, TRecord> Of(BuildContext context) => new Adapter(this, context);

    private protected sealed override Type Code => GetType();

    private sealed class Adapter(RecordedTask<TRecord> task, BuildContext context) : Step<HostInput, TRecord>
    {
        public override string Name => task.NameOf(context);

        public override string RecordOf(BuildPaths paths) => task.RecordOf(paths);

        public override HostInput Gather(Workspace workspace, IEngine engine) => new(new(task.InputsOf(context)));

        public override bool StillThere(HostInput input, TRecord record, IEngine engine) => task.StillThere(context, record);

        public override TRecord Make(HostInput input, IEngine engine, IReporter reporter, CancellationToken cancellation) =>
            task.Make(context, new(input.Inputs, StringComparer.Ordinal));
    }
}

/// <summary>Inputs by name.</summary>
public sealed record HostInput([property: Inputs] Dictionary<string, string> Inputs);
