using Gfxbake.Formats.Text;
using Spectre.Console;

namespace Gfxbake.Host.Exports;

/// <summary>Empties artifacts/ but for what is running.</summary>
internal static class CleanArtifacts
{
    // This program and the SDK that runs it, perhaps for others that wait at the lock; the lock; what git tracks; what podman may need to
    // run the images that are there.
    private static readonly HashSet<string> Stay = new(StringComparer.Ordinal)
    {
        "dotnet",
        "dotnet-sdk",
        "lock",
        "lock.holder",
        ".gitignore",
        "containers.conf",
    };

    private static readonly EnumerationOptions All = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Deletes, says what and how much, and gives what could not be deleted.</summary>
    /// <param name="context">The build.</param>
    /// <param name="dry">Only says.</param>
    public static IEnumerable<string> Run(BuildContext context, bool dry)
    {
        var artifacts = Path.Combine(context.Root, "artifacts");
        if (!Directory.Exists(artifacts))
            yield break;
        foreach (
            var entry in new DirectoryInfo(artifacts)
                .EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 })
                .Where(e => !Stay.Contains(e.Name))
                .OrderBy(e => e.Name, StringComparer.Ordinal)
                .ToList()
        )
        {
            context.Interruption.ThrowIfRequested();
            // A link goes, what it leads to stays.
            var folder = entry is DirectoryInfo { LinkTarget: null } found ? found : null;
            var bytes = folder?.EnumerateFiles("*", All).Sum(f => f.Length) ?? (entry as FileInfo)?.Length ?? 0;
            if (!dry && Delete(entry, folder) is { } problem)
            {
                yield return $"artifacts/{PlainText.Visible(entry.Name)}: {problem}";
            }
            else
            {
                AnsiConsole.WriteLine(
                    $"  {SizeText.Of(bytes), 12}  artifacts/{PlainText.Visible(entry.Name)}{(folder is null ? "" : "/")}"
                );
            }
        }

        if (File.Exists(Path.Combine(artifacts, "containers.conf")))
            AnsiConsole.WriteLine("  artifacts/containers.conf stays: podman needs it to run images here");
    }

    private static string? Delete(FileSystemInfo entry, DirectoryInfo? folder)
    {
        try
        {
            if (folder is not null)
                folder.Delete(recursive: true);
            else
                entry.Delete();
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }
}
