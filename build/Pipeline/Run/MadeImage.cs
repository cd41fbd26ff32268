using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Full;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Run;

/// <summary>What Doctor reads of an image that was made here, where there is one.</summary>
public static class MadeImage
{
    /// <summary>Whether it has the recipe's ROCr with its half of the fix; null where there is no image, no ROCr or no rule.</summary>
    /// <param name="tar">The full image's file system.</param>
    /// <param name="hosts">What is known of hosts.</param>
    /// <param name="gpu">The recipe's GPU.</param>
    /// <param name="rocr">What the variant says of its ROCr.</param>
    public static bool? HasFix(string tar, HostFacts hosts, string gpu, ShippedRocr? rocr)
    {
        if (rocr is null || hosts.RuleOf(gpu) is null || !File.Exists(tar))
            return null;
        try
        {
            using var image = ImageFileSystem.Open(tar);
            // Without the recipe's excuse, which says nothing of the library.
            var plain = new ShippedRocr { Version = rocr.Version };
            return RocrCheck.Problems(hosts, gpu, plain, image, ImagePackages.Read(image)).Count == 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ImageFormatException)
        {
            // The export of a build that runs now may be half.
            return null;
        }
    }
}
