using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Devices;

/// <summary>A file of this machine that belongs to a device.</summary>
/// <param name="Name">Its path in the kit.</param>
/// <param name="Source">Where it lies.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Changed">When it was changed.</param>
public sealed record InstalledFile(string Name, string Source, long Bytes, DateTime Changed);

/// <summary>What this machine has of a device.</summary>
/// <param name="Files">All that it consists of; empty when it is not there.</param>
/// <param name="Missing">Why it is not there; null when it is.</param>
public sealed record InstalledKit(IReadOnlyList<InstalledFile> Files, string? Missing)
{
    /// <summary>Containers get copies: the folders of this machine hold more than the device.</summary>
    /// <param name="kit">A folder that is not there.</param>
    public void CopyTo(string kit)
    {
        foreach (var file in Files)
        {
            var to = Path.Combine(kit, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file.Source, to, overwrite: true);
        }
    }
}

/// <summary>Looks for the programs of devices on this machine.</summary>
/// <param name="searchPath">PATH.</param>
public sealed class InstalledSearch(string? searchPath)
{
    /// <param name="device">For the recipe's GPU.</param>
    public InstalledKit Find(Device device)
    {
        string? missing = null;
        foreach (var program in device.Installed!.Programs)
        {
            foreach (var file in program.Places.SelectMany(Places).Where(File.Exists))
            {
                // A link in /usr/bin leads to where the rest lies too.
                var real = new FileInfo(file).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file;
                var prefix = Path.GetDirectoryName(Path.GetDirectoryName(real));
                if (prefix is null)
                    continue;
                var files = device.Installed.Files.Select(f => (Wanted: f, Name: One(prefix, f))).ToList();
                if (files.FirstOrDefault(f => f.Name is null).Wanted is { } wanted)
                {
                    missing ??= $"{prefix} lacks {wanted.Replace("|", " or ", StringComparison.Ordinal)}";
                    continue;
                }

                var own = Of(program.Words[0][(device.Folder.Length + 1)..], real);
                return new InstalledKit([own, .. files.Select(f => Of(f.Name!, Path.Combine(prefix, f.Name!)))], null);
            }
        }

        return new InstalledKit(
            [],
            missing ?? $"none of {string.Join(", ", device.Installed.Programs.SelectMany(p => p.Places))} is there"
        );
    }

    private IEnumerable<string> Places(string place) =>
        place.StartsWith('/')
            ? [place]
            : (searchPath ?? "").Split(':').Where(f => f.StartsWith('/')).Select(folder => Path.Combine(folder, place));

    private static string? One(string prefix, string names) => names.Split('|').FirstOrDefault(n => File.Exists(Path.Combine(prefix, n)));

    private static InstalledFile Of(string name, string source)
    {
        var file = new FileInfo(source);
        file = (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
        return new InstalledFile(name, file.FullName, file.Length, file.LastWriteTimeUtc);
    }
}
