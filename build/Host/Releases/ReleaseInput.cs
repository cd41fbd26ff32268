using Cake.Core;
using Gfxbake.Formats.Archives;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Outputs.Export;
using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Pipeline.Outputs.Release;
using Gfxbake.Pipeline.Outputs.Sbom;
using Gfxbake.Pipeline.Outputs.Sizes;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Host.Releases;

/// <summary>What is released: the records of one verified build, and the files that belong to it.</summary>
internal sealed class ReleaseInput
{
    private const int CommitDigits = 40;

    private const string Ending = ".tar.zst";

    private readonly List<string> problems = [];
    private readonly List<string> files = [];
    private readonly BuildContext context;

    private BuildPaths Paths => context.Paths;

    private ReleaseInput(BuildContext context)
    {
        this.context = context;
        var paths = context.Paths;
        Full = Need<FullRecord>(paths.FullRecord, "FullImage");
        Minimal = Need<MinimalRecord>(paths.MinimalRecord, "MinimalImage");
        Verify = Need<VerifyRecord>(paths.VerifyRecord, "VerifyMinimal");
        Sizes = Need<SizeReport>(paths.SizesRecord, "All");
    }

    public FullRecord Full { get; }

    public MinimalRecord Minimal { get; }

    public VerifyRecord Verify { get; }

    public SizeReport Sizes { get; }

    public IReadOnlyList<string> Files => files;

    /// <exception cref="CakeException">Something is missing, unverified or of another build: everything that is wrong is named.</exception>
    public static ReleaseInput Collect(BuildContext context)
    {
        var input = new ReleaseInput(context);
        // What is missing is named already; the rest is compared with each other.
        if (input.Minimal is not null && input.Verify is not null && input.Sizes is not null && input.Full is not null)
            input.CheckRecords();
        input.AddExport("minimal", input.Minimal?.ImageId, "SaveMinimalImageZst", isNeeded: true);
        input.AddExport("full", input.Full?.ImageId, "SaveImageZst", isNeeded: false);
        input.AddSboms();
        input.AddPackages();
        return input.problems.Count == 0
            ? input
            : throw new CakeException(
                $"{context.Recipe.Name} {context.VariantName} is not released:\n{string.Join('\n', input.problems.Select(p => "  " + p))}"
            );
    }

    /// <summary>Compares an export with the checksum beside it.</summary>
    /// <exception cref="CakeException">They differ.</exception>
    public static void CheckExport(BuildContext context, ReleasedFile file)
    {
        var beside = new ExportFile(file.Path).ChecksumPath;
        if (
            Path.GetDirectoryName(file.Path) == context.Paths.Images
            && (!File.Exists(beside) || !File.ReadAllText(beside).StartsWith(file.Sha256, StringComparison.Ordinal))
        )
        {
            throw new CakeException(
                $"{context.Paths.Show(file.Path)} has the SHA-256 {file.Sha256}, and {Path.GetFileName(beside)} does not say so; "
                    + $"delete it and make it anew: {context.Command("SaveMinimalImageZst")} (or SaveImageZst)"
            );
        }
    }

    /// <summary>Compares a package with its record, which its build and its trial wrote.</summary>
    /// <exception cref="CakeException">They differ.</exception>
    public static void CheckPackage(BuildContext context, ReleasedFile file)
    {
        if (
            Path.GetDirectoryName(file.Path) == context.Paths.Packages
            && Records(context.Paths).FirstOrDefault(r => r.File == Path.GetFileName(file.Path))?.Sha256 != file.Sha256
        )
        {
            throw new CakeException(
                $"{context.Paths.Show(file.Path)} has the SHA-256 {file.Sha256}, and the record of its build does not say so; "
                    + $"delete it and make it anew: {context.Command("Packages")}"
            );
        }
    }

    private static IEnumerable<PackageRecord> Records(BuildPaths paths) =>
        paths.PackageRecords.Select(RecordFile.TryRead<PackageRecord>).OfType<PackageRecord>();

