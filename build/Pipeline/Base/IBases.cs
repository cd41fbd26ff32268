using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Base;

/// <summary>Where an image came from that everything else is built on.</summary>
/// <param name="Text">"pulled NAME@DIGEST" or "bootstrapped SUITE".</param>
/// <param name="TarSha256">SHA-256 of the bootstrapped tar; null when pulled.</param>
public sealed record BaseOrigin(string Text, string? TarSha256);

/// <summary>Brings a distribution's bare root file system into the engine.</summary>
public interface IBases
{
    /// <param name="reference">What is pulled, with a digest; null: nothing.</param>
    /// <param name="bootstrap">What is made where that fails.</param>
    /// <param name="image">Name that the image gets.</param>
    /// <param name="fresh">Whether the archive is asked again although a base was made of it before.</param>
    BaseOrigin Provide(string? reference, Bootstrap? bootstrap, string image, bool fresh = false);
}

/// <summary>Bases as Dockerfiles take them.</summary>
public static class ProvidedBase
{
    /// <summary>Makes a base if it is not there; gives it as a Dockerfile's FROM takes it, and where it came from.</summary>
    public static (string From, BaseOrigin Origin) Use(this IBases bases, IEngine engine, string? reference, Bootstrap made, string image)
    {
        var origin = bases.Provide(reference, made, image);
        return (engine.From(image, Id(engine, image)), origin);
    }

    /// <summary>The id of a base that has just been provided.</summary>
    public static string Id(IEngine engine, string image) =>
        engine.ImageId(image) ?? throw new StepException($"image {image} is not there after it was built; look at the engine's storage");
}

/// <summary>The base of a build, for the Dockerfiles that stand on it.</summary>
/// <param name="Id">As base.json has it.</param>
/// <param name="Name">Its name in this checkout.</param>
/// <param name="Source">What it is made of.</param>
public sealed record BuiltBase(string Id, string Name, BaseSource Source)
{
    public static BuiltBase Of(Workspace workspace) =>
        new(workspace.Need<BaseRecord>(workspace.Paths.BaseRecord, "BaseImage").ImageId, workspace.Image("base"), workspace.Variant.Base);

    /// <summary>What a Dockerfile calls it. If somebody has taken the image from the engine since, it is put there again.</summary>
    public string From(IEngine engine, IBases bases)
    {
        if (engine.ImageId(Id) is null)
            bases.Provide(Source.Image, Source.Bootstrap, Name);
        return engine.From(Name, Id);
    }
}
