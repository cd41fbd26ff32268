using System.Globalization;
using Cake.Common;
using Cake.Core;
using Gfxbake.Formats.Offload;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Rocm;
using Gfxbake.Host.Tasks.Ci;
using Gfxbake.Host.Tasks.Exports;
using Gfxbake.Host.Tools.GitHub;
using Gfxbake.Pipeline.Outputs.Export;
using Gfxbake.Pipeline.Outputs.Matrix;
using Gfxbake.Pipeline.Outputs.Release;
using Gfxbake.Pipeline.Run;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host;

/// <summary>
/// The command line's own arguments, each described once. All are checked before anything runs; an argument that nothing reads is an
/// error, so that a typing mistake is not a silent no-op.
/// </summary>
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
    public const string Standins = "standins";
    public const string Kernels = "kernels";
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
    public const string Contexts = "ctx";
    public const string CacheTypes = "kv";
    public const string Memory = "memory";
    public const string Parallel = "parallel";
    public const string Root = "root";
    public const string Json = "json";

    public static IReadOnlyDictionary<string, Argument> Known { get; } =
        new SortedDictionary<string, Argument>(StringComparer.Ordinal)
        {
            [Recipe] = new("folder below recipes/"),
            [Variant] = new("variant of the recipe"),
            [Engine] = new("docker, podman or auto") { Values = [new(["docker", "podman", "auto"])] },
            [Provision] = new("install what is missing with the host's package manager") { IsFlag = true },
            [SkipVerify] = new("tag the minimal image without running it") { IsFlag = true },
            [Path] = new("Why: the path to explain"),
            [Offload] = new("GPU code in libraries: none, slim, raw or compress") { Values = [new(Names<OffloadForm>())] },
            [Standins] = new("stand-ins for libraries, with commas: llvm-of-radv, comgr, or none") { Wrong = WrongStandIns },
            [Kernels] = new("kernel files of the GPU: all, or asked: those of types that programs ask for")
            {
                Values = [new(Names<KernelChoice>())],
            },
            [Format] = new("Export: oci") { Values = [new(["oci"], nameof(Export))] },
            [Zstd] = new("Save…Zst: fast, default or max")
            {
                Values = [new([.. ExportStep.Levels.Keys], nameof(SaveImageZst), nameof(SaveMinimalImageZst), nameof(Export))],
            },
            [File] = new("the library to look into or slim; LoadImage: the export; FitModel: the model"),
            [Gpu] = new("SlimLibrary: GPUs whose code stays: gfx1151,gfx1100") { Wrong = LibrarySlimmer.WrongGpu },
            [Output] = new("SlimLibrary, Matrix: the file to write"),
            [Record] = new("CompareDocker, CompareExports: add to SIZE_COMPARISON.md") { IsFlag = true },
            [Source] = new("compile this checkout instead of the recipe's tag; NAME=DIR") { MayRepeat = true },
            [With] = new("switches of the recipe's source, with commas: rocwmma"),
            [Jobs] = new("compilers at a time; one for each processor if left out") { Wrong = WrongJobs },
            [Refresh] = new("look for newer packages in the archive, and build with them") { IsFlag = true },
            [UpdateLock] = new("write the versions of all packages to recipes/NAME/VARIANT.lock") { IsFlag = true },
            [Builder] = new("FullImage: an existing buildx builder"),
            [CacheFrom] = new("FullImage: where layers are looked for") { MayRepeat = true },
            [CacheTo] = new("FullImage: where layers are put for others") { MayRepeat = true },
            [What] = new("Clean: images, all, …; Matrix: packages, compiled, all")
            {
                Values = [new(Clean.Parts, nameof(Clean)), new(Names<MatrixScope>(), nameof(Matrix))],
            },
            [Update] = new("CheckUpstream: write newer pins into the recipes") { IsFlag = true },
            [Repository] = new("Release: owner/name on GitHub; $GITHUB_REPOSITORY")
            {
                Wrong = v => GitHubName.TryParse(v) is null ? $" is '{v}', which is no owner/name" : null,
            },
            [PrintOnly] = new("CheckUpstream, Release, Clean: the same as --dryrun") { IsFlag = true },
            [Tag] = new("Release: the tag; else recipe, variant and version")
            {
                Wrong = v => ReleaseNames.IsTag(v) ? null : $": '{v}' is no tag; use letters, digits, '.', '_', '+' and '-'",
            },
            [Contexts] = new("FitModel: lengths of context: 8192,32768") { Wrong = FitQuestion.WrongContexts },
            [CacheTypes] = new("FitModel: how keys and values are stored: f16,q8_0"),
            [Memory] = new("FitModel: what there is, instead of what this machine has: '120 GB'")
            {
                Wrong = v => ByteCount.TryParse(v) is null ? $" is '{v}'; it is {ByteCount.Form}" : null,
            },
            [Parallel] = new("FitModel: conversations at a time, as of llama-server") { Wrong = FitQuestion.WrongSequences },
            [Root] = new("Doctor: a folder with the files of a recorded machine"),
            [Json] = new("Doctor: write doctor.json too; FitModel: no table") { IsFlag = true },
            [Filter] = new("Test, UnitTest: a dotnet test filter, such as Name~Tar"),
        };

    /// <summary>Names that Cake's own command line owns.</summary>
    private static readonly HashSet<string> OfCake = new(StringComparer.OrdinalIgnoreCase)
    {
        "target",
        "t",
        "verbosity",
        "v",
        "exclusive",
        "e",
        "dryrun",
        "noop",
        "whatif",
        "tree",
        "showtree",
        "description",
        "descriptions",
        "showdescription",
        "showdescriptions",
        "working",
        "w",
        "version",
        "ver",
        "info",
        "help",
        "h",
    };

    /// <param name="arguments">What was given.</param>
    /// <param name="targets">Everything that will run.</param>
    /// <exception cref="CakeException">An argument that nothing reads, or values that can't be: all are named.</exception>
    public static void Check(ICakeArguments arguments, params IReadOnlyCollection<string> targets)
    {
        var given = arguments.GetArguments();
        var unknown = given.Keys.Where(k => !OfCake.Contains(k) && !Known.ContainsKey(k)).Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            var meant = unknown.SelectMany(u => SimilarNames.Of(u, Known.Keys)).Distinct().ToList();
            throw new CakeException(
                "unknown argument "
                    + $"--{string.Join(", --", unknown)}{(meant.Count == 0 ? "" : $"; did you mean --{string.Join(" or --", meant)}?")}\n"
                    + $"known: --target, --{string.Join(", --", Known.Keys)} (./build.sh --target=Help)"
            );
        }

        var problems = given
            .Where(g => Known.ContainsKey(g.Key))
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .SelectMany(g => Known[g.Key].Problems(g.Key, g.Value, targets))
            .ToList();
        if (problems.Count > 0)
            throw new CakeException(string.Join('\n', problems));
    }

    /// <summary>A checked argument's value; null when it is not given.</summary>
    /// <exception cref="CakeException">A value that can't be.</exception>
    public static string? Value(this ICakeContext context, string name, params IReadOnlyCollection<string> targets)
    {
        if (!context.HasArgument(name))
            return null;
        // Cake has no value at all for a flag.
        List<string?> given = [.. context.Arguments.GetArguments(name)];
        List<string> problems = [.. Known[name].Problems(name, given, targets)];
        return problems.Count == 0 ? given[0] ?? "" : throw new CakeException(string.Join('\n', problems));
    }

    /// <summary>A flag counts as set when it is there without a value or with "true".</summary>
    /// <exception cref="CakeException">Any other value than true or false.</exception>
    public static bool Flag(this ICakeContext context, string name) =>
        context.Value(name) is { } value && (value.Length == 0 || bool.Parse(value));

    /// <summary>Which kernel files stay; null when the command line says nothing.</summary>
    public static KernelChoice? KernelChoice(this ICakeContext context) =>
        context.Value(Kernels) is { } value ? Enum.Parse<KernelChoice>(value, ignoreCase: true) : null;

    /// <summary>The form that --offload names; null when it is not given.</summary>
    public static OffloadForm? OffloadForm(this ICakeContext context) =>
        context.Value(Offload) is { } value ? Enum.Parse<OffloadForm>(value, ignoreCase: true) : null;

    /// <summary>What --standins names; null when it is not given.</summary>
    public static IReadOnlyList<string>? StandInNames(this ICakeContext context) =>
        context.Value(Standins) is { } value
            ? value == StandInFacts.None
                ? []
                : value.Split(',', StringSplitOptions.TrimEntries)
            : null;

    private static string? WrongStandIns(string value)
    {
        var names = value.Split(',', StringSplitOptions.TrimEntries);
        return names.Contains("") || (names.Length > 1 && names.Contains(StandInFacts.None))
            ? $" is '{value}'; it is names with commas between them, or {StandInFacts.None} alone"
            : null;
    }

    private static string[] Names<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())];

    private static string? WrongJobs(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 1024
            ? null
            : $" is '{value}'; it is the number of compilers at a time, 1 to 1024";
}
