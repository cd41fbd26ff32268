using Cake.Common;
using Cake.Core;
using Gfxbake.Core.Offload;

namespace Gfxbake.Host;

/// <summary>The command line's own arguments, each described once; anything else is an error, so that a typing mistake is not a silent no-op.</summary>
public static class Arguments
{
    public const string Recipe = "recipe";
    public const string Variant = "variant";
    public const string Engine = "engine";
    public const string Provision = "provision";
    public const string SkipVerify = "skip-verify";
    public const string Path = "path";
    public const string Filter = "filter";
    public const string Update = "update";
    public const string Repository = "repository";
    public const string Tag = "tag";
    public const string Offload = "offload";
    public const string Format = "format";
    public const string Zstd = "zstd";
    public const string File = "file";
    public const string Gpu = "gpu";
    public const string Output = "output";
    public const string Record = "record";
    public const string What = "what";
    public const string Source = "source";
    public const string With = "with";
    public const string Jobs = "jobs";
    public const string Refresh = "refresh";
    public const string UpdateLock = "update-lock";
    public const string Builder = "builder";
    public const string CacheFrom = "cache-from";
    public const string CacheTo = "cache-to";
    public const string PrintOnly = "print-only";

    public static IReadOnlyDictionary<string, string> Known { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        [Recipe] = "folder below recipes/",
        [Variant] = "variant of the recipe",
        [Engine] = "docker, podman or auto",
        [Provision] = "install what is missing with the host's package manager",
        [SkipVerify] = "tag the minimal image without running it",
        [Path] = "Why: the path to explain",
        [Offload] = "GPU code in libraries: none, slim, raw or compress",
        [Format] = "Export: oci",
        [Zstd] = "Save…Zst: fast, default or max",
        [File] = "the library to look into or slim; LoadImage: the export",
        [Gpu] = "SlimLibrary: GPUs whose code stays: gfx1151,gfx1100",
        [Output] = "SlimLibrary, Matrix: the file to write",
        [Record] = "CompareDocker, CompareExports: add to SIZE_COMPARISON.md",
        [Source] = "compile this checkout instead of the recipe's tag",
        [With] = "switches of the recipe's source, with commas: rocwmma",
        [Jobs] = "compilers at a time; one for each processor if left out",
        [Refresh] = "look for newer packages in the archive, and build with them",
        [UpdateLock] = "write the versions of all packages to recipes/NAME/VARIANT.lock",
        [Builder] = "FullImage: an existing buildx builder",
        [CacheFrom] = "FullImage: where layers are looked for",
        [CacheTo] = "FullImage: where layers are put for others",
        [What] = "Clean: images, all, …; Matrix: packages, compiled, all",
        [Update] = "CheckUpstream: write newer pins into the recipes",
        [Repository] = "Release: owner/name on GitHub; $GITHUB_REPOSITORY",
        [PrintOnly] = "CheckUpstream, Release: the same as --dryrun",
        [Tag] = "Release: the tag; else recipe, variant and version",
        [Filter] = "Test: a dotnet test filter, for instance Category!=Engine",
    };

    /// <summary>Names that Cake's own command line owns.</summary>
    private static readonly HashSet<string> OfCake = new(StringComparer.OrdinalIgnoreCase)
    {
        "target", "t", "verbosity", "v", "exclusive", "e", "dryrun", "noop", "whatif", "tree", "showtree", "description", "descriptions",
        "showdescription", "showdescriptions", "working", "w", "version", "ver", "info", "help", "h",
    };

    /// <exception cref="CakeException">An argument that nothing reads.</exception>
    public static void Check(ICakeArguments arguments)
    {
        var unknown = arguments.GetArguments().Keys.Where(k => !OfCake.Contains(k) && !Known.ContainsKey(k)).Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
            throw new CakeException($"unknown argument --{string.Join(", --", unknown)}; known: --target, --{string.Join(", --", Known.Keys)} (./build.sh --target=Help)");
    }

    /// <summary>A flag counts as set when it is there without a value or with "true".</summary>
    /// <exception cref="CakeException">Any other value than true or false.</exception>
    public static bool Flag(this ICakeContext context, string name)
    {
        var value = context.Argument(name, "");
        if (value.Length == 0) return context.HasArgument(name);
        return bool.TryParse(value, out var set) ? set : throw new CakeException($"--{name} is '{value}'; it can be true or false, and --{name} alone means true");
    }

    /// <summary>The form that --offload names.</summary>
    /// <exception cref="CakeException">None that is known.</exception>
    public static OffloadForm OffloadForm(ICakeContext context)
    {
        var value = context.Argument(Offload, "");
        return Enum.GetValues<OffloadForm>().Cast<OffloadForm?>().FirstOrDefault(f => string.Equals(f.ToString(), value, StringComparison.OrdinalIgnoreCase)) ?? throw new CakeException(
            $"--{Offload} is '{value}'; known: {string.Join(", ", Enum.GetNames<OffloadForm>().Select(n => n.ToLowerInvariant()))}");
    }
}
