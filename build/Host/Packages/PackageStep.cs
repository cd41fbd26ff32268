using Cake.Common.Diagnostics;
using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Images;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Packages;

/// <summary>
/// Builds one kind of package with the distribution's own tools, installs and removes it in an alternate root, and runs the recipe's
/// workloads there. Only then the file is put where packages are.
/// </summary>
/// <param name="format">Name of a format of recipes/_shared/packages.yml, which says all that differs between them.</param>
public abstract class PackageStep(string format) : RecordedTask<PackageRecord>
{
    private const int Columns = 80;

    public string Format => format;

    protected sealed override string NameOf(BuildContext context) => FormatOf(context).Target;

    protected sealed override string RecordOf(BuildPaths paths) => paths.PackageRecord(format);

    protected sealed override SortedDictionary<string, string> InputsOf(BuildContext context)
    {
        var runtime = Runtime(context);
        var facts = context.Book.Packaging;
        return new(StringComparer.Ordinal)
        {
            ["bundle"] = runtime.Sha256,
            ["files of the package"] = new PackageContext(context, format, runtime).Fingerprint,
            ["docker/packages"] = Fingerprint.OfFile(Path.Combine(context.Paths.PackageTemplates, format + ".Dockerfile")),
            // Of no other format: what is said of that changes nothing here.
            ["where packages are made"] = Fingerprint.Of(
                facts with
                {
                    Formats = new Dictionary<string, PackageFormat> { [format] = FormatOf(context) },
                }
            ),
            ["trace.json"] = Fingerprint.OfFile(context.Paths.TraceRecord),
            ["workloads of the recipe"] = Fingerprint.Of(context.Workloads),
        };
    }

    protected sealed override bool StillThere(BuildContext context, PackageRecord record) =>
        record.Workloads.All(w => w.Problems.Count == 0)
        && new FileInfo(Path.Combine(context.Paths.Packages, record.File)) is { Exists: true } file
        && file.Length == record.Bytes;

    protected sealed override PackageRecord Make(BuildContext context, SortedDictionary<string, string> inputs)
    {
        var (settings, runtime) = (FormatOf(context), Runtime(context));
        var files = new PackageContext(context, format, runtime);
        var folder = context.Paths.Context(format);
        files.Write(folder);
        using var images = new PackageImages(context, format, folder);
        using var built = PackageOutput.Take(context, images.Build(runtime.Epoch), settings.Ending);
        context.Information("  {0}: {1:N1} MB, installed {2:N1} MB", built.Name, built.Bytes / 1e6, runtime.FileBytes / 1e6);
        var names = new PackageFileName(settings, runtime.Name);
        CheckName(built.Name, names.Of(runtime.Version, PackageKey.Of(context).Release));
        bool IsOlder(string file) => file != built.Name && names.IsMatch(file);
        var older = Fingerprint
            .FilesOf(context.Paths.Packages)
            .Where(IsOlder)
            .Select(f => Path.Combine(context.Paths.Packages, f))
            .MaxBy(File.GetLastWriteTimeUtc);
        var proven = images.Install(built, older, runtime.Epoch);
        foreach (var line in proven.SelectMany(l => TextLines.Wrap("  " + l, Columns, "    ")))
            context.Information("{0}", line);
        var verdicts = Verdicts(context, images);
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

    private static List<WorkloadVerdict> Verdicts(BuildContext context, PackageImages images)
    {
        var verdicts = Proofs.OfInstalled(context, images.InstalledId);
        var problems = verdicts.SelectMany(v => v.Problems.Select(p => $"  {v.Name}: {p}")).ToList();
        return problems.Count == 0
            ? verdicts
            : throw new CakeException(
                $"the installed programs do not do what the image's do:\n{string.Join('\n', problems)}\n"
                    + $"Next: read docs/packages.md; the alternate root is the image {images.Keep()}."
            );
    }

    // By its name an older package is found, upgraded and replaced.
    private void CheckName(string built, string expected)
    {
        if (built != expected)
        {
            throw new CakeException(
                $"the build made {built}, and by formats.{format}.file of recipes/_shared/packages.yml it is called {expected}; "
                    + "correct one of them"
            );
        }
    }

    private PackageFormat FormatOf(BuildContext context) => context.Book.Packaging.Format(format);

    private static RuntimeRecord Runtime(BuildContext context) => context.Need<RuntimeRecord>(context.Paths.RuntimeRecord, "PackageBundle");
}
