namespace Gfxbake.Pipeline.Steps;

/// <summary>Every path of the repository and of one recipe's artifacts, absolute, in one place.</summary>
public sealed record BuildPaths(string Root, string Recipe, string Variant)
{
    /// <summary>Sizes of recorded builds, at the top of the repository.</summary>
    public const string SizeHistoryName = "SIZE_COMPARISON.md";

    public string Recipes => Path.Combine(Root, "recipes");

    public string Docker => Path.Combine(Root, "docker");

    public string Artifacts => Path.Combine(Root, "artifacts");

    public string Lock => Path.Combine(Artifacts, "lock");

    public string EngineChoice => Path.Combine(Artifacts, "engine.json");

    /// <summary>Digests of the steps' code, for the compilation that ran last.</summary>
    public string StepCode => Path.Combine(Artifacts, "step-code.json");

    public string ContainersConf => Path.Combine(Artifacts, "containers.conf");

    public string EngineTemporary => Path.Combine(Artifacts, "tmp");

    /// <summary>artifacts/RECIPE/VARIANT: everything that one build writes.</summary>
    public string Build => Path.Combine(Artifacts, Recipe, Variant);

    public string Logs => Path.Combine(Build, "logs");

    public string BaseRecord => Path.Combine(Build, "base.json");

    public string Bases => Path.Combine(Artifacts, "bases");

    /// <summary>A bootstrapped base, shared by all recipes with the same settings.</summary>
    public string BaseTar(string fingerprint) => Path.Combine(Bases, fingerprint + ".tar");

    /// <summary>Fetched code, one folder for each commit, shared by all recipes.</summary>
    public string Source(Gfxbake.Recipes.Model.SourceCode source) => Path.Combine(Artifacts, "sources", $"{source.Name}-{source.Commit}");

    /// <summary>A downloaded archive, named by its SHA-256, shared by all recipes.</summary>
    public string Download(string sha256) => Path.Combine(Artifacts, "downloads", sha256 + ".tar.gz");

    /// <summary>ROCm's packages, unpacked; their record lies beside it.</summary>
    public string RocmStage => Path.Combine(Artifacts, Recipe, "rocm-stage");

    /// <summary>Where a stage grows; swept when a run is interrupted.</summary>
    public string RocmStageWork => Path.Combine(Build, "rocm-stage" + Gfxbake.Formats.Files.AtomicFile.PartialEnding);

    public string FullRecord => Path.Combine(Build, "full.json");

    public string FullTar => Path.Combine(Build, "full.tar");

    /// <summary>Every path of the full image with the digest of its content.</summary>
    public string FullTable => Path.Combine(Build, "full.mtree");

    public string TraceRecord => Path.Combine(Build, "trace.json");

    public string Traces => Path.Combine(Build, "traces");

    public string TraceLog(string workload) => Path.Combine(Traces, workload + ".strace");

    /// <summary>What a workload gave in the full image.</summary>
    public string TraceResult(string workload) => Path.Combine(Traces, workload + ".json");

    /// <summary>The same, as the programs printed it.</summary>
    public string WorkloadLog(string workload) => Path.Combine(Traces, workload + ".log");

    /// <summary>What a workload printed that failed in the image or package that was tried last.</summary>
    public string FailedLog(string workload) => Path.Combine(Logs, $"failed-{workload}.log");

    /// <summary>What Doctor found last.</summary>
    public string Doctor => Path.Combine(Build, "doctor.json");

    /// <summary>What CheckGpu found last, for programs and for people.</summary>
    public string GpuReport => Path.Combine(Build, "checkgpu.json");

    public string GpuReportText => Path.Combine(Build, "checkgpu.txt");

    /// <summary>What Bench measured last.</summary>
    public string Bench => Path.Combine(Build, "bench.json");

    /// <summary>What FitModel found with --record, a file for each model.</summary>
    public string Fits => Path.Combine(Build, "fits");

    /// <summary>What a program of the image says of its options.</summary>
    public string ProgramHelp(string program) => Path.Combine(Build, $"help-{program}.json");

    /// <summary>Files with which other programs run the image.</summary>
    public string Units => Path.Combine(Build, "units");

    public string UnitTemplates => Path.Combine(Docker, "units");

    /// <summary>What RocmMatch found last; it is about a machine and not about a recipe.</summary>
    public string Match(string ending) => Path.Combine(Artifacts, "rocm-match", "match" + ending);

    /// <summary>What RocmBench measured, of all variants.</summary>
    public string RocmBench => Path.Combine(Artifacts, Recipe, "rocm-bench.json");

    /// <summary>What StageRocm wrote of the stage, beside it.</summary>
    public string StageRecord => RocmStage + ".json";

    /// <summary>The Ollama that BuildOllama made, in Ollama's own layout.</summary>
    public string Ollama => Path.Combine(Artifacts, Recipe, "ollama");

    public string OllamaRecord => Path.Combine(Artifacts, Recipe, "ollama.json");

    /// <summary>Where it is compiled; stays for the next run.</summary>
    public string OllamaBuild => Path.Combine(Artifacts, Recipe, "ollama-build");

    public string OllamaBuildLog => Path.Combine(Artifacts, Recipe, "ollama-build.log");

    /// <summary>Variables of its server, as systemd reads them.</summary>
    public string OllamaEnvironment => Path.Combine(Artifacts, Recipe, "ollama-rocm.env");

