using Gfxbake.Formats.Gguf;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>Reads and checks the folder recipes/: the shared facts and every recipe.</summary>
public sealed class RecipeBook
{
    private readonly string root;
    private readonly Dictionary<string, YamlBinder> read = new(StringComparer.Ordinal);

    private readonly Lazy<PackagingFacts> packaging;
    private readonly Lazy<IReadOnlyDictionary<string, TinyArchitecture>> models;
    private readonly Lazy<StandInFacts> standIns;
    private readonly Lazy<IReadOnlyDictionary<string, Device>> devices;
    private readonly Lazy<ModelMemoryFacts> modelMemory;
    private readonly Lazy<DoctorFacts> doctor;
    private readonly Lazy<OllamaLogFacts> ollamaLog;
    private readonly Lazy<PackageManagerFacts> packageManagers;
    private readonly Lazy<BenchFacts> bench;
    private readonly Lazy<IReadOnlyDictionary<string, ModelPreset>> presets;
    private readonly Lazy<UnitFacts> units;
    private readonly Lazy<OllamaFacts> ollama;
    private readonly Lazy<OllamaBuildFacts> ollamaBuild;
    private readonly Lazy<ShareFacts> share;

    private RecipeBook(string root, IReadOnlyDictionary<string, Gpu> gpus, RocmFacts rocm, HostFacts hosts)
    {
        this.root = root;
        Gpus = gpus;
        Rocm = rocm;
        Hosts = hosts;
        models = new(() => SharedFile.Read<ModelFacts>(root, "_shared/test-models.yml", ModelRules.Check).Architectures);
        standIns = new(() => SharedFile.Read<StandInFacts>(root, "_shared/standins.yml", StandInFacts.Check));
        devices = new(() =>
            SharedFile
                .Read<DeviceFacts>(root, "_shared/devices.yml", (binder, facts) => DeviceRules.Check(binder, facts, gpus))
                .Devices.ToDictionary(d => d.Key, d => d.Value.Named(d.Key))
        );
        modelMemory = new(() => SharedFile.Read<ModelMemoryFacts>(root, "_shared/model-memory.yml", ModelMemoryRules.Check));
        doctor = new(() => SharedFile.Read<DoctorFacts>(root, "_shared/doctor.yml", DoctorRules.Check));
        bench = new(() => SharedFile.Read<BenchFacts>(root, "_shared/bench.yml", (b, facts) => BenchRules.Check(b, facts, () => Doctor)));
        presets = new(() => PresetFolder.Read(root));
        units = new(() => SharedFile.Read<UnitFacts>(root, "_shared/units.yml", UnitFacts.Check));
        ollama = new(() => SharedFile.Read<OllamaFacts>(root, "_shared/ollama.yml", OllamaFacts.Check));
        ollamaBuild = new(() => SharedFile.Read<OllamaBuildFacts>(root, "_shared/ollama-build.yml", OllamaBuildFacts.Check));
        share = new(() => SharedFile.Read<ShareFacts>(root, "_shared/share.yml", ShareFacts.Check));
        ollamaLog = new(() => SharedFile.Read<OllamaLogFacts>(root, "_shared/ollama-log.yml", OllamaLogRules.Check));
        packageManagers = new(() => SharedFile.Read<PackageManagerFacts>(root, "_shared/package-managers.yml", PackageManagerRules.Check));
        packaging = new(() => SharedFile.Read<PackagingFacts>(root, "_shared/packages.yml", PackagingRules.Check));
    }

    public IReadOnlyDictionary<string, Gpu> Gpus { get; }

    public RocmFacts Rocm { get; }

    /// <summary>What is known of the hosts that images run on.</summary>
    public HostFacts Hosts { get; }

    /// <summary>Where packages are made and in which formats; read when it is first asked for, which a recipe with packages does.</summary>
    /// <exception cref="RecipeException">The shared file is missing or wrong.</exception>
    public PackagingFacts Packaging => packaging.Value;

    /// <summary>What test models can be; read when a recipe has one.</summary>
    /// <exception cref="RecipeException">The shared file is missing or wrong.</exception>
    public IReadOnlyDictionary<string, TinyArchitecture> Models => models.Value;

    /// <summary>What models take of memory; read when it is first asked for.</summary>
    /// <exception cref="RecipeException">The shared file is missing or wrong.</exception>
    public ModelMemoryFacts ModelMemory => modelMemory.Value;

    /// <summary>The libraries for which stand-ins are known; read when a variant or the command line names one.</summary>
    /// <exception cref="RecipeException">The shared file is missing or wrong.</exception>
    public StandInFacts StandIns => standIns.Value;

