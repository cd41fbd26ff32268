using Gfxbake.Formats.Images;
using Gfxbake.Formats.Packages;
using Gfxbake.Formats.Tar;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Recipes.Shared;

/// <summary>Holds the ROCr of an image against the rule of its GPU: first what the recipe says of it, then the library itself.</summary>
public static class RocrCheck
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>What is wrong with a recipe's words, with what to do about it; null when nothing is.</summary>
    public static string? Problem(HostFacts hosts, string gpu, ShippedRocr? rocr)
    {
        if (rocr is not null && !RocmNumber.IsVersion(rocr.Version))
            return $"'{rocr.Version}' is no version of ROCm's: three numbers, such as 7.2.4";
        if (hosts.RuleOf(gpu) is not { } rule)
            return Excused(rocr, $"no rule of recipes/_shared/hosts.yml is for {gpu}");
        if (rocr is null)
        {
            return $"key 'rocr' is missing: {gpu} does not run with every ROCr, so say which one the image ships, "
                + $"such as rocr: {{version: 7.2.4}}{Source(rule)}";
        }

        if (rule.Of(rocr.Version)?.WithFix == KernelVerdict.Works)
            return Excused(rocr, $"ROCr {rocr.Version} works on {gpu}");
        return rocr.Despite is null ? Refusal(rule, gpu, rocr.Version) : null;
    }

    /// <summary>What is wrong with the libraries of an image, each with its path; none when they are what the recipe says.</summary>
    /// <exception cref="ImageFormatException">The image's package database can't be read.</exception>
    public static IReadOnlyList<string> Problems(
        HostFacts hosts,
        string gpu,
        ShippedRocr rocr,
        ImageFileSystem image,
        PackageDatabase packages
    )
    {
        // Every copy: which one the loader takes is not decided here.
        var copies = image
            .Entries.Where(e => Path.GetFileName(e.Path) == hosts.Library)
            .Select(e => image.Resolve(e.Path).Target)
            .OfType<ImageEntry>()
            .Where(e => e.Kind is EntryKind.File or EntryKind.HardLink)
            .DistinctBy(e => e.Path)
            .ToList();
        if (copies.Count == 0)
            return [$"{hosts.Library} is not in the image, but the recipe says that ROCr {rocr.Version} is"];
        InstalledPackage? OwnerOf(ImageEntry library) =>
            packages.OwnerOf(library.Path) is { } owner ? packages.Packages.FirstOrDefault(p => p.Name == owner) : null;
        return [.. copies.SelectMany(c => Problems(hosts, gpu, rocr, image, c, OwnerOf(c)))];
    }

    /// <summary>A stale excuse would hide the next reason for one.</summary>
    private static string? Excused(ShippedRocr? rocr, string why) =>
        rocr?.Despite is null ? null : $"'despite' excuses nothing: {why}; leave it out";

    private static IEnumerable<string> Problems(
        HostFacts hosts,
        string gpu,
        ShippedRocr rocr,
        ImageFileSystem image,
        ImageEntry library,
        InstalledPackage? owner
    )
    {
        if (owner is not null && RocmNumber.OfPackage(owner.Version) != rocr.Version)
            yield return $"{library.Path} is of package {owner.Name} {owner.Version}, but the recipe says ROCr {rocr.Version}";
        if (rocr.Despite is not null || hosts.RuleOf(gpu) is not { } rule)
            yield break;
        using var content = image.OpenFile(library);
        if (!HasFix(content, rule))
        {
            yield return $"{library.Path} has no text '{rule.Property}', so it is broken on {gpu} with kernels {RocrText.Fixed(rule)}: "
                + $"{rule.Why}{Source(rule)}";
        }
    }

    /// <summary>Whether a ROCr has its half of the fix: it names the kernel's property.</summary>
    public static bool HasFix(Stream library, RocrRule rule) => Holds(library, System.Text.Encoding.ASCII.GetBytes(rule.Property));

    private static string Refusal(RocrRule rule, string gpu, string version)
    {
        var verdict = rule.Of(version) is { } range
            ? $"ROCr {version} is {range.WithFix.ToString().ToLowerInvariant()} on {gpu} with kernels {RocrText.Fixed(rule)}: {rule.Why}"
            : $"of ROCr {version} nobody says whether it works on {gpu}: it is not in the table of recipes/_shared/hosts.yml";
        return $"{verdict}; ship ROCr {RocrText.Working(rule)}, or say in 'despite' why the image is built all the same{Source(rule)}";
    }

    private static string Source(RocrRule rule) => $" ({rule.Source}, read {rule.Read})";

    private static bool Holds(Stream content, ReadOnlySpan<byte> text)
    {
        // What was read before stays in front, so that a text across two chunks is found.
        var buffer = new byte[ChunkBytes + text.Length];
        for (var kept = 0; ; )
        {
            var read = content.ReadAtLeast(buffer.AsSpan(kept), ChunkBytes, throwOnEndOfStream: false);
            var window = buffer.AsSpan(0, kept + read);
            if (window.IndexOf(text) >= 0)
                return true;
            if (read < ChunkBytes)
                return false;
            kept = text.Length - 1;
            window[^kept..].CopyTo(buffer);
        }
    }
}
