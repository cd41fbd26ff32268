using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Packages;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Full;

/// <summary>What the full image depends on.</summary>
public sealed record FullInput
{
    [Input("base image")]
    public required string BaseImage { get; init; }

    /// <summary>Everything that its context holds and how it is compiled, by names for people.</summary>
    [Inputs]
    public required Dictionary<string, string> Content { get; init; }

    [Input("ROCr")]
    public required ShippedRocr? Rocr { get; init; }

    [Input("gpu")]
    public required string Gpu { get; init; }

    /// <summary>What the GPU needs of a ROCr.</summary>
    [Input("rule of recipes/_shared/hosts.yml")]
    public required RocrRule? Rule { get; init; }

    [Input("version of")]
    public required string? VersionOf { get; init; }

    [Place]
    public required HostFacts Hosts { get; init; }

    /// <summary>File name by which programs load ROCr.</summary>
    [Input("library of recipes/_shared/hosts.yml")]
    public string RocrLibrary => Hosts.Library;

    [Place]
    public required FullPlaces Places { get; init; }
}

/// <summary>Where the full image's parts lie, and what the command line asks for.</summary>
public sealed record FullPlaces
{
    public required BuildPaths Paths { get; init; }

    public required FullFiles Files { get; init; }

    /// <summary>Its name in this checkout, and the one by which people find it.</summary>
    public required (string Own, string Public) Names { get; init; }

    public required string BaseName { get; init; }

    /// <summary>What a Dockerfile calls the base; an image that somebody took away is put back.</summary>
    public required Func<string> Base { get; init; }

    /// <summary>Fills the build's folder.</summary>
    public required Action<string> WriteContext { get; init; }

    /// <summary>Build arguments for a base of this name.</summary>
    public required Func<string, IReadOnlyDictionary<string, string>> Arguments { get; init; }

    /// <summary>The tag or commit that is compiled; null when packages give the version.</summary>
    public required string? Version { get; init; }

    /// <summary>The package that the variant compiles; null when it compiles nothing.</summary>
    public required string? Compiled { get; init; }

    public required string? ArchiveAsOf { get; init; }

    public required VersionLock? Lock { get; init; }

    /// <summary>The command that takes newer versions into the lock.</summary>
    public required string Newer { get; init; }

    /// <summary>Where the recipe says which ROCr it ships, and which package has the version.</summary>
    public required (string Rocr, string Version) RecipeFiles { get; init; }

    public required bool Refresh { get; init; }

    public required bool UpdateLock { get; init; }
}

/// <summary>The image as the packages give it, and its file system as one tar that later steps read by random access.</summary>
/// <param name="gather">What only the host knows.</param>
public sealed class FullStep(Func<FullInput> gather) : Step<FullInput, FullRecord>
{
    /// <summary>Name of the lock among the inputs.</summary>
    public const string LockInput = "lock";

    public override string Name => "FullImage";

    public override string RecordOf(BuildPaths paths) => paths.FullRecord;

    public override FullInput Gather(Workspace workspace, IEngine engine) => gather();

    public override bool StillThere(FullInput input, FullRecord record, IEngine engine) =>
        input.Places.Files.AreUntouched(record) && engine.StillHas(record.ImageId, input.Places.Names.Own);

    public override string? AskedFor(FullInput input) => input.Places.Refresh ? "--refresh" : null;

    /// <summary>Writes the lock of an image, and puts it among the record's inputs: the image was made of just these versions.</summary>
    public override FullRecord Finish(FullInput input, FullRecord record, IReporter reporter)
    {
        var places = input.Places;
        if (!places.UpdateLock)
            return record;
        NeedApt(places, record.PackageType);
        var text = VersionLock.Of(record.Packages, places.Compiled).Text;
        var file = places.Paths.VersionLock;
        if (!File.Exists(file) || File.ReadAllText(file) != text)
            AtomicFile.WriteText(file, text);
        reporter.Say($"  {places.Paths.Show(file)} holds {record.Packages.Count:N0} packages; commit it");
        return record with
        {
            Inputs = new SortedDictionary<string, string>(record.Inputs, StringComparer.Ordinal) { [LockInput] = Fingerprint.Of(text) },
        };
    }

