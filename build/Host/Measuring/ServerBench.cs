using System.Globalization;
using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Bench;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Measuring;

/// <summary>
/// Measures one server: of the image on one device, or one that runs already. Each is a run of one file, beside those that were measured
/// before; a run of the same title is replaced. What no log proves has no figures.
/// </summary>
public sealed class ServerBench(BuildContext context)
{
    private readonly string file = context.FromCaller(context.Value(Arguments.Output) ?? context.Paths.RocmBench);

    /// <exception cref="CakeException">What can't work, with what to do instead.</exception>
    /// <exception cref="BenchException">The server answered something else than it should.</exception>
    public void Run()
    {
        var url = context.Value(Arguments.Url);
        var job = url is null ? new ServerJobs(context).OfImage(Profile()) : new ServerJobs(context).OfUrl(url);
        foreach (var note in job.Notes)
            Say(note);
        if (DryRun.Asked(context))
        {
            foreach (var line in job.Program is { } program ? new RunCommand(context).Command(program(0)) : [url!])
                Say(line);
            return;
        }

        if (job.Program is not null)
            context.Interruption.Lock(context);
        Say(job.Wanted.Heading);
        var (series, proof) = Measure(job);
        // What a server without a log says is told, with a title that says what it is worth.
        if (proof is null && job.NeedsProof)
        {
            throw new BenchException(
                $"{job.Wanted.Device.Name}: not shown. Nothing in the server's log says that it was used, so what was measured is nothing"
                    + " of its own; no figure is written."
            );
        }

        var record = job.Wanted with
        {
            Series = series,
            Device = job.Wanted.Device with { Proof = proof },
            Ended = context.Time.GetUtcNow(),
        };
        Write(record);
    }

    private (IReadOnlyList<BenchSeries> Series, string? Proof) Measure(ServerJob job)
    {
        if (job.Program is not { } program)
        {
            using var running = Client(job, job.Address!);
            return (ServerLoad.Measure(running, Profile(), Say), job.Proof());
        }

        using var server = MeasuredServer.Start(context, program);
        using var client = Client(job, server.Address);
        if (!client.Ready("health", TimeSpan.FromSeconds(Profile().Start), () => server.HasEnded))
            throw server.Failed("the server does not answer");
        IReadOnlyList<BenchSeries> series;
        try
        {
            series = ServerLoad.Measure(client, Profile(), Say);
        }
        catch (BenchException error)
        {
            throw server.Failed(error.Message);
        }

        var log = server.End();
        return (series, new ProofLines(job.Proofs).In(log));
    }

    private ServerClient Client(ServerJob job, Uri address) =>
        new(address, job.Wanted.Model.Name, TimeSpan.FromSeconds(Profile().Request), context.Interruption.Token);

    private ServerProfile Profile()
    {
        var profile = context.Book.Bench.Server;
        return profile with
        {
            Samples = Number(Arguments.Samples) ?? profile.Samples,
            Clients = Number(Arguments.Parallel) ?? profile.Clients,
        };
    }

    private int? Number(string argument) =>
        context.Value(argument) is { } value ? int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    private void Write(BenchRecord record)
    {
        List<BenchRecord> runs = File.Exists(file) ? [.. BenchFiles.Read(file).Runs.Where(r => r.Title != record.Title)] : [];
        runs.Add(record);
        BenchFiles.Write(file, new() { Schema = BenchFile.CurrentSchema, Runs = runs });
        foreach (var line in runs.SelectMany(r => BenchText.Lines(r).Prepend("")))
            Say(line);
        var picture = Path.ChangeExtension(file, ".svg");
        if (runs.Count <= BenchSvg.MostRuns)
            AtomicFile.WriteText(picture, BenchSvg.Of(file, runs));
        Say($"Written: {context.Paths.Show(file)}{(runs.Count <= BenchSvg.MostRuns ? $" and {Path.GetFileName(picture)}" : "")}");
    }

    // Spectre's console would break the lines, also those to copy.
    private static void Say(string line) => Console.Out.WriteLine(PlainText.Visible(line));
}
