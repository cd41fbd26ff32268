using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Devices;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>What a package of one format depends on.</summary>
public sealed record PackageInput
{
    [Input("bundle")]
    public required string Bundle { get; init; }

    /// <summary>The runtime's record, without where the runtime came from.</summary>
    [Input("what the bundle holds")]
    public required RuntimeRecord Runtime { get; init; }

    [Input("files of the package")]
    public required PackageFiles Files { get; init; }

    [Input("docker/packages")]
    public required string Dockerfile { get; init; }

    /// <summary>Of no other format: what is said of that changes nothing here.</summary>
    [Input("where packages are made")]
    public required PackagingFacts Facts { get; init; }

    [Input("release")]
    public required int Release { get; init; }

    [Input("epoch of the version")]
    public required int VersionEpoch { get; init; }

    [Input("user of the package")]
    public required string User { get; init; }

    [Input("trace.json")]
    public required string Trace { get; init; }

    [Input("results of the full image")]
    public required IReadOnlyList<string> Results { get; init; }

    /// <summary>Digests of the kits of devices.</summary>
    [Input("kits.json")]
    public required IReadOnlyDictionary<string, string> Kits { get; init; }

    [Input("workloads of the recipe")]
    public required IReadOnlyList<Workload> Workloads { get; init; }

    /// <summary>
    /// What the recipe says of a container, such as the address to listen on; what the programs themselves need, their starters must set.
    /// </summary>
    [Input("environment of containers")]
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    [Input("health check of the image")]
    public required Healthcheck? Healthcheck { get; init; }

    [Input("flags of containers")]
    public required IReadOnlyList<string> ContainerFlags { get; init; }

    /// <summary>The format's name.</summary>
    [Place]
    public required string Format { get; init; }

    [Place]
    public required BuildPaths Paths { get; init; }

    [Place]
    public required ImageNames Names { get; init; }

    [Place]
    public required WorkloadFiles WorkloadFiles { get; init; }

    /// <summary>What packages of the format are like.</summary>
    [Place]
    public PackageFormat Settings => Facts.Format(Format);

    /// <param name="workspace">The build.</param>
    /// <param name="format">The format's name.</param>
    /// <param name="engine">Runs the workloads.</param>
    public static PackageInput Of(Workspace workspace, string format, IEngine engine)
    {
        var (paths, facts, rules) = (workspace.Paths, workspace.Book.Packaging, PackageKey.Of(workspace));
        var runtime = workspace.Need<RuntimeRecord>(paths.RuntimeRecord, "PackageBundle");
        var results = WorkloadFiles.Of(workspace);
        return new()
        {
            Bundle = runtime.Sha256,
            Runtime = runtime with { Inputs = [], MinimalImageId = "" },
            Files = PackageFiles.Of(workspace, format, runtime),
            Dockerfile = File.ReadAllText(Path.Combine(paths.PackageTemplates, format + ".Dockerfile")),
            Facts = facts with { Formats = new Dictionary<string, PackageFormat> { [format] = facts.Format(format) } },
            Release = rules.Release,
            VersionEpoch = rules.Epoch,
            User = rules.User,
            Trace = Fingerprint.OfFile(paths.TraceRecord),
            Results = results.Digests(workspace.Workloads),
            Kits = workspace.Need<KitsRecord>(paths.KitsRecord, "DeviceKits").Kits,
            Workloads = workspace.Workloads,
            Environment = workspace.Recipe.Image.Environment.Where(e => !rules.Environment.ContainsKey(e.Key)).ToDictionary(),
            Healthcheck = workspace.Recipe.Image.Healthcheck,
            ContainerFlags = engine.ContainerFlags,
            Format = format,
            Paths = paths,
            Names = workspace.Names,
            WorkloadFiles = results,
        };
    }
}
