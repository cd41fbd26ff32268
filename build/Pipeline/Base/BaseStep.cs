using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Base;

/// <summary>What the base depends on.</summary>
public sealed record BaseInput
{
    [Input("base of the recipe")]
    public required BaseSource Base { get; init; }

    [Input("engine")]
    public required string Engine { get; init; }

    [Place]
    public required string Name { get; init; }

    /// <summary>Whether the archive is asked again although nothing changed.</summary>
    [Place]
    public required bool Refresh { get; init; }
}

/// <summary>The distribution's bare root file system: from a registry by digest when one answers, else bootstrapped here.</summary>
/// <param name="bases">Brings it.</param>
public sealed class BaseStep(IBases bases) : Step<BaseInput, BaseRecord>
{
    public override string Name => "BaseImage";

    public override IReadOnlyList<object> Outside => [bases];

    public override string RecordOf(BuildPaths paths) => paths.BaseRecord;

    public override BaseInput Gather(Workspace workspace, IEngine engine) =>
        new()
        {
            // What images on it get later makes no other base.
            Base = workspace.Variant.Base with
            {
                Trace = null,
                SourceDateEpoch = null,
            },
            Engine = engine.Path,
            Name = workspace.Image("base"),
            Refresh = workspace.Asked.Value.Refresh,
        };

    public override bool StillThere(BaseInput input, BaseRecord record, IEngine engine) => engine.StillHas(record.ImageId, input.Name);

    public override string? AlsoBecauseOf(BaseInput input, BaseRecord record) => input.Refresh ? "--refresh" : null;

    public override BaseRecord Make(BaseInput input, IEngine engine, IReporter reporter, CancellationToken cancellation)
    {
        var origin = bases.Provide(input.Base.Image, input.Base.Bootstrap, input.Name, input.Refresh);
        return new BaseRecord
        {
            Inputs = [],
            Image = input.Name,
            ImageId = ProvidedBase.Id(engine, input.Name),
            Origin = origin.Text,
            TarSha256 = origin.TarSha256,
        };
    }
}
