namespace Gfxbake.Pipeline.Plan;

/// <summary>Somebody asked for a path that the plan, and so the image, does not have.</summary>
public sealed class UnknownPathException(string path, string message) : Exception(message)
{
    public string Path { get; } = path;
}