    public override FullRecord Make(FullInput input, IEngine engine, IReporter reporter, CancellationToken cancellation)
    {
        var places = input.Places;
        var old = RecordFile.TryRead<FullRecord>(places.Paths.FullRecord);
        var folder = places.Paths.Context("full");
        places.WriteContext(folder);
        var id = engine.Build(
            new ImageBuild
            {
                Name = places.Names.Own,
                Folder = folder,
                Arguments = places.Arguments(places.Base()),
                IsShared = true,
            }
        );
        engine.NeedBuiltOn(id, places.BaseName, input.BaseImage);
        reporter.Say("  exporting its file system");
        var partial = places.Paths.FullTar + AtomicFile.PartialEnding;
        try
        {
            engine.Export(id, partial);
            using var files = ImageFileSystem.Open(partial);
            var database = ImagePackages.Read(files);
            var packages = database.Packages;
            CheckLock(input, database);
            if (
                old is not null
                && Show(reporter, PackageChanges.Between(old.Packages, packages)).None
                && StaysAsItWas(input, old, engine, reporter)
            )
            {
                return old;
            }
            ImageRocr.Check(input.Hosts, input.Gpu, input.Rocr, places.RecipeFiles.Rocr, files, database);
            var record = new FullRecord
            {
                Inputs = [],
                Image = places.Names.Public,
                ImageId = id,
                Version = places.Version ?? VersionIn(input, packages),
                ArchiveAsOf = places.ArchiveAsOf,
                Size = new ImageSize(ImageStatistics.Of(files.Entries), new FileInfo(partial).Length),
                Files = places.Files.WriteTable(files, reporter, cancellation),
                Packages = packages,
                PackageType = database.Type == FullRecord.Deb ? null : database.Type,
            };
            places.Files.Keep(partial);
            engine.Tag(id, record.Image);
            return record;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Every package that became another one, whatever the image was built again for.</summary>
    private static PackageChanges Show(IReporter reporter, PackageChanges changes)
    {
        if (!changes.None)
        {
            reporter.Say(
                $"  {changes.Changed.Count:N0} packages in another version, {changes.Added.Count:N0} new, {changes.Gone.Count:N0} gone:"
            );
        }

        foreach (var line in changes.Lines())
            reporter.Say("    " + line);
        return changes;
    }

    /// <summary>Where the archive has nothing newer the old image keeps its name, so that nothing after it is done again.</summary>
    private static bool StaysAsItWas(FullInput input, FullRecord old, IEngine engine, IReporter reporter)
    {
        if (!input.Places.Refresh || !IsSame(input, old) || !input.Places.Files.AreUntouched(old) || engine.ImageId(old.ImageId) is null)
            return false;
        engine.Tag(old.ImageId, old.Image);
        reporter.Say($"  the archive has nothing newer: {old.Image} stays as it was");
        return true;
    }

    private static bool IsSame(FullInput input, FullRecord old) =>
        StepInputs.Of(input).All(i => old.Inputs.TryGetValue(i.Key, out var value) && value == i.Value);

    /// <summary>Another version than the locked one is refused, each named.</summary>
    private static void CheckLock(FullInput input, PackageDatabase database)
    {
        var places = input.Places;
        if (places.Lock is not null)
            NeedApt(places, database.Type);
        if (places.Lock?.Problems(database.Packages, places.Compiled) is not { Count: > 0 } problems)
            return;
        throw new StepException(
            $"""
            the archive gave other versions than {places.Paths.Show(places.Paths.VersionLock)} has:
            {TextLines.First(problems)}
            Next: {places.Newer} takes what the archive has now; or point the base at an archive that still has the locked ones.
            """
        );
    }

    /// <summary>Of RPMs nobody could ask for the locked versions again: the lock is written for apt.</summary>
    private static void NeedApt(FullPlaces places, string? type)
    {
        if (type is null or FullRecord.Deb)
            return;
        throw new StepException(
            $"""
            {places.Paths.Show(places.Paths.VersionLock)} holds versions for apt, and the packages of this image are of type {type}
            Next: leave the lock and --update-lock out; 'packages' of the variant pins RPMs by their digests (docs/rpm-images.md).
            """
        );
    }

    private static string VersionIn(FullInput input, IReadOnlyList<InstalledPackage> packages) =>
        packages.FirstOrDefault(p => p.Name == input.VersionOf)?.Version
        ?? throw new StepException(
            $"package {input.VersionOf} (version_of) is not in the image; correct {input.Places.RecipeFiles.Version}"
        );
}