    /// <summary>The rules of names that were checked.</summary>
    public IReadOnlyDictionary<string, StandInRule> StandInsOf(IReadOnlyList<string> names) =>
        names.Count == 0 ? new Dictionary<string, StandInRule>() : StandIns.Of(names);

    /// <summary>What can stand in for a GPU; read when a recipe names a device.</summary>
    /// <exception cref="RecipeException">The shared file is missing or wrong.</exception>
    public IReadOnlyDictionary<string, Device> Devices => devices.Value;

    /// <summary>What makes a machine fit for a recipe; read when Doctor asks.</summary>
    /// <exception cref="RecipeException">The shared file is missing or wrong.</exception>
    public DoctorFacts Doctor => doctor.Value;

    /// <summary>What Ollama's logs mean; read when CheckOllama asks.</summary>
    /// <exception cref="RecipeException">The shared file is missing or wrong.</exception>
    public OllamaLogFacts OllamaLog => ollamaLog.Value;

    /// <summary>How package managers are asked for ROCm; read when RocmDowngradePlan asks.</summary>
    /// <exception cref="RecipeException">The shared file is missing or wrong.</exception>
    public PackageManagerFacts PackageManagers => packageManagers.Value;

    /// <summary>How models are measured; read when Bench asks.</summary>
    /// <exception cref="RecipeException">The shared file is missing or wrong.</exception>
    public BenchFacts Bench => bench.Value;

    /// <summary>The models that people run, by the name of their file; read when it is first asked for.</summary>
    /// <exception cref="RecipeException">Files of recipes/_shared/models/ are wrong.</exception>
    public IReadOnlyDictionary<string, ModelPreset> Presets => presets.Value;

    /// <summary>The files with which other programs run the image; read when Units asks.</summary>
    /// <exception cref="RecipeException">The shared file is missing or wrong.</exception>
    public UnitFacts Units => units.Value;

    /// <summary>Where Ollama and ROCm lie; read when a target about them asks.</summary>
    /// <exception cref="RecipeException">The shared file is missing or wrong.</exception>
    public OllamaFacts Ollama => ollama.Value;

    /// <summary>How Ollama is compiled and started on a machine; read when BuildOllama or RunOllama asks.</summary>
    /// <exception cref="RecipeException">The shared file is missing or wrong.</exception>
    public OllamaBuildFacts OllamaBuild => ollamaBuild.Value;

    /// <summary>What a report for others holds and leaves out; read when ShareBuild asks.</summary>
    /// <exception cref="RecipeException">The shared file is missing or wrong.</exception>
    public ShareFacts Share => share.Value;

    /// <summary>Whether a variant reaches the GPU through ROCr, and so /dev/kfd; one that is tried on no device may.</summary>
    public bool RunsOnRocr(Variant variant) =>
        variant.Devices.Count == 0 || variant.Devices.Any(d => !Devices.TryGetValue(d, out var device) || device.Api == DeviceApi.Hsa);

