using Gfxbake.Formats.Offload;
using Gfxbake.Formats.Strace;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Plan.Pruning;
using Gfxbake.Recipes.Model;
using Gfxbake.Unit.Tests.Formats.Elf;

namespace Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

/// <summary>A small image with its plan; every test names only what it is about.</summary>
internal sealed class PlannedImage : IDisposable
{
    private readonly List<TracedPath> traced = [];
    private readonly List<KeepRule> keepRules = [];
    private readonly List<DropRule> dropRules = [];
    private readonly List<KernelRule> kernelRules = [];
    private readonly SortedDictionary<string, StandInRule> standIns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MadeStandIn> answers = [];
    private readonly Dictionary<string, string> environment = [];
    private readonly List<string> excluded = ["/dev", "/proc", "/tmp"];
    private PrunePlan? plan;

    public TestImage Image { get; } = new();

    public IReadOnlyList<string> Targets { get; init; } = ["gfx1100"];

    public OffloadForm Form { get; init; } = OffloadForm.None;

    public bool OffloadRequired { get; init; }

    public PrunePlan Plan =>
        plan ??= PrunePlanner.Plan(
            new PruneInput
            {
                Image = Image.FileSystem,
                Traced = traced,
                CodeTargets = Targets,
                KeepRules = keepRules,
                KernelRules = kernelRules,
                DropRules = dropRules,
                StandIns = standIns,
                Answers = answers,
                Offload = new OffloadRule { Form = Form, Required = OffloadRequired },
                Environment = environment,
                Packages = ImagePackages.Read(Image.FileSystem),
                ExcludedDestinations = excluded,
            }
        );

    /// <summary>All kept paths in ordinal order, separated by spaces, without the root.</summary>
    public string Kept => string.Join(' ', Plan.Entries.Where(e => e.IsKept && e.Path != "/").Select(e => e.Path));

    public PlannedImage Trace(string path, AccessOutcome outcome = AccessOutcome.Found, params string[] workloads)
    {
        traced.Add(new TracedPath(path, outcome, workloads.Length == 0 ? ["run"] : workloads, ["openat"]));
        return this;
    }

    /// <summary>A look that opens nothing.</summary>
    public PlannedImage Look(string path, params string[] workloads)
    {
        traced.Add(new TracedPath(path, AccessOutcome.Found, workloads.Length == 0 ? ["run"] : workloads, ["newfstatat", "readlink"]));
        return this;
    }

    public IReadOnlyList<TracedPath> Traced => traced;

    public PlannedImage Keep(string glob)
    {
        keepRules.Add(new KeepRule(glob, "the test wants it"));
        return this;
    }

    public PlannedImage Drop(string glob, bool optional = false)
    {
        dropRules.Add(new DropRule(glob, "the test says so", optional));
        return this;
    }

    public PlannedImage Kernels(string library, params string[] files)
    {
        kernelRules.Add(new KernelRule(library, files));
        return this;
    }

    public PlannedImage Kernels(KernelRule rule)
    {
        kernelRules.Add(rule);
        return this;
    }

    public PlannedImage StandIn(string name, StandInRule rule)
    {
        standIns.Add(name, rule);
        return this;
    }

    /// <summary>What was made of a rule whose stand-in answers.</summary>
    public PlannedImage Made(string name, MadeStandIn made)
    {
        answers.Add(name, made);
        return this;
    }

    public PlannedImage Set(string name, string value)
    {
        environment[name] = value;
        return this;
    }

    public PlannedImage Mount(string destination)
    {
        excluded.Add(destination);
        return this;
    }

    public PlanEntry this[string path] => Plan.Entries.Single(e => e.Path == path);

    /// <summary>The causes of a path as plan.json has them, separated by "; ".</summary>
    public string Causes(string path) => string.Join("; ", this[path].Causes.Select(c => $"{c.Reason} {c.By}".TrimEnd()));

    public void Dispose() => Image.Dispose();
}
