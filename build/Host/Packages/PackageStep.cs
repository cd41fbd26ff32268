using Cake.Common.Diagnostics;
using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Workloads;
using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Packages;

/// <summary>Builds one kind of package with the distribution's own tools, installs and removes it in an alternate root, and runs the recipe's workloads there. Only then the file is put where packages are.</summary>
/// <param name="format">arch or fedora: names the files docker/packages/FORMAT*.</param>
public abstract class PackageStep(string format) : Step<PackageRecord>
{
    private const int Columns = 80;

    /// <summary>All kinds of packages.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["arch", "fedora"];

    protected abstract PackageFormat Settings(PackagingFacts facts);

    protected sealed override string RecordOf(BuildPaths paths) => paths.PackageRecord(format);

    protected sealed override SortedDictionary<string, string> InputsOf(BuildContext context)
    {
        var runtime = Runtime(context);
        return new(StringComparer.Ordinal)
        {
            ["bundle"] = runtime.Sha256,
            ["files of the package"] = new PackageContext(context, format, Settings(context.Book.Packaging), runtime).Fingerprint,
            ["docker/packages"] = Fingerprint.OfFile(Path.Combine(context.Paths.PackageTemplates, format + ".Dockerfile")),
            ["where packages are made"] = Fingerprint.Of(context.Book.Packaging),
            ["trace.json"] = Fingerprint.OfFile(context.Paths.TraceRecord),
            ["workloads of the recipe"] = Fingerprint.Of(context.Workloads),
            ["gfxbake"] = Fingerprint.OfCode,
        };
    }

    protected sealed override bool StillThere(BuildContext context, PackageRecord record) =>
        record.Workloads.All(w => w.Problems.Count == 0)
        && new FileInfo(Path.Combine(context.Paths.Packages, record.File)) is { Exists: true } file
        && file.Length == record.Bytes;

    protected sealed override PackageRecord Make(BuildContext context, SortedDictionary<string, string> inputs)
    {
        var (settings, runtime) = (Settings(context.Book.Packaging), Runtime(context));
        var files = new PackageContext(context, format, settings, runtime);
        var folder = context.Paths.Context(format);
        files.Write(folder);
        using var images = new PackageImages(context, format, folder);
        using var built = PackageOutput.Take(context, images.Build(settings, runtime.Epoch), settings.Ending);
        context.Information("  {0}: {1:N1} MB, installed {2:N1} MB", built.Name, built.Bytes / 1e6, runtime.FileBytes / 1e6);
        bool IsOlder(string file) =>
            file != built.Name
            && file.StartsWith(runtime.Name + "-", StringComparison.Ordinal)
            && file.EndsWith(settings.Ending, StringComparison.Ordinal);
        var older = Fingerprint
            .FilesOf(context.Paths.Packages)
            .Where(IsOlder)
            .Select(f => Path.Combine(context.Paths.Packages, f))
            .MaxBy(File.GetLastWriteTimeUtc);
        var proven = images.Install(built, older, runtime.Epoch);
        foreach (var line in proven.SelectMany(l => TextLines.Wrap("  " + l, Columns, "    ")))
            context.Information("{0}", line);
        var verdicts = context
            .Workloads.Select(w => WorkloadJudge.Judge(context, w, images.InstalledId, "same as image", installed: true))
            .ToList();
        if (verdicts.SelectMany(v => v.Problems.Select(p => $"  {v.Name}: {p}")).ToList() is { Count: > 0 } problems)
        {
            throw new CakeException(
                $"the installed programs do not do what the image's do:\n{string.Join('\n', problems)}\nNext: read docs/packages.md; the alternate root is the image {images.Keep()}."
            );
        }

        built.Publish(context.Paths.Packages, context.Paths.PackageSources(format), folder, files.Sources, IsOlder);
        return new PackageRecord
        {
            Inputs = inputs,
            File = built.Name,
            Bytes = built.Bytes,
            Sha256 = built.Sha256,
            InstalledBytes = runtime.FileBytes,
            Builder = images.Builder,
            Proven = proven,
            Workloads = verdicts,
        };
    }

    private static RuntimeRecord Runtime(BuildContext context) => context.Need<RuntimeRecord>(context.Paths.RuntimeRecord, "PackageBundle");
}
