using Cake.CMake;
using Cake.Common;
using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Full;
using Gfxbake.Recipes.Model;
using Names = Gfxbake.Host.Arguments;

namespace Gfxbake.Host.Images;

/// <summary>
/// What the full image's Dockerfile gets: the recipe's files, the shared scripts, and for a variant that is compiled the source and how to
/// compile it.
/// </summary>
public sealed class FullContext
{
    private const string Preferences = "apt-preferences";

    private readonly BuildContext context;
    private readonly SourceTree? source;
    private readonly IReadOnlyList<(SourceCode Code, SourceTree Tree)> sources = [];

    public FullContext(BuildContext context)
    {
        this.context = context;
        ArchiveAsOf = Asked();
        CheckArguments(context);
        sources = [.. context.Variant.Sources.Select(s => (s, SourceTree.Get(context, s)))];
        source = sources.Count == 0 ? null : sources[0].Tree;
    }

    /// <summary>What says how a variant is compiled.</summary>
    public static IReadOnlyList<string> Arguments { get; } = [Names.Source, Names.With, Names.Jobs];

    /// <exception cref="CakeException">The variant compiles nothing, or not like this.</exception>
    public static void CheckArguments(BuildContext context)
    {
        if (context.Flag(Names.Refresh))
            CheckRefresh(context);
        if (context.Variant.Source is { } source)
        {
            _ = (Switches(context, source), Jobs(context), SourceTree.LocalFolders(context));
            return;
        }

        var compiled = context.Recipe.Variants.Where(v => v.Value.Source is not null).Select(v => v.Key).ToList();
        foreach (var name in Arguments.Where(n => context.HasArgument(n)))
        {
            throw new CakeException(
                $"--{name}: variant {context.VariantName} compiles nothing; "
                    + $"{(compiled.Count == 0 ? "no variant of this recipe does" : "variants that do: " + string.Join(", ", compiled))}"
            );
        }
    }

    /// <summary>Everything that the image depends on besides the base.</summary>
    public IEnumerable<KeyValuePair<string, string>> Inputs()
    {
        yield return new(context.Variant.Dockerfile, Fingerprint.OfFile(Path.Combine(context.Root, context.Variant.Dockerfile)));
        yield return new("Dockerfile with metadata", Fingerprint.Of(Dockerfile()));
        yield return new("args of the variant", Fingerprint.Of(context.Variant.Args));
        yield return new("files of the recipe", Fingerprint.OfFolder(context.Paths.RecipeFiles));
        foreach (var script in Scripts())
            yield return new(context.Paths.Show(script), Fingerprint.OfFile(script));
        if (LockedVersions.Of(context) is { } locked)
            yield return new(LockedVersions.Input, Fingerprint.Of(locked.Text));
        foreach (var (file, archive) in context.Variant.Archives)
            yield return new("archive " + file, archive.Sha256);
        if (context.Variant.Packages is { } packages)
            yield return new("packages of " + packages.Lock, Fingerprint.Of(packages.Files));
        if (source is null)
            yield break;
        yield return new("source", source.Fingerprint());
        foreach (var (code, tree) in sources.Skip(1))
            yield return new("source " + code.Name, tree.Fingerprint());
        yield return new("CMake options", Fingerprint.Of(CMake()));
        foreach (var (i, (code, _)) in sources.Index())
        {
            foreach (var patch in SourcePatches.Of(context, code))
                yield return new(context.Paths.Show(patch) + (i == 0 ? "" : " of " + code.Name), Fingerprint.OfFile(patch));
        }
    }

    /// <summary>The state of the archive that this build asks for: now, or what an earlier build asked for.</summary>
    public string? ArchiveAsOf { get; }

    /// <summary>The tag or commit that is compiled; null when packages give the version.</summary>
    public string? Version => source?.Version;

    public void Write(string folder)
    {
        Folders.Empty(folder);
        AtomicFile.WriteText(Path.Combine(folder, "Dockerfile"), Dockerfile());
        foreach (var file in Fingerprint.FilesOf(context.Paths.RecipeFiles))
            File.Copy(Path.Combine(context.Paths.RecipeFiles, file), Path.Combine(folder, file));
        foreach (var (file, archive) in context.Variant.Archives)
            HardLink.OrCopy(new Downloads(context).Get(archive), NewFile(folder, file));
        foreach (var package in context.Variant.Packages?.Files ?? [])
        {
            Directory.CreateDirectory(Path.Combine(folder, "packages"));
            HardLink.OrCopy(new Downloads(context).Get(package.Archive), Path.Combine(folder, "packages", package.Name));
        }

        foreach (var script in Scripts())
            CopyScript(script, Path.Combine(folder, Path.GetFileName(script)));
        AtomicFile.WriteText(Path.Combine(folder, Preferences), Explanation() + LockedVersions.Of(context)?.AptPreferences());
        if (source is null)
            return;
        AtomicFile.WriteText(Path.Combine(folder, "cmake-options"), string.Join('\n', CMake()) + "\n");
        foreach (var (i, (code, tree)) in sources.Index())
        {
            // Beside the program, not in it: what COPY source takes is the program alone.
            var to = i == 0 ? Path.Combine(folder, "source") : Path.Combine(folder, "sources", code.Name);
            tree.CopyTo(to);
            SourcePatches.Apply(context, code, to);
        }
    }

