using System.Security.Cryptography;
using Gfxbake.Formats.Comgr;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Devices;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Answers;

/// <summary>What stand-ins that answer depend on.</summary>
public sealed record AnswersInput
{
    [Input("base image")]
    public required string BaseImage { get; init; }

    /// <summary>What installs a C compiler in the base; null: apt-get.</summary>
    [Input("command of the base that installs a compiler")]
    public required string? InstallCompiler { get; init; }

    [Input("full image")]
    public required string FullImage { get; init; }

    /// <summary>The rules that have answers, by name.</summary>
    [Input("stand-ins that answer")]
    public required IReadOnlyDictionary<string, StandInRule> Rules { get; init; }

    [Input("devices that they are recorded on")]
    public required IReadOnlyDictionary<string, Device> Devices { get; init; }

    /// <summary>Digests of the kits of these devices.</summary>
    [Input("kits.json")]
    public required IReadOnlyDictionary<string, string> Kits { get; init; }

    /// <summary>Files of docker/standins by their path in the repository.</summary>
    [Inputs]
    public required Dictionary<string, string> Templates { get; init; }

    [Place]
    public required BuildPaths Paths { get; init; }

    [Place]
    public required ImageNames Names { get; init; }

    [Place]
    public required BuiltBase Base { get; init; }
}

/// <summary>
/// Makes the stand-ins that answer: compiles them, and records in the full image what the real library is asked and what it says.
/// </summary>
/// <param name="bases">Puts a base back that somebody took away.</param>
public sealed class AnswersStep(IBases bases) : Step<AnswersInput, AnswersRecord>
{
    private const string Folder = "docker/standins/",
        Recorder = "recorder",
        Parts = "/gfxbake-answers";

    // Errors of programs are long; their beginning says what happened.
    private const int LongestOutput = 2000;

    private const int Runs = 2;

    public override string Name => "RecordAnswers";

    public override IReadOnlyList<object> Outside => [bases];

    public override string RecordOf(BuildPaths paths) => paths.AnswersRecord;

    public override AnswersInput Gather(Workspace workspace, IEngine engine)
    {
        var rules = workspace.StandIns.Where(r => r.Value.Answers is not null).ToDictionary();
        var devices = rules
            .Values.Select(r => r.Answers!.Device)
            .Distinct()
            .ToDictionary(d => d, d => workspace.Book.Devices[d].For(workspace.Recipe.Gpu));
        var kits = workspace.Need<KitsRecord>(workspace.Paths.KitsRecord, "DeviceKits").Kits;
        if (rules.FirstOrDefault(r => !kits.ContainsKey(r.Value.Answers!.Device)) is { Value: { } says, Key: var rule })
        {
            throw new StepException(
                $"the stand-in {rule} is recorded on {says.Answers!.Device}, on which no workload of {workspace.VariantName} runs: "
                    + $"this variant asks for no such library; leave {rule} out of --standins, or run with --standins=none"
            );
        }

        return new()
        {
            BaseImage = BuiltBase.Of(workspace).Id,
            InstallCompiler = rules.Count == 0 ? null : workspace.Variant.Base.Trace?.Compiler,
            FullImage = workspace.Need<FullRecord>(workspace.Paths.FullRecord, "FullImage").ImageId,
            Rules = rules,
            Devices = devices,
            Kits = kits.Where(k => devices.ContainsKey(k.Key)).ToDictionary(),
            Templates = rules
                .Values.Select(r => r.Answers!.From)
                .Distinct()
                .SelectMany(f => KitBuild.Templates(workspace, Folder, f))
                .ToDictionary(),
            Paths = workspace.Paths,
            Names = workspace.Names,
            Base = BuiltBase.Of(workspace),
        };
    }

    public override bool StillThere(AnswersInput input, AnswersRecord record, IEngine engine) =>
        record.StandIns.All(s =>
            File.Exists(input.Paths.StandIn(s.Key))
            && s.Value.Sha256.StartsWith(Fingerprint.OfFile(input.Paths.StandIn(s.Key)), StringComparison.Ordinal)
        );

    public override AnswersRecord Make(AnswersInput input, IEngine engine, IReporter reporter, CancellationToken cancellation)
    {
        var made = new SortedDictionary<string, AnsweringStandIn>(StringComparer.Ordinal);
        foreach (var (rule, says) in input.Rules)
        {
            var answers = says.Answers!;
            var kit = MakeKit(rule, answers, input, engine);
            var real = RealLibrary(rule, says, input);
            var outer = input.Paths.Context($"answers-{rule}");
            Folders.Remove(outer);
            var parts = Folders.OpenToAll(outer, "parts");
            foreach (var settings in Combinations(answers.Vary))
            {
                cancellation.ThrowIfCancellationRequested();
                // Twice, since a compiler need not say the same twice: the parts then tell.
                for (var run = 0; run < Runs; run++)
                    Record(rule, answers, input, engine, kit, real, parts, settings);
                var with = string.Join(' ', settings.Select(s => $"{s.Key}={s.Value}"));
                reporter.Say($"  {rule}: recorded{(with.Length == 0 ? "" : " with " + with)}");
            }

            made[rule] = Finish(rule, answers, input, kit, parts);
            reporter.Say($"  {rule}: {SizeText.Count(made[rule].Requests)} answers in {SizeText.Of(made[rule].Size)}");
        }

        return new() { Inputs = [], StandIns = made };
    }

