using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Outputs.Sbom;
using Gfxbake.Pipeline.Proof;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>What the runtime of packages depends on.</summary>
public sealed record RuntimeInput : PlannedInput
{
    public RuntimeInput(Workspace workspace)
        : base(workspace) { }

    [Input("minimal image")]
    public required string MinimalImage { get; init; }

    [Input("whether it is verified")]
    public required bool IsVerified { get; init; }

    /// <summary>Its name, version, files and time stamp.</summary>
    [Input("what the image is")]
    public required SbomSubject Subject { get; init; }

    [Input("name")]
    public required string Name { get; init; }

    /// <summary>SPDX expressions: the recipe's, and those of its trees.</summary>
    [Input("licence of the recipe")]
    public required IReadOnlyList<string> Licences { get; init; }

    /// <summary>Files of the repository that the recipe adds.</summary>
    [Input("trees of the recipe")]
    public required IReadOnlyList<TreeFile> OwnTrees { get; init; }

    /// <summary>By name: what the code is that further files come from.</summary>
    [Input("sources of trees")]
    public required IReadOnlyDictionary<string, string> SourceDigests { get; init; }

    [Input("packages of the recipe")]
    public required PackageRecipe Rules { get; init; }

    /// <summary>Of the variant's programs, in a container or not.</summary>
    [Input("environment")]
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    [Input("where packages are made")]
    public required Bootstrap Standin { get; init; }

    /// <summary>Texts by name.</summary>
    [Input("docker/packages/bundle")]
    public required IReadOnlyDictionary<string, string> Scripts { get; init; }

    /// <summary>What the image is made of; its id stands for it.</summary>
    [Place]
    public required MinimalRecord Minimal { get; init; }

    [Place]
    public required IReadOnlyList<FullSource> Sources { get; init; }

    [Place]
    public required ImageNames Names { get; init; }

    /// <summary>The command that makes the minimal image.</summary>
    [Place]
    public required string Make { get; init; }

    /// <summary>The trees of this variant, which come from a source.</summary>
    public IEnumerable<PackageTree> TreesOf(FullSource source) => Rules.Trees.Where(t => t.From == source.Code.Name);
}

/// <summary>
/// Turns the verified minimal image into the tree that packages install: the same files at other places, programs started by the loader
/// beside them.
/// </summary>
/// <param name="bases">Brings the bare Debian in which patchelf runs.</param>
/// <param name="sources">Brings code from which the recipe adds files.</param>
public sealed class RuntimeStep(IBases bases, ISources sources) : Step<RuntimeInput, RuntimeRecord>
{
    private static readonly string[] Scripts = ["bundle.Dockerfile", "bundle.sh"];

    public override string Name => "PackageBundle";

    public override IReadOnlyList<object> Outside => [bases, sources];

    public override string RecordOf(BuildPaths paths) => paths.RuntimeRecord;

    public override RuntimeInput Gather(Workspace workspace, IEngine engine)
    {
        var minimal = workspace.Need<MinimalRecord>(workspace.Paths.MinimalRecord, "MinimalImage");
        var name = $"{workspace.Recipe.Name}-{workspace.VariantName}";
        var rules = PackageKey.Of(workspace);
        rules = rules with { Trees = [.. rules.Trees.Where(t => t.IsOf(workspace.VariantName))] };
        var asked = workspace.Asked.Value;
        List<FullSource> found =
        [
            .. rules
                .Trees.Select(t => t.From)
                .OfType<string>()
                .Distinct()
                .Select(f => FullSource.Of(workspace.Recipe.Sources[f], asked, sources)),
        ];
        return new(workspace)
        {
            MinimalImage = minimal.ImageId,
            IsVerified = minimal.Verified,
            Subject = MinimalSbom.Subject(workspace, tool: ""),
            Name = name,
            Licences = [workspace.Recipe.License, .. rules.Trees.Select(t => t.License).OfType<string>()],
            OwnTrees = OwnTrees(workspace, name, rules),
            SourceDigests = found.ToDictionary(s => s.Code.Name, Digest),
            Rules = rules,
            Environment = ImageLabels.InstalledEnvironment(workspace),
            Standin = workspace.Book.Packaging.Standin,
            Scripts = Scripts.ToDictionary(s => s, s => File.ReadAllText(Path.Combine(workspace.Paths.PackageTemplates, s))),
            Minimal = minimal,
            Sources = found,
            Names = workspace.Names,
            Make = workspace.Command("MinimalImage"),
        };
    }

    public override bool StillThere(RuntimeInput input, RuntimeRecord record, IEngine engine) =>
        new FileInfo(Path.Combine(input.Paths.Runtime, record.File)) is { Exists: true } file && file.Length == record.TarBytes;

    public override RuntimeRecord Make(RuntimeInput input, IEngine engine, IReporter reporter, CancellationToken cancellation)
    {
        if (!input.IsVerified)
        {
            throw new StepException(
                "the minimal image is not verified, and nothing else becomes a package; " + $"run {input.Make} without --skip-verify"
            );
        }

        return ExportedImage.Use(
            engine,
            input.Paths.Build,
            input.MinimalImage,
            (image, _) =>
            {
                NeedAsVerified(input, image, engine, cancellation);
                return new RuntimeMaker(input, image, engine, bases, sources, reporter, cancellation).Make();
            }
        );
    }

    private static string Digest(FullSource source) =>
        Fingerprint.Of((string[])[source.State.Digest, .. source.Patches.Select(Fingerprint.OfFile)]);

    private static List<TreeFile> OwnTrees(Workspace workspace, string name, PackageRecipe rules)
    {
        try
        {
            var reader = new TreeReader(new RuntimePlaces(name));
            return [.. rules.Trees.Where(t => t.From is null).SelectMany(t => reader.Read(t, workspace.Paths.Recipes))];
        }
        catch (PackageException exception)
        {
            throw new StepException(exception.Message);
        }
    }

    private static void NeedAsVerified(RuntimeInput input, ImageFileSystem image, IEngine engine, CancellationToken cancellation)
    {
        var proof = new ImageProof(input.Files.ReadTable(input.FullTable), input.StoredPlan.Read(), input.Minimal.Slimmed);
        var wrong = proof.Differences(FileTable.Of(image, cancellation: cancellation));
        if (wrong.Count == 0)
            return;
        throw new StepException(
            $"""
            the engine's storage has other files than the image that was verified:
            {TextLines.First(wrong)}
            Next: {engine.Name} rmi --force {input.MinimalImage}, then run the same command again to build the image anew.
            """
        );
    }
}