    private string NewFile(string folder, string name) =>
        File.Exists(Path.Combine(folder, name))
            ? throw new CakeException($"recipes/{context.Recipe.Name}/files/{name} has the name of an archive; rename one of them")
            : Path.Combine(folder, name);

    /// <param name="from">The base, as a Dockerfile calls it.</param>
    public IReadOnlyDictionary<string, string> BuildArguments(string from)
    {
        var args = new Dictionary<string, string>(context.Variant.Args) { ["BASE"] = from };
        if (context.Variant.Source is not { } code)
            return args;
        args["CODE_TARGET"] = context.Variant.CodeTarget;
        args["PACKAGE_NAME"] = code.Name;
        args["PACKAGE_VERSION"] = source!.Version;
        args["LICENCE"] = context.Recipe.License;
        args["JOBS"] = Jobs(context);
        return args;
    }

    /// <summary>What the Dockerfiles share; each copies what it needs, so that another script makes no layer anew.</summary>
    private IEnumerable<string> Scripts() => Directory.EnumerateFiles(context.Paths.Docker, "*.sh").Order(StringComparer.Ordinal);

    private void CopyScript(string script, string to)
    {
        if (File.Exists(to))
        {
            throw new CakeException(
                $"recipes/{context.Recipe.Name}/files/{Path.GetFileName(to)} has the name of {context.Paths.Show(script)}, "
                    + "which every Dockerfile may COPY; rename the recipe's file"
            );
        }

        File.Copy(script, to);
    }

    /// <summary>The words that follow cmake -S /src -B /build, which runs in the compile stage.</summary>
    private List<string> CMake()
    {
        var settings = new CMakeSettings
        {
            Generator = context.Variant.Source!.Generator,
            Options = [.. context.Variant.Source.CmakeOptions(context.Recipe, context.Variant, Switches(context, context.Variant.Source))],
        };
        return ["-G" + settings.Generator, .. settings.Options];
    }

    private static List<string> Switches(BuildContext context, SourceCode source)
    {
        var known = source.Switches;
        List<string> names =
        [
            .. (context.Value(Names.With) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        ];
        foreach (var name in names.Where(n => !known.ContainsKey(n)))
        {
            throw new CakeException(
                $"--{Names.With}={name}: unknown switch; known: "
                    + $"{(known.Count == 0 ? "none" : string.Join(", ", known.Keys))} (recipes/{context.Recipe.Name}/recipe.yml)"
            );
        }

        return names;
    }

    private static string Jobs(BuildContext context) => context.Value(Names.Jobs) ?? "";

    /// <summary>Another text for another state of the archive: an engine then takes no layer of an older state out of its cache.</summary>
    private string Explanation() =>
        ArchiveAsOf is { } time ? $"Explanation: the archive as of {time}\nPackage: gfxbake\nPin: version *\nPin-Priority: 1\n\n" : "";

    private string? Asked() =>
        context.Flag(Names.Refresh)
            ? DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture)
            : RecordFile.TryRead<FullRecord>(context.Paths.FullRecord)?.ArchiveAsOf;

    private static void CheckRefresh(BuildContext context)
    {
        _ = LockedVersions.Of(context);
        if (!File.ReadAllText(Path.Combine(context.Root, context.Variant.Dockerfile)).Contains(Preferences, StringComparison.Ordinal))
        {
            throw new CakeException(
                $"--{Names.Refresh}: {context.Variant.Dockerfile} does not COPY {Preferences} before it asks the archive, "
                    + "so the engine would answer from its cache; docs/updating.md shows the line"
            );
        }
    }

    private string Dockerfile() =>
        Dockerfiles.WithMetadata(
            File.ReadAllText(Path.Combine(context.Root, context.Variant.Dockerfile)),
            context.Recipe.Image,
            ImageLabels.Environment(context.Workspace),
            ImageLabels.Of(context.Workspace, "full", null)
        );
}
