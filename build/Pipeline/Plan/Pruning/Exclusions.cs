using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>The places of mounts: what lies below them is never part of the image.</summary>
internal sealed class Exclusions
{
    private readonly HashSet<string> places = new(StringComparer.Ordinal);

    public Exclusions(ImageFileSystem image, IReadOnlyList<string> destinations)
    {
        foreach (var destination in destinations)
        {
            var path = "/" + string.Join('/', destination.Split('/', StringSplitOptions.RemoveEmptyEntries));
            if (path == "/" || !destination.StartsWith('/') || path.Split('/').Any(c => c is "." or ".."))
                throw new ArgumentException($"the excluded destination '{destination}' is no absolute, normal path below '/'");

            // An engine follows links to the place of a mount: with /var/run -> /run, both names are out.
            places.Add(path);
            places.Add(image.Resolve(path).Target?.Path ?? path);
        }

        places.Remove("/");
    }

    public IEnumerable<string> Places => places.Order(StringComparer.Ordinal);

    /// <summary>The mount that a path lies below, or null; the place of the mount itself is not below it.</summary>
    public string? Covering(string path)
    {
        for (var parent = ImagePath.Parent(path); parent != "/"; parent = ImagePath.Parent(parent))
        {
            if (places.Contains(parent))
            {
                return parent;
            }
        }

        return null;
    }

    public bool CoversOrIs(string path) => places.Contains(path) || Covering(path) is not null;
}
