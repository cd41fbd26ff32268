using Cake.Core;
using Gfxbake.Host.Serving;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Bench;
using Gfxbake.Pipeline.ServerLog;
using Gfxbake.Pipeline.Serving;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Measuring;

/// <summary>One server that is to be measured.</summary>
/// <param name="Wanted">Its record, of which nothing is measured yet.</param>
/// <param name="Notes">What to know about it, a sentence each.</param>
public sealed record ServerJob(BenchRecord Wanted, IReadOnlyCollection<string> Notes)
{
    /// <summary>What runs, for a port of this machine; null: it runs already.</summary>
    public Func<int, ProgramRun>? Program { get; init; }

    /// <summary>Where it runs already.</summary>
    public Uri? Address { get; init; }

    /// <summary>What the log of a program that was started must say.</summary>
    public IReadOnlyList<string> Proofs { get; init; } = [];

    /// <summary>Looks for the proof in the log of a server that runs already.</summary>
    public Func<string?> Proof { get; init; } = () => null;

    /// <summary>Whether there are figures only with a proof.</summary>
    public bool NeedsProof { get; init; }
}

/// <summary>Makes a job of what the command line asks.</summary>
public sealed class ServerJobs(BuildContext context)
{
    private const string Example = "./build.sh --target=RocmBench --url=bundled=http://127.0.0.1:11434 --model=NAME --log=ollama.log";

    private readonly List<string> notes = [];

    /// <summary>The image's server, on the device that --device names.</summary>
    public ServerJob OfImage(ServerProfile profile)
    {
        var rule = context.Recipe.Run;
        if (rule is null || !rule.Modes.TryGetValue(profile.Mode, out var mode))
            throw new CakeException($"the recipe {context.Recipe.Name} has no server to measure (run.modes.{profile.Mode})");
        var model =
            context.Value(Arguments.Model)
            ?? throw new CakeException($"RocmBench needs --{Arguments.Model}=, or --{Arguments.Url}=; for instance {Example}");
        var chosen = ChosenModel.Of(context, model, profile.Mode);
        var image = context.PublicImage("minimal");
        var id =
            context.ImageId(image)
            ?? throw new CakeException($"there is no image {image}\nNext: {context.Command("MinimalImage")} builds it.");
        var given = context.CommandLine.Extra;
        var words = new OptionWords(mode.Program, ImageHelp.Of(context, id, mode.Program), rule.Same);
        if (words.Problems(given).ToList() is { Count: > 0 } problems)
            throw new CakeException(string.Join('\n', problems));
        var place = new RunDevice(context).Place(notes) with { Relabels = context.Machine.Read("/sys/fs/selinux/enforce") is not null };
        var facts = new BenchJobs(context);
        var (device, proofs) = facts.Device(place);
        var mounted = chosen.Files.Mounted();
        List<string> options =
        [
            .. words.Of(ModelRun.Options(rule, mode, chosen.Preset, mounted), given, notes),
            .. profile.Arguments,
            .. given,
        ];
        var measured = ModelDigest.Of(chosen.Files, Console.Error.WriteLine, context.Interruption.Token);
        var (subject, versions) = ($"{context.Recipe.Name} {context.VariantName}", facts.Versions(id));
        var record = Record($"{measured.Name}, {subject} as a server", subject, id, versions, measured, device, facts);
        return new(record with { Settings = Told(string.Join(' ', options.Where(w => w != mounted.Model))) }, notes)
        {
            Program = port => ModelRun.Of(id, mode, options, mounted, place with { Port = port }),
            Proofs = proofs,
            NeedsProof = proofs.Count > 0,
        };
    }

    /// <summary>A server that runs already, with its log as the proof.</summary>
    public ServerJob OfUrl(string url)
    {
        var at = url.IndexOf('=', StringComparison.Ordinal);
        if (at < 1 || !Uri.TryCreate(url[(at + 1)..], UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new CakeException($"--{Arguments.Url}={url}: it is a name and an address, for instance {Example}");
        var name = url[..at];
        var model =
            context.Value(Arguments.Model)
            ?? throw new CakeException($"RocmBench needs --{Arguments.Model}=, the model's name there; for instance {Example}");
        var log = context.Value(Arguments.Log);
        var device = log is null ? new BenchDevice("what no log was given of", false, true) : new BenchDevice($"{name}'s GPU", true, true);
        if (log is null)
            notes.Add($"There is no --{Arguments.Log}=, so it is not shown what computes.");
        var record = Record(
            $"{model}, {name}",
            name,
            null,
            new Dictionary<string, string>(),
            new(model, "not known", 0),
            device,
            new BenchJobs(context)
        );
        return new(record, notes)
        {
            Address = address,
            Proof = () => log is null ? null : ProofIn(context.FromCaller(log)),
            NeedsProof = log is not null,
        };
    }

    private BenchRecord Record(
        string title,
        string subject,
        string? image,
        IReadOnlyDictionary<string, string> versions,
        BenchModel model,
        BenchDevice device,
        BenchJobs facts
    ) =>
        new()
        {
            Title = $"{title}, on {device.Name}{(device.IsMeasurement ? "" : $": {BenchRecord.NoGpu}")}",
            Subject = new()
            {
                Name = subject,
                Image = image,
                Versions = versions,
            },
            Model = model,
            Device = device,
            Host = facts.Machine(),
            Settings = new Dictionary<string, string>(),
            Series = [],
            Started = context.Time.GetUtcNow(),
            Ended = context.Time.GetUtcNow(),
        };

    private static Dictionary<string, string> Told(string words) => new() { ["arguments"] = words };

    /// <summary>The log is read when the server was measured: the model is loaded then.</summary>
    private string? ProofIn(string path)
    {
        try
        {
            using var log = File.OpenRead(path);
            var report = new LogCheckup(context.Book.OllamaLog).Of(log);
            if (report.Verdict != LogVerdict.Computes)
                Console.Error.WriteLine(LogReportText.Verdict(report));
            return report.Verdict == LogVerdict.Computes ? Formats.Text.PlainText.Line(report.Load!.Proof!) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CakeException($"--{Arguments.Log}: {error.Message}");
        }
    }
}