    public string OllamaServerLog => Path.Combine(Artifacts, Recipe, "ollama-server.log");

    /// <summary>What ShareBuild writes.</summary>
    public string Share => Path.Combine(Artifacts, Recipe, $"{Recipe}-report.tar.zst");

    public string Models => Path.Combine(Build, "models");

    public string KitsRecord => Path.Combine(Build, "kits.json");

    /// <summary>What a device consists of; its workloads' containers get it at /opt/gfxbake.</summary>
    public string Kit(string device) => Path.Combine(Build, "kits", device);

    /// <summary>What Emulate leaves: the profile, and the GPU that is played in place of the recipe's.</summary>
    public string Emulated => Path.Combine(Build, "emulated");

    public string AnswersRecord => Path.Combine(Build, "answers.json");

    /// <summary>The file that stands in for a library and answers, by its rule.</summary>
    public string StandIn(string rule) => Path.Combine(Build, "standins", rule);

    public string CompilerRecord => Path.Combine(Build, "compiler.json");

    /// <summary>The libraries that stand-ins answer for, as one layer.</summary>
    public string CompilerLayer => Path.Combine(Build, "compiler", $"{Recipe}-{Variant}-compiler.tar");

    public string CompilerSpdx => Path.Combine(Build, "compiler", "sbom.spdx.json");

    public string CompilerCycloneDx => Path.Combine(Build, "compiler", "sbom.cdx.json");

    public string Plan => Path.Combine(Build, "plan.json");

    public string PlanRecord => Path.Combine(Build, "plan-inputs.json");

    public string PlanMarkdown => Path.Combine(Build, "plan.md");

    /// <summary>Build context of the minimal image: its Dockerfile and a tar for each layer.</summary>
    public string MinimalContext => Path.Combine(Build, "minimal");

    public string CandidateRecord => Path.Combine(Build, "candidate.json");

    public string MinimalRecord => Path.Combine(Build, "minimal.json");

    public string VerifyRecord => Path.Combine(Build, "verify.json");

    public string SizesRecord => Path.Combine(Build, "sizes.json");

    public string SizesMarkdown => Path.Combine(Build, "sizes.md");

    /// <summary>The history of sizes, kept in git.</summary>
    public string SizeHistory => Path.Combine(Root, SizeHistoryName);

    /// <summary>The largest files at the last recorded row, kept in git.</summary>
    public string RecordedEntries => Path.Combine(Recipes, Recipe, $"sizes-{Variant}.txt");

    public string SpdxSbom => Path.Combine(Build, "sbom.spdx.json");

    public string CycloneDxSbom => Path.Combine(Build, "sbom.cdx.json");

    /// <summary>Packages for other distributions.</summary>
    public string Packages => Path.Combine(Build, "packages");

    /// <summary>What a package was made of, for whoever wants to make it by hand; format is one of packages.yml.</summary>
    public string PackageSources(string format) => Path.Combine(Packages, format);

    public string PackageRecord(string format) => Path.Combine(Build, $"package-{format}.json");

    /// <summary>The records of the packages that were made, whatever their formats.</summary>
    public IEnumerable<string> PackageRecords =>
        Directory.Exists(Build) ? Directory.EnumerateFiles(Build, "package-*.json").Order(StringComparer.Ordinal) : [];

    /// <summary>The runtime that packages hold.</summary>
    public string Runtime => Path.Combine(Build, "bundle");

    public string RuntimeRecord => Path.Combine(Build, "bundle.json");

    /// <summary>Templates and scripts of packages.</summary>
    public string PackageTemplates => Path.Combine(Docker, "packages");

    /// <summary>What a release has beyond its files: notes.md, SHA256SUMS.</summary>
    public string Release => Path.Combine(Build, "release");

    public string Report => Path.Combine(Build, "report.html");

    /// <summary>The ways in which the variant was built and proven.</summary>
    public string ProvenForms => Path.Combine(Build, "forms.json");

    public string SizesSvg => Path.Combine(Build, "sizes.svg");

    /// <summary>Versions that the variant's packages are held at, where the recipe has such a file.</summary>
    public string VersionLock => Path.Combine(Recipes, Recipe, Variant + ".lock");

    /// <summary>Files of the recipe that its Dockerfile may COPY.</summary>
    public string RecipeFiles => Path.Combine(Recipes, Recipe, "files");

    public string Context(string name) => Path.Combine(Build, "contexts", name);

    /// <summary>Exported images of all recipes.</summary>
    public string Images => Path.Combine(Artifacts, "images");

    /// <summary>An exported image: kind is full or minimal, ending .tar or .tar.zst.</summary>
    public string Export(string kind, string ending) => Path.Combine(Images, $"{Recipe}-{Variant}-{kind}{ending}");

    public string ExportRecord(string kind, string ending) => Path.Combine(Build, $"export-{kind}{ending.Replace('.', '-')}.json");

    /// <summary>A path as people see it: relative to the repository.</summary>
    public string Show(string path) => Path.GetRelativePath(Root, path);

    /// <summary>The folder that holds cake.config, from the given one upwards.</summary>
    public static string FindRoot(string from)
    {
        for (var directory = new DirectoryInfo(from); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "cake.config")))
                return directory.FullName;
        }

        throw new DirectoryNotFoundException($"no cake.config above {from}: start the build with ./build.sh of a whole checkout");
    }
}
