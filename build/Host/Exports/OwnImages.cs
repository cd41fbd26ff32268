namespace Gfxbake.Host.Exports;

/// <summary>An image's name in the engine's list.</summary>
/// <param name="Id">The image.</param>
/// <param name="Name">One of its names.</param>
/// <param name="Size">In the engine's words.</param>
internal sealed record ListedImage(string Id, string Name, string Size)
{
    /// <summary>Reads a line "id name size".</summary>
    public static ListedImage Parse(string line) =>
        line.Split(' ', 3) is [var id, var name, .. var rest] ? new(id, name, string.Concat(rest)) : new("", line, "");
}

/// <summary>Tells a checkout's images from those that another checkout of this machine uses as well.</summary>
internal sealed class OwnImages
{
    private readonly HashSet<string> othersRecipes;

    /// <param name="checkout">Its digits.</param>
    /// <param name="listed">All names that the engine knows.</param>
    public OwnImages(string checkout, IEnumerable<ListedImage> listed)
    {
        var images = listed.Select(i => (Image: i, Name: ImageName.Parse(i.Name)!)).Where(i => i.Name is not null).ToList();
        var own = images.Where(i => i.Name.Checkout == checkout).ToList();
        var others = images.Where(i => i.Name.Checkout.Length > 0 && i.Name.Checkout != checkout).ToList();
        HashSet<string> othersIds = [.. others.Select(i => i.Image.Id)];
        othersRecipes = [.. others.Select(i => i.Name.Recipe)];
        var ids = own.Select(i => i.Image.Id).ToHashSet();
        var names = images.Where(i => i.Name.Checkout.Length == 0 && ids.Contains(i.Image.Id) && !othersIds.Contains(i.Image.Id));
        Named = [.. own.Concat(names).OrderBy(i => i.Name.Rank).Select(i => i.Image)];
        Bases = [.. own.Where(i => i.Name.IsBase && !othersIds.Contains(i.Image.Id)).Select(i => i.Image)];
    }

    /// <summary>
    /// Names to remove, an image before those that it is made from: its own, and those by which people find its finished images.
    /// </summary>
    public IReadOnlyList<ListedImage> Named { get; }

    /// <summary>Bases that no other checkout builds on.</summary>
    public IReadOnlyList<ListedImage> Bases { get; }

    /// <summary>Whether no other checkout has images of a recipe, so that one without a name can't be its.</summary>
    public bool IsAlone(string recipe) => !othersRecipes.Contains(recipe);
}
