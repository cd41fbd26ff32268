using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Images;
using Gfxbake.Host.Packages;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tasks.Images;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tasks.Packages;

/// <summary>
/// Turns the verified minimal image into the tree that packages install: the same files at other places, programs started by the loader
/// beside them.
/// </summary>
[TaskName("PackageBundle")]
[TaskDescription("Makes the runtime that the packages install")]
[IsDependentOn(typeof(MinimalImage))]
public sealed class PackageBundle : RecordedTask<RuntimeRecord>
{
    protected override string RecordOf(BuildPaths paths) => paths.RuntimeRecord;

    protected override SortedDictionary<string, string> InputsOf(BuildContext context) =>
        new(StringComparer.Ordinal)
        {
            ["minimal image"] = Minimal(context).ImageId,
            ["packages of the recipe"] = Fingerprint.Of(PackageKey.Of(context)),
            ["where packages are made"] = Fingerprint.Of(context.Book.Packaging.Standin),
            ["docker/packages/bundle"] = Fingerprint.Of(
                Scripts.Select(s => Fingerprint.OfFile(Path.Combine(context.Paths.PackageTemplates, s)))
            ),
        };

    private static IEnumerable<string> Scripts => ["bundle.Dockerfile", "bundle.sh"];

    protected override bool StillThere(BuildContext context, RuntimeRecord record) =>
        new FileInfo(Path.Combine(context.Paths.Runtime, record.File)) is { Exists: true } file && file.Length == record.TarBytes;

    protected override RuntimeRecord Make(BuildContext context, SortedDictionary<string, string> inputs)
    {
        var minimal = Minimal(context);
        if (!minimal.Verified)
        {
            throw new CakeException(
                "the minimal image is not verified, and nothing else becomes a package; "
                    + $"run {context.Command("MinimalImage")} without --skip-verify"
            );
        }

        return ExportedImage.Use(
            context,
            minimal.ImageId,
            (image, _) =>
            {
                var wrong = Proofs.WrongFiles(context, minimal.Slimmed, image);
                var remove = $"{context.Engine.Kind.ToString().ToLowerInvariant()} rmi --force {minimal.ImageId}";
                return wrong.Count == 0
                    ? new RuntimeMaker(context, image).Make(inputs, minimal)
                    : throw new CakeException(
                        $"""
                        the engine's storage has other files than the image that was verified:
                        {TextLines.First(wrong)}
                        Next: {remove}, then run the same command again to build the image anew.
                        """
                    );
            }
        );
    }

    private static MinimalRecord Minimal(BuildContext context) => context.Need<MinimalRecord>(context.Paths.MinimalRecord, "MinimalImage");
}
