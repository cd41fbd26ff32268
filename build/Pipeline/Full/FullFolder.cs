using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Full;

/// <summary>
/// The folder that the full image's Dockerfile gets: the recipe's files, the shared scripts, and for a variant that is compiled the source
/// and how to compile it.
/// </summary>
public sealed record FullFolder
{
    /// <summary>The file that makes apt choose locked versions, or ask the archive again.</summary>
    public const string Preferences = "apt-preferences";

    public required BuildPaths Paths { get; init; }

    /// <summary>The Dockerfile's own path from the top of the repository.</summary>
    public required string Template { get; init; }

    /// <summary>Its text with the recipe's metadata.</summary>
    public required string Dockerfile { get; init; }

    /// <summary>Build arguments, but for the base and the number of jobs.</summary>
    public required IReadOnlyDictionary<string, string> Arguments { get; init; }

    /// <summary>What Dockerfiles share; each copies what it needs, so that another script makes no layer anew.</summary>
    public required IReadOnlyList<string> Scripts { get; init; }

    public required VersionLock? Lock { get; init; }

    /// <summary>The state of the archive that this build asks for: now, or what an earlier build asked for.</summary>
    public required string? ArchiveAsOf { get; init; }

    public required IReadOnlyDictionary<string, Archive> Archives { get; init; }

    public required PackageSet? Packages { get; init; }

    public required IReadOnlyList<FullSource> Sources { get; init; }

    /// <summary>The words that follow cmake -S /src -B /build.</summary>
    public required IReadOnlyList<string> CMake { get; init; }

    /// <summary>The tag or commit that is compiled; null when packages give the version.</summary>
    public string? Version => Sources.Count == 0 ? null : Sources[0].State.Version;

    /// <param name="workspace">The build.</param>
    /// <param name="sources">Looks at local checkouts.</param>
    public static FullFolder Of(Workspace workspace, ISources sources)
    {
        var (paths, variant, asked) = (workspace.Paths, workspace.Variant, workspace.Asked.Value);
        var found = variant.Sources.Select(s => FullSource.Of(s, asked, sources)).ToList();
        return new()
        {
            Paths = paths,
            Template = variant.Dockerfile,
            Dockerfile = Dockerfiles.WithMetadata(
                File.ReadAllText(Path.Combine(paths.Root, variant.Dockerfile)),
                workspace.Recipe.Image,
                ImageLabels.Environment(workspace),
                ImageLabels.Of(workspace, "full", null)
            ),
            Arguments = ArgumentsOf(workspace, found),
            Scripts = [.. Directory.EnumerateFiles(paths.Docker, "*.sh").Order(StringComparer.Ordinal)],
            Lock = LockedVersions.Of(paths, asked.Refresh, asked.UpdateLock, LockedVersions.Newer(workspace.Command)),
            ArchiveAsOf = asked.Refresh
                ? DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture)
                : RecordFile.TryRead<FullRecord>(paths.FullRecord)?.ArchiveAsOf,
            Archives = variant.Archives,
            Packages = variant.Packages,
            Sources = found,
            CMake = asked.CMake,
        };
    }

    /// <summary>Everything that the image depends on besides the base.</summary>
    public IEnumerable<KeyValuePair<string, string>> Inputs()
    {
        yield return new(Template, Fingerprint.OfFile(Path.Combine(Paths.Root, Template)));
        yield return new("Dockerfile with metadata", Fingerprint.Of(Dockerfile));
        yield return new("args of the variant", Fingerprint.Of(Arguments));
        yield return new("files of the recipe", Fingerprint.OfFolder(Paths.RecipeFiles));
        foreach (var script in Scripts)
            yield return new(Paths.Show(script), Fingerprint.OfFile(script));
        if (Lock is not null)
            yield return new(FullStep.LockInput, Fingerprint.Of(Lock.Text));
        foreach (var (file, archive) in Archives)
            yield return new("archive " + file, archive.Sha256);
        if (Packages is not null)
            yield return new("packages of " + Packages.Lock, Fingerprint.Of(Packages.Files));
        if (Sources.Count == 0)
            yield break;
        yield return new("CMake options", Fingerprint.Of(CMake));
        foreach (var (i, source) in Sources.Index())
        {
            yield return new(i == 0 ? "source" : "source " + source.Code.Name, source.State.Digest);
            foreach (var patch in source.Patches)
                yield return new(Paths.Show(patch) + (i == 0 ? "" : " of " + source.Code.Name), Fingerprint.OfFile(patch));
        }
    }

    /// <param name="folder">What is filled anew.</param>
    /// <param name="sources">Brings what the repository does not hold.</param>
    public void Write(string folder, ISources sources)
    {
        Folders.Empty(folder);
        AtomicFile.WriteText(Path.Combine(folder, "Dockerfile"), Dockerfile);
        foreach (var file in Fingerprint.FilesOf(Paths.RecipeFiles))
            File.Copy(Path.Combine(Paths.RecipeFiles, file), Path.Combine(folder, file));
        foreach (var (file, archive) in Archives)
            HardLink.OrCopy(sources.Get(archive), NewFile(folder, file, "an archive; rename one of them"));
        foreach (var package in Packages?.Files ?? [])
        {
            Directory.CreateDirectory(Path.Combine(folder, "packages"));
            HardLink.OrCopy(sources.Get(package.Archive), Path.Combine(folder, "packages", package.Name));
        }

        foreach (var script in Scripts)
        {
            var taken = $"{Paths.Show(script)}, which every Dockerfile may COPY; rename the recipe's file";
            File.Copy(script, NewFile(folder, Path.GetFileName(script), taken));
        }

        AtomicFile.WriteText(Path.Combine(folder, Preferences), Explanation() + Lock?.AptPreferences());
        if (Sources.Count == 0)
            return;
        AtomicFile.WriteText(Path.Combine(folder, "cmake-options"), string.Join('\n', CMake) + "\n");
        // Beside the program, not in it: what COPY source takes is the program alone.
        foreach (var (i, source) in Sources.Index())
        {
            var to = i == 0 ? Path.Combine(folder, "source") : Path.Combine(folder, "sources", source.Code.Name);
            sources.Put(source.Code, source.Local, to);
        }
    }

    private static Dictionary<string, string> ArgumentsOf(Workspace workspace, List<FullSource> sources)
    {
        var args = new Dictionary<string, string>(workspace.Variant.Args);
        if (workspace.Variant.Source is not { } code)
            return args;
        args["CODE_TARGET"] = workspace.Variant.CodeTarget;
        args["PACKAGE_NAME"] = code.Name;
        args["PACKAGE_VERSION"] = sources[0].State.Version;
        args["LICENCE"] = workspace.Recipe.License;
        return args;
    }

    private string NewFile(string folder, string name, string taken) =>
        File.Exists(Path.Combine(folder, name))
            ? throw new StepException($"{Paths.Show(Path.Combine(Paths.RecipeFiles, name))} has the name of {taken}")
            : Path.Combine(folder, name);

    /// <summary>Another text for another state of the archive: an engine then takes no layer of an older state out of its cache.</summary>
    private string Explanation() =>
        ArchiveAsOf is { } time ? $"Explanation: the archive as of {time}\nPackage: gfxbake\nPin: version *\nPin-Priority: 1\n\n" : "";
}