    private string MakeKit(string rule, StandInAnswers answers, AnswersInput input, IEngine engine)
    {
        var kit = input.Paths.Kit("standin-" + rule);
        new KitBuild(
            Folder,
            answers.From,
            input.Names.Own("standin-" + rule),
            input.Paths.Context("standin-" + rule),
            KitBuild.Arguments(input.Base.From(engine, bases), input.InstallCompiler)
        ).Make(engine, input.Templates, kit);
        return kit;
    }

    /// <summary>The path in the image of the library that is replaced.</summary>
    private static string RealLibrary(string rule, StandInRule says, AnswersInput input)
    {
        using var image = ImageFileSystem.Open(input.Paths.FullTar);
        var found = image
            .Entries.Where(e =>
                e.Kind == Formats.Tar.EntryKind.File && PathGlob.Matches(says.Library, e.Path[(e.Path.LastIndexOf('/') + 1)..])
            )
            .Select(e => e.Path)
            .ToList();
        return found.Count == 1
            ? found[0]
            : throw new StepException(
                $"the stand-in {rule} replaces one library {says.Library}, and the full image has {found.Count} of that name"
                    + $"{(found.Count == 0 ? "" : $" ({string.Join(", ", found)})")}; run with --standins=none"
            );
    }

    private static void Record(
        string rule,
        StandInAnswers answers,
        AnswersInput input,
        IEngine engine,
        string kit,
        string real,
        string parts,
        IReadOnlyDictionary<string, string> settings
    )
    {
        var device = input.Devices[answers.Device];
        var inside = $"{Device.Kits}/standin-{rule}";
        string Filled(string text) => text.Replace("{kit}", inside, StringComparison.Ordinal);
        var environment = new Dictionary<string, string>(device.Environment)
        {
            [answers.RealVariable] = real,
            [answers.RecordVariable] = Parts,
            ["LD_LIBRARY_PATH"] = $"{inside}/{Recorder}",
            ["HOME"] = "/tmp",
        };
        foreach (var (name, value) in settings)
            environment[name] = Filled(value);
        using var run = engine.Start(
            new ContainerStart
            {
                Image = input.FullImage,
                Program = Filled(answers.Command[0]),
                Arguments = [.. answers.Command.Skip(1).Select(Filled)],
                Environment = environment,
                Mounts = [new(kit, inside), .. DeviceParts.Mounts(device, input.Paths.Kit(device.Name)), new(parts, Parts, Writable: true)],
                Nodes = DeviceParts.Nodes(device),
            }
        );
        var status = run.Wait(TimeSpan.FromSeconds(answers.Timeout * device.TimeFactor));
        if (status is null)
            run.Kill();
        if (status == 0 && run.Stdout.Contains(answers.Expect, StringComparison.Ordinal))
            return;
        var output = PlainText.Visible((run.Stdout + run.Stderr).Trim());
        var end = status is null ? "did not end" : $"ended with {status}";
        throw new StepException(
            $"what the stand-in {rule} must answer can't be recorded: {string.Join(' ', answers.Command)} "
                + $"{end}: {(output.Length > LongestOutput ? output[..LongestOutput] : output)}\n"
                + "Next: run with --standins=none"
        );
    }

    private static AnsweringStandIn Finish(string rule, StandInAnswers answers, AnswersInput input, string kit, string parts)
    {
        try
        {
            var table = ComgrTable.Read(parts);
            var bytes = table.Behind(File.ReadAllBytes(Path.Combine(kit, answers.Library)));
            AtomicFile.Write(input.Paths.StandIn(rule), stream => stream.Write(bytes));
            return new(Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length, table.Requests);
        }
        catch (ComgrFormatException error)
        {
            throw new StepException($"what the stand-in {rule} must answer can't be recorded: {error.Message}; run with --standins=none");
        }
    }

    /// <summary>Every choice of one value of each variable; an empty value leaves it out.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Combinations(IReadOnlyDictionary<string, IReadOnlyList<string>> vary)
    {
        IEnumerable<Dictionary<string, string>> all =
        [
            [],
        ];
        foreach (var (name, values) in vary.OrderBy(v => v.Key, StringComparer.Ordinal))
            all = all.SelectMany(one => values.Select(v => v.Length == 0 ? one : new(one) { [name] = v })).ToList();
        return all;
    }
}
