using Gfxbake.Pipeline.Full;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tools;

/// <summary>Code from git and files from the net.</summary>
public sealed class Sources(BuildContext context) : ISources
{
    public LocalSource Look(string folder)
    {
        var tree = SourceTree.Local(context, folder);
        return new(tree.Version, tree.Fingerprint());
    }

    public IReadOnlyList<string> Patches(SourceCode source) => SourcePatches.Of(context, source);

    public void Put(SourceCode source, string? local, string folder)
    {
        (local is null ? SourceTree.Fetched(context, source) : SourceTree.Local(context, local)).CopyTo(folder);
        SourcePatches.Apply(context, source, folder);
    }

    public string Get(Archive archive) => new Downloads(context).Get(archive);
}