    /// <summary>Names of all recipes, sorted.</summary>
    public IReadOnlyList<string> Names =>
        [
            .. Directory
                .EnumerateFiles(root, "recipe.yml", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
                .Select(f => Path.GetFileName(Path.GetDirectoryName(f))!)
                .Where(n => !n.StartsWith('_'))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Opens the folder recipes/.</summary>
    /// <exception cref="RecipeException">A shared file is missing or wrong.</exception>
    public static RecipeBook Open(string root)
    {
        var gpus = SharedFile.Read<GpuFile>(root, "_shared/gpus.yml").Gpus;
        var hosts = SharedFile.Read<HostFacts>(root, "_shared/hosts.yml", (binder, facts) => HostRules.Check(binder, facts, gpus));
        return new(root, gpus, SharedFile.Read<RocmFacts>(root, "_shared/rocm.yml"), hosts);
    }

    /// <summary>Reads one recipe.</summary>
    /// <exception cref="RecipeException">There is no such recipe, or it has problems: all of them are named.</exception>
    public Recipe Read(string name)
    {
        if (!Names.Contains(name, StringComparer.Ordinal))
            throw new RecipeException([$"unknown recipe '{name}'; known: {string.Join(", ", Names)} (recipes/*/recipe.yml)"]);
        var file = $"recipes/{name}/recipe.yml";
        var binder = new YamlBinder(file);
        using var reader = File.OpenText(Path.Combine(root, name, "recipe.yml"));
        var node = binder.Tree.Load(file, reader) is { } own ? new RecipeIncludes(binder.Tree, root).Resolve(own) : null;
        if (node is not null)
            node = new RecipeSources(binder.Tree).Resolve(node);
        // What a file that can't be read would have said is not missing.
        var recipe = node is null || binder.Problems.Count > 0 ? null : binder.Read<Recipe>(node);
        if (recipe is not null)
        {
            new DeviceRules(binder, devices).Check(recipe);
            recipe = recipe with { Workloads = [.. recipe.Workloads.Select(OnDevice)] };
            new RecipeRules(binder, Gpus, Hosts, RunsOnRocr, name).Check(recipe);
            new NumberRules(binder).Check(recipe);
            new GpuCheckRules(binder, devices).Check(recipe);
            if (recipe.Run is { } run)
                RunRules.Check(binder, run, recipe.Image);
            if (recipe.Compile is { } compile)
                SourceRules.Check(binder, compile, recipe.Sources);
            if (recipe.Stage is { } stage)
                StageRules.Check(binder, stage);
            if (recipe.Packages is { } packages)
            {
                new PackageRules(binder, Packaging).Check("packages", packages, recipe.Summary);
                new PackageTreeRules(binder).Check("packages.trees", recipe, packages.Trees);
            }

            foreach (var (variant, named) in recipe.Variants.Where(v => v.Value.Standins.Count > 0).Select(v => (v.Key, v.Value.Standins)))
            {
                foreach (var problem in StandIns.Problems(named))
                    binder.Problem($"variants.{variant}.standins", problem);
            }

            recipe = recipe with { Models = [.. recipe.Models.Select(Made)] };
            new TestInputRules(binder, root, models).Check(recipe);
            recipe = Settled(recipe, new DockerfileRules(binder, root, name), new LockRules(binder, root));
        }

        read[name] = binder;
        return binder.Problems.Count == 0 ? recipe! : throw new RecipeException(binder.Problems);
    }

    /// <summary>
    /// The file that a value of a recipe stands in, for whoever wants to change it there: the recipe's own or an included one.
    /// </summary>
    /// <param name="name">The recipe.</param>
    /// <param name="key">For instance "variants.native.source.tag"; what nobody gives belongs into the recipe's own file.</param>
    /// <returns>Relative to the repository: recipes/_shared/llama-cpp-native.yml.</returns>
    /// <exception cref="RecipeException">The recipe can't be read.</exception>
    public string FileOf(string name, string key)
    {
        if (!read.ContainsKey(name))
            Read(name);
        return read[name].FileOf(key);
    }

    /// <summary>Reads every recipe.</summary>
    /// <exception cref="RecipeException">Some have problems: all of all recipes are named.</exception>
    public IReadOnlyList<Recipe> ReadAll()
    {
        var (recipes, problems) = (new List<Recipe>(), new List<string>());
        foreach (var name in Names)
        {
            try
            {
                recipes.Add(Read(name));
            }
            catch (RecipeException exception)
            {
                problems.AddRange(exception.Problems);
            }
        }

        // A shared file's problem would be told once for each recipe that includes it.
        return problems.Count == 0 ? recipes : throw new RecipeException([.. problems.Distinct()]);
    }

    /// <summary>The recipe with Dockerfiles named from the top of the repository, and with lists of what each variant needs.</summary>
    private static Recipe Settled(Recipe recipe, DockerfileRules dockerfiles, LockRules locks)
    {
        foreach (var (variant, data) in recipe.Variants)
            dockerfiles.Check($"variants.{variant}.dockerfile", data);
        var variants = recipe.Variants.ToDictionary(
            v => v.Key,
            v =>
                Settled(v.Value) with
                {
                    Dockerfile = dockerfiles.PathOf(v.Value),
                    Packages = locks.Read($"variants.{v.Key}.packages", v.Value.Packages),
                }
        );
        return recipe with { Variants = new SortedDictionary<string, Variant>(variants, StringComparer.Ordinal) };
    }

    private Workload OnDevice(Workload workload) =>
        workload.Device is { } name && Devices.TryGetValue(name, out var device) ? workload.RunOn(device) : workload;

    private TestModel Made(TestModel model) =>
        model.File is null && Models.TryGetValue(model.Architecture, out var architecture) ? model.MadeAs(architecture) : model;

    private static Variant Settled(Variant variant) =>
        variant with
        {
            Source = variant.Sources is [var first, ..] ? first : variant.Source,
            Sources = variant.Source is { } source ? [source] : variant.Sources,
            Archives = variant.Archive is { } archive ? new Dictionary<string, Archive> { [Archive.OnlyFile] = archive } : variant.Archives,
        };
}

/// <summary>The file recipes/_shared/gpus.yml.</summary>
public sealed record GpuFile
{
    public required IReadOnlyDictionary<string, Gpu> Gpus { get; init; }
}
