using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Packages;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Full;

/// <summary>The image as the packages give it, and its file system as one tar that later steps read by random access.</summary>
/// <param name="bases">Puts a base back that somebody took away.</param>
/// <param name="sources">Fetches what the recipe pins.</param>
public sealed class FullStep(IBases bases, ISources sources) : Step<FullInput, FullRecord>
{
    /// <summary>Name of the lock among the inputs.</summary>
    public const string LockInput = "lock";

    public override string Name => "FullImage";

    public override IReadOnlyList<object> Outside => [bases, sources];

    public override string RecordOf(BuildPaths paths) => paths.FullRecord;

    public override FullInput Gather(Workspace workspace, IEngine engine) => FullInput.Of(workspace, sources);

    public override bool StillThere(FullInput input, FullRecord record, IEngine engine) =>
        input.Places.Files.AreUntouched(record) && engine.StillHas(record.ImageId, input.Places.Names.Own("full"));

    public override string? AlsoBecauseOf(FullInput input, FullRecord record) => input.Places.Refresh ? "--refresh" : null;

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
        input.Folder.Write(folder, sources);
        var id = engine.Build(
            new ImageBuild
            {
                Name = places.Names.Own("full"),
                Folder = folder,
                Arguments = Arguments(input, engine),
                IsShared = true,
            }
        );
        engine.NeedBuiltOn(id, places.Base.Name, input.BaseImage);
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
                Image = places.Names.Public("full"),
                ImageId = id,
                Version = input.Folder.Version ?? VersionIn(input, packages),
                ArchiveAsOf = input.Folder.ArchiveAsOf,
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

    private Dictionary<string, string> Arguments(FullInput input, IEngine engine)
    {
        var args = new Dictionary<string, string>(input.Folder.Arguments) { ["BASE"] = input.Places.Base.From(engine, bases) };
        if (input.Places.Compiled is not null)
            args["JOBS"] = input.Places.Jobs;
        return args;
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
        if (input.Folder.Lock is not null)
            NeedApt(places, database.Type);
        if (input.Folder.Lock?.Problems(database.Packages, places.Compiled) is not { Count: > 0 } problems)
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
