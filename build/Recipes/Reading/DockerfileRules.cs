using System.Text.RegularExpressions;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>Where a variant's Dockerfile lies: in docker/, for all recipes, or in the recipe's own folder.</summary>
internal sealed partial class DockerfileRules(YamlBinder binder, string root, string folder)
{
    /// <summary>The Dockerfile's path from the top of the repository.</summary>
    public string PathOf(Variant variant) => IsShared(variant) ? variant.Dockerfile : $"recipes/{folder}/{variant.Dockerfile}";

    /// <summary>Names only files in those two folders, and no link: what a Dockerfile copies comes into the image.</summary>
    public void Check(string key, Variant variant)
    {
        var name = variant.Dockerfile;
        if (Path.IsPathRooted(name) || name.Split('/').Contains(".."))
        {
            binder.Problem(key, $"'{name}' leaves the repository; name a file below it");
        }
        else if (!Name().IsMatch(name))
        {
            binder.Problem(
                key,
                $"'{name}' is no Dockerfile; write docker/NAME.Dockerfile for a shared one, NAME.Dockerfile for the recipe's own"
            );
        }
        else
        {
            var file = new FileInfo(
                IsShared(variant) ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(root))!, name) : Path.Combine(root, folder, name)
            );
            if (file.LinkTarget is not null)
                binder.Problem(key, $"{PathOf(variant)} is a link; put the file itself there");
            // A shared one is read when it is needed: a recipe can be looked at without the folder docker/.
            else if (!file.Exists && !IsShared(variant))
                binder.Problem(key, $"{PathOf(variant)} is missing; shared ones are named docker/NAME.Dockerfile");
        }
    }

    private static bool IsShared(Variant variant) => variant.Dockerfile.StartsWith("docker/", StringComparison.Ordinal);

    [GeneratedRegex(@"\A(docker/)?([A-Za-z0-9][A-Za-z0-9_-]{0,62}\.)?Dockerfile\z")]
    private static partial Regex Name();
}
