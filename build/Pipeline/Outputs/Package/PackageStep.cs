using Gfxbake.Formats.Files;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>
/// Builds one kind of package with the distribution's own tools, installs and removes it in an alternate root, and runs the recipe's
/// workloads there. Only then the file is put where packages are.
/// </summary>
/// <param name="format">Name of a format of recipes/_shared/packages.yml, which says all that differs between them.</param>
/// <param name="target">What the format calls its step.</param>
/// <param name="bases">Brings what packages are made in.</param>
public sealed class PackageStep(string format, string target, IBases bases) : Step<PackageInput, PackageRecord>
{
    private const int Columns = 80;

    public override string Name => target;

    public override IReadOnlyList<object> Outside => [bases];

    public override string RecordOf(BuildPaths paths) => paths.PackageRecord(format);

    public override PackageInput Gather(Workspace workspace, IEngine engine) => PackageInput.Of(workspace, format, engine);

    public override bool StillThere(PackageInput input, PackageRecord record, IEngine engine) =>
        record.Workloads.All(w => w.Problems.Count == 0)
        && new FileInfo(Path.Combine(input.Paths.Packages, record.File)) is { Exists: true } file
        && file.Length == record.Bytes;

    public override PackageRecord Make(PackageInput input, IEngine engine, IReporter reporter, CancellationToken cancellation)
    {
        var (runtime, packages) = (input.Runtime, input.Paths.Packages);
        var folder = input.Paths.Context(input.Format);
        input.Files.Write(folder, input.Dockerfile, Path.Combine(input.Paths.Runtime, runtime.File));
        using var images = new PackageImages(input, engine, bases, folder, cancellation);
        using var built = PackageOutput.Take(input.Paths, engine, images.Build(), input.Settings.Ending);
        reporter.Say($"  {built.Name}: {built.Bytes / 1e6:N1} MB, installed {runtime.FileBytes / 1e6:N1} MB");
        var names = new PackageFileName(input.Settings, runtime.Name);
        CheckName(input, built.Name, names.Of(runtime.Version, input.Release, input.VersionEpoch));
        var older = Fingerprint
            .FilesOf(packages)
            .Where(names.IsMatch)
            .Select(f => Path.Combine(packages, f))
            .Where(f => !built.IsSame(f))
            .MaxBy(File.GetLastWriteTimeUtc);
        var proven = images.Install(built, older);
        foreach (var line in proven.SelectMany(l => TextLines.Wrap("  " + l, Columns, "    ")))
            reporter.Say(line);
        var verdicts = Verdicts(input, images, engine, reporter, cancellation);
        built.Publish(packages, input.Paths.PackageSources(input.Format), folder, input.Files.Sources, names.IsMatch);
        return new PackageRecord
        {
            Inputs = [],
            File = built.Name,
            Bytes = built.Bytes,
            Sha256 = built.Sha256,
            InstalledBytes = runtime.FileBytes,
            Builder = images.Builder,
            Proven = proven,
            Workloads = verdicts,
        };
    }

    /// <summary>Runs the workloads with the programs of the package.</summary>
    private static List<WorkloadVerdict> Verdicts(
        PackageInput input,
        PackageImages images,
        IEngine engine,
        IReporter reporter,
        CancellationToken cancellation
    )
    {
        var places = new WorkloadPlaces(input.Paths, input.Healthcheck);
        var runner = new WorkloadRunner(engine, places, input.Environment, cancellation);
        var judge = new WorkloadJudge(runner, input.Workloads, input.WorkloadFiles, reporter);
        var verdicts = input.Workloads.Select(w => judge.Judge(w, images.InstalledId, "same as image")).ToList();
        var problems = verdicts.SelectMany(v => v.Problems.Select(p => $"  {v.Name}: {p}")).ToList();
        return problems.Count == 0
            ? verdicts
            : throw new StepException(
                $"the installed programs do not do what the image's do:\n{string.Join('\n', problems)}\n"
                    + $"Next: read docs/packages.md; the alternate root is the image {images.Keep()}."
            );
    }

    // By its name an older package is found, upgraded and replaced.
    private static void CheckName(PackageInput input, string built, string expected)
    {
        if (built != expected)
        {
            throw new StepException(
                $"the build made {built}, and by formats.{input.Format}.file of recipes/_shared/packages.yml it is called {expected}; "
                    + "correct one of them"
            );
        }
    }
}
