using System.Globalization;
using System.Text.Json;
using Cake.Core;
using Gfxbake.Host.Serving;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Bench;
using Gfxbake.Pipeline.Run;
using Gfxbake.Pipeline.Serving;
using Gfxbake.Recipes.Shared;
using Names = Gfxbake.Host.Arguments;

namespace Gfxbake.Host.Measuring;

/// <summary>One model that is to be measured.</summary>
/// <param name="Wanted">Its record, of which nothing is measured yet.</param>
/// <param name="Proofs">What the program's log must say.</param>
/// <param name="Run">The program that measures at some depths.</param>
public sealed record BenchJob(BenchRecord Wanted, IReadOnlyList<string> Proofs, Func<IReadOnlyList<long>, ProgramRun> Run);

/// <summary>Makes jobs of what the command line asks.</summary>
public sealed class BenchJobs(BuildContext context)
{
    private const string Version = "org.opencontainers.image.version";
    private const string Rocr = "gfxbake.rocr";
    private const string DefaultProfile = "short";

    private readonly BenchFacts facts = context.Book.Bench;
    private readonly List<string> notes = [];

    /// <summary>What to know about them, a sentence each.</summary>
    public IReadOnlyCollection<string> Notes => notes.Distinct().ToList();

    /// <exception cref="CakeException">What can't work, with what to do instead.</exception>
    public IReadOnlyList<BenchJob> Of(string models)
    {
        var rule = context.Recipe.Run;
        if (rule is null || !rule.Modes.TryGetValue(facts.Mode, out var mode))
        {
            throw new CakeException(
                $"the recipe {context.Recipe.Name} does not say what measures models (run.modes.{facts.Mode}); llama.cpp's recipes do"
            );
        }

        var profile = Profile();
        List<ChosenModel> chosen = [.. models.Split(',').Select(m => ChosenModel.Of(context, facts.Mode, m))];
        var image = context.PublicImage("minimal");
        var id =
            context.ImageId(image)
            ?? throw new CakeException($"there is no image {image}\nNext: {context.Command("MinimalImage")} builds it.");
        var given = context.CommandLine.Extra;
        var words = new OptionWords(mode.Program, ImageHelp.Of(context, id, mode.Program), rule.Same);
        if (words.Problems(given).ToList() is { Count: > 0 } problems)
            throw new CakeException(string.Join('\n', problems));
        var place = new RunDevice(context).Place(notes) with { Relabels = context.Machine.Read("/sys/fs/selinux/enforce") is not null };
        var (device, proofs) = Device(place);
        var (versions, host) = (Versions(id), Machine());
        return [.. chosen.Select(Job)];

        BenchJob Job(ChosenModel model)
        {
            var mounted = model.Files.Mounted();
            List<string> options = [.. words.Of(ModelRun.Options(rule, mode, model.Preset, mounted), given, notes), .. given];
            var measured = ModelDigest.Of(model.Files, Console.Error.WriteLine, context.Interruption.Token);
            var title =
                $"{measured.Name}, {context.Recipe.Name} {context.VariantName} {versions.GetValueOrDefault("image")}, on {device.Name}"
                + (device.IsMeasurement ? "" : $": {BenchRecord.NoGpu}");
            var now = context.Time.GetUtcNow();
            return new(
                new BenchRecord
                {
                    Title = title,
                    Subject = new()
                    {
                        Name = $"{context.Recipe.Name} {context.VariantName}",
                        Image = id,
                        Versions = versions,
                    },
                    Model = measured,
                    Device = device,
                    Host = host,
                    Settings = new Dictionary<string, string>
                    {
                        ["arguments"] = string.Join(' ', options.Skip(options.IndexOf(mounted.Model) + 1)),
                    },
                    Series = BenchSession.Curves(profile),
                    Started = now,
                    Ended = now,
                },
                proofs,
                depths => ModelRun.Of(id, mode, [.. options, .. Arguments(profile, depths)], mounted, place)
            );
        }
    }

    private BenchProfile Profile()
    {
        var name = context.Value(Names.Profile) ?? DefaultProfile;
        if (!facts.Profiles.TryGetValue(name, out var profile))
            throw new CakeException($"--{Names.Profile} is '{name}'; known: {string.Join(", ", facts.Profiles.Keys)}");
        if (context.Value(Names.Depths) is { } depths)
            profile = profile with { Depths = BenchQuestion.Depths(depths)! };
        if (context.Value(Names.Samples) is { } samples)
            profile = profile with { Samples = int.Parse(samples, CultureInfo.InvariantCulture) };
        return profile;
    }

    private IEnumerable<string> Arguments(BenchProfile profile, IReadOnlyList<long> depths) =>
        facts.Arguments.Select(a =>
            a.Replace("{depths}", string.Join(',', depths), StringComparison.Ordinal)
                .Replace("{prompt}", Text(profile.Prompt), StringComparison.Ordinal)
                .Replace("{generate}", Text(profile.Generate), StringComparison.Ordinal)
                .Replace("{samples}", Text(profile.Samples), StringComparison.Ordinal)
        );

    public (BenchDevice Device, IReadOnlyList<string> Proofs) Device(RunPlace place)
    {
        if (place.Gpu is not null)
            return (new(context.Recipe.Gpu, true, true), [facts.Proof]);
        if (context.Value(Names.Device) is not { } name || !context.Book.Devices.TryGetValue(name, out var device))
            return (new("the CPU", false, true), []);
        device = device.For(context.Recipe.Gpu);
        return (new(device.Title, false, device.Computes), [facts.Proof, .. device.Proof]);
    }

    public IReadOnlyDictionary<string, string> Versions(string id)
    {
        var labels =
            JsonSerializer.Deserialize<Dictionary<string, string>?>(
                string.Concat(context.EngineCommand("image", "inspect", "--format", "{{json .Config.Labels}}", id))
            ) ?? [];
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, label) in new[] { ("image", Version), ("rocr", Rocr) })
        {
            if (labels.TryGetValue(label, out var value))
                versions[name] = value;
        }

        return versions;
    }

    public IReadOnlyDictionary<string, string> Machine()
    {
        var (book, recipe) = (context.Book, context.Recipe);
        var values = new HostValues(
            book.Doctor,
            context.Machine,
            GivenFacts.Of(recipe, context.VariantName, book.Hosts, book.Gpus, book.Devices)
        );
        return facts.Host.Where(f => values[f].Count > 0).ToDictionary(f => f, f => values.Fill($"{{{f}}}"), StringComparer.Ordinal);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
