using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Base;

/// <summary>Where an image came from that everything else is built on.</summary>
/// <param name="Text">"pulled NAME@DIGEST" or "bootstrapped SUITE".</param>
/// <param name="TarSha256">SHA-256 of the bootstrapped tar; null when pulled.</param>
public sealed record BaseOrigin(string Text, string? TarSha256);

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
    public required string? AskedFor { get; init; }

    /// <summary>Pulls or bootstraps it and gives it its name; asks the archive again when told so.</summary>
    [Place]
    public required Func<bool, BaseOrigin> Provide { get; init; }
}

/// <summary>The distribution's bare root file system: from a registry by digest when one answers, else bootstrapped here.</summary>
/// <param name="gather">What only the host knows.</param>
public sealed class BaseStep(Func<BaseInput> gather) : Step<BaseInput, BaseRecord>
{
    public override string Name => "BaseImage";

    public override string RecordOf(BuildPaths paths) => paths.BaseRecord;

    public override BaseInput Gather(Workspace workspace, IEngine engine) => gather();

    public override bool StillThere(BaseInput input, BaseRecord record, IEngine engine) => engine.StillHas(record.ImageId, input.Name);

    public override string? AskedFor(BaseInput input) => input.AskedFor;

    public override BaseRecord Make(BaseInput input, IEngine engine, IReporter reporter, CancellationToken cancellation)
    {
        var origin = input.Provide(input.AskedFor is not null);
        return new BaseRecord
        {
            Inputs = [],
            Image = input.Name,
            ImageId =
                engine.ImageId(input.Name)
                ?? throw new StepException($"image {input.Name} is not there after it was built; look at the engine's storage"),
            Origin = origin.Text,
            TarSha256 = origin.TarSha256,
        };
    }
}