    private void CheckRecords()
    {
        if (!Minimal.Verified)
            problems.Add($"minimal.json says that the image is not verified; run {context.Command("All")} without --skip-verify");
        if (!Verify.Passed || Verify.ImageId != Minimal.ImageId)
            problems.Add($"verify.json does not say that this minimal image passed; run {context.Command("All")}");
        if (!Sizes.Verified || Sizes.MinimalImageId != Minimal.ImageId)
            problems.Add($"sizes.json is not of this verified minimal image; run {context.Command("All")}");
        if (!Gfxbake.Recipes.Pins.UpstreamNames.IsHex(Sizes.Revision, CommitDigits))
        {
            problems.Add(
                $"sizes.json names the revision '{Sizes.Revision}', which is no commit; "
                    + $"commit what differs, then run {context.Command("All")}"
            );
        }
        else if (
            Minimal.Inputs.GetValueOrDefault("labels")
            != Fingerprint.Of(
                new Dictionary<string, string>(ImageLabels.Of(context.Workspace, "minimal", Full.Version))
                {
                    [ImageLabels.Revision] = GitRevision.OfImages(context, Sizes.Revision) ?? Sizes.Revision,
                }
            )
        )
        {
            problems.Add(
                $"the minimal image was made of another commit than {Sizes.Revision}, or of another recipe than the one that is there; "
                    + $"run {context.Command("All")}"
            );
        }
    }

    private void AddExport(string kind, string? image, string target, bool isNeeded)
    {
        var file = Paths.Export(kind, Ending);
        if (!File.Exists(file))
        {
            if (isNeeded)
                problems.Add($"{Paths.Show(file)} is missing; run {context.Command(target)}");
            return;
        }

        var made = RecordFile.TryRead<ExportRecord>(Paths.ExportRecord(kind, Ending));
        if (image is not null && made?.Inputs.GetValueOrDefault("image") != image)
            problems.Add($"{Paths.Show(file)} is not of this build's {kind} image; run {context.Command(target)}, or delete it");
        files.Add(file);
    }

    private void AddSboms()
    {
        foreach (var file in new[] { Paths.SpdxSbom, Paths.CycloneDxSbom })
        {
            // Time and tool do not name a document.
            var isOurs =
                Minimal is not null
                && Full is not null
                && SbomCheck.IsOf(file, new SbomSubject(Minimal.Image, Full.Version, Minimal.RootFileSystem, 0, ""));
            if (!isOurs)
                problems.Add($"{Paths.Show(file)} is missing or not of this minimal image; run {context.Command("Sbom")}");
            files.Add(file);
        }
    }

    private void AddPackages()
    {
        // Ordinary files only: a link could name any file of this machine.
        List<string> packages = Directory.Exists(Paths.Packages)
            ?
            [
                .. new DirectoryInfo(Paths.Packages)
                    .EnumerateFiles()
                    .Where(f =>
                        f.LinkTarget is null
                        && !f.Name.StartsWith('.')
                        && !f.Name.EndsWith(AtomicFile.PartialEnding, StringComparison.Ordinal)
                    )
                    .Select(f => f.FullName)
                    .Order(StringComparer.Ordinal),
            ]
            : [];
        files.AddRange(packages);
        var runtime = RecordFile.TryRead<RuntimeRecord>(Paths.RuntimeRecord);
        var ours = Records(Paths)
            .Where(r =>
                runtime is not null && runtime.MinimalImageId == Minimal?.ImageId && r.Inputs.GetValueOrDefault("bundle") == runtime.Sha256
            )
            .Select(r => r.File)
            .ToHashSet(StringComparer.Ordinal);
        problems.AddRange(
            packages
                .Where(p => !ours.Contains(Path.GetFileName(p)))
                .Select(p =>
                    $"{Paths.Show(p)} was not made of this minimal image and tried; run {context.Command("Packages")}, or delete it"
                )
        );
        problems.AddRange(
            files
                .Append(ReleaseText.ChecksumFile)
                .GroupBy(f => ReleaseNames.Asset(Path.GetFileName(f)), StringComparer.OrdinalIgnoreCase)
                .Where(g => g.Count() > 1)
                .Select(g => $"{string.Join(" and ", g.Select(Path.GetFileName))} would both be called {g.Key} on GitHub; rename one")
        );
    }

    /// <summary>A record, or a problem and nothing; Collect gives nobody an input with problems.</summary>
    private T Need<T>(string file, string target)
        where T : class
    {
        var record = RecordFile.TryRead<T>(file);
        if (record is null)
            problems.Add($"{Paths.Show(file)} is missing or of an older form; run {context.Command(target)}");
        return record!;
    }
}
