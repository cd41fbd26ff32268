using System.Globalization;
using Cake.Common;
using Cake.Core;
using Gfxbake.Formats.Offload;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Rocm;
using Gfxbake.Host.Tasks.Ci;
using Gfxbake.Host.Tasks.Exports;
using Gfxbake.Host.Tools.GitHub;
using Gfxbake.Pipeline.Bench;
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
    public const string Force = "force";
    public const string From = "from";
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
    public const string Package = "package";
    public const string Compare = "compare";
    public const string Depths = "depths";
    public const string Plot = "plot";
    public const string Profile = "profile";
    public const string Samples = "samples";
    public const string Root = "root";
    public const string Json = "json";
    public const string Log = "log";
    public const string BackTo = "back-to";
    public const string Url = "url";
    public const string Model = "model";
    public const string ModelBase = "model-base";
    public const string Mode = "mode";
    public const string Port = "port";
    public const string Device = "device";
    public const string Ollama = "ollama";
    public const string Rocm = "rocm";
    public const string To = "to";
    public const string HealthModel = "health-model";
    public const string CheckFlag = "check";

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
            [Force] = new("Units: write over changed files; Rocm…: although it is refused; StageRocm: anew") { IsFlag = true },
            [From] = new("StageRocm: a folder with the packages' files, instead of downloads"),
            [Format] = new("Export: oci; Units: compose,quadlet,… (all)")
            {
                Values = [new(["oci"], nameof(Export))],
                CheckedBy = [nameof(Tasks.Run.Units)],
            },
            [Zstd] = new("Save…Zst: fast, default or max")
            {
                Values = [new([.. ExportStep.Levels.Keys], nameof(SaveImageZst), nameof(SaveMinimalImageZst), nameof(Export))],
            },
            [File] = new("the library to look into or slim; LoadImage: the export; FitModel, Run: the model"),
            [Gpu] = new("SlimLibrary: GPUs whose code stays; BuildOllama, RunOllama, Emulate: one") { Wrong = LibrarySlimmer.WrongGpu },
            [Output] = new("SlimLibrary, Matrix, Bench, ShareBuild: the file; Units: the folder; Doctor: a picture"),
            [Record] = new("CompareDocker, CompareExports: add to SIZE_COMPARISON.md; FitModel: for the report") { IsFlag = true },
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
            [Update] = new("CheckUpstream: write newer pins into the recipes; StageRocm: the lock") { IsFlag = true },
            [Repository] = new("Release: owner/name on GitHub; $GITHUB_REPOSITORY")
            {
                Wrong = v => GitHubName.TryParse(v) is null ? $" is '{v}', which is no owner/name" : null,
            },
            [PrintOnly] = new("the same as --dryrun, of targets that have their own") { IsFlag = true },
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
            [Parallel] = new("FitModel: conversations at a time; RocmBench: clients") { Wrong = FitQuestion.WrongSequences },
            [Compare] = new("Bench: two files of measurements: a.json,b.json"),
            [Depths] = new("Bench: tokens before each measurement: 0,4096") { Wrong = BenchQuestion.WrongDepths },
            [Plot] = new("Bench: files of measurements to draw, into --output="),
            [Profile] = new("Bench: how much is measured: try, short, campaign; Emulate: kernels") { FlagOf = [nameof(Tasks.Run.Emulate)] },
            [Samples] = new("Bench, RocmBench: how often each point is measured") { Wrong = BenchQuestion.WrongSamples },
            [Package] = new("CheckGpu: the installed package instead of the image") { IsFlag = true },
            [Model] = new("Run: a preset (Models lists them) or a file; Units, Bench, RocmBench: several"),
            [ModelBase] = new("Run, Models, Units, Bench, RunOllama: the folder with models"),
            [Mode] = new("Run: server (default), cli or bench"),
            [Port] = new("Run, Units, RunOllama: the port on this machine") { Wrong = WrongPort },
            [Device] = new("gpu, cpu (not CheckGpu), or what stands in for a GPU"),
            [Ollama] = new("RocmMatch, RocmSwitch, RunOllama: the folder to look for Ollama in"),
            [Rocm] = new("RocmMatch: the folder to look for ROCm in"),
            [To] = new("RocmSwitch: system, bundled, vulkan or a folder of ROCm") { Wrong = SwitchChoice.Wrong },
            [HealthModel] = new("RocmSwitch, RunOllama --check: the model to try"),
            [CheckFlag] = new("RunOllama: ends after the first answer, with what the log says") { IsFlag = true },
            [Root] = new("Doctor, Rocm…: a folder with the files of a recorded machine"),
            [Json] = new("Doctor, RocmMatch: write JSON too; others: JSON, no table") { IsFlag = true },
            [BackTo] = new("RocmDowngradePlan: a ROCm to go back to: 6.4") { Wrong = WrongRocm },
            [Log] = new("CheckOllama: Ollama's log, - for standard input; RocmBench: the proof"),
            [Url] = new("RocmBench: a server that runs: bundled=http://127.0.0.1:11434"),
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

    /// <summary>The same for an argument that is a flag of these targets only.</summary>
    public static bool FlagOf(this ICakeContext context, string name, string target) =>
        context.Value(name, target) is { } value && (value.Length == 0 || bool.Parse(value));

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

    private static string? WrongRocm(string value)
    {
        var parts = value.Split('.');
        return parts.Length is 2 or 3 && parts.All(p => p.Length is 1 or 2 && p.All(char.IsAsciiDigit))
            ? null
            : $" is '{value}'; it is a ROCm such as 6.4 or 7.2.1";
    }

    private static string[] Names<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())];

    private static string? WrongPort(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? null
            : $" is '{value}'; it is a number from 1 to 65535";

    private static string? WrongJobs(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 1024
            ? null
            : $" is '{value}'; it is the number of compilers at a time, 1 to 1024";
}
