using System.Globalization;
using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Bench;

namespace Gfxbake.Host.Measuring;

/// <summary>
/// Measures models one after the other. What is measured is written after every row, so that an interruption costs one depth at most; the
/// same command goes on where image, model, device, machine and settings are the same, and else begins anew beside what is there.
/// </summary>
public sealed class BenchCampaign(BuildContext context)
{
    private readonly string file = context.Value(Arguments.Output) is { } output ? context.FromCaller(output) : context.Paths.Bench;

    /// <exception cref="CakeException">What can't work, with what to do instead.</exception>
    /// <exception cref="BenchException">The program printed something else than it should.</exception>
    public void Run(string models)
    {
        var asked = new BenchJobs(context);
        var dry = DryRun.Asked(context);
        if (!dry)
            context.Interruption.Lock(context);
        var jobs = asked.Of(models);
        foreach (var note in asked.Notes)
            Say(note);
        if (dry)
        {
            foreach (var line in jobs.SelectMany(j => new RunCommand(context).Command(j.Run(j.Wanted.Series[0].Wanted))))
                Say(line);
            return;
        }

        var runs = Begin(jobs);
        for (var i = 0; i < jobs.Count; i++)
        {
            var session = new BenchSession(runs[i], context.Book.Bench, jobs[i].Proofs);
            Measure(jobs[i], session, record => Write(runs, i, record));
        }

        foreach (var line in runs.SelectMany(r => BenchText.Lines(r).Prepend("")))
            Say(line);
        var (name, picture) = (context.Paths.Show(file), Path.ChangeExtension(file, ".svg"));
        if (runs.Count <= BenchSvg.MostRuns)
            AtomicFile.WriteText(picture, BenchSvg.Of(name, runs));
        Say($"Written: {name}" + (runs.Count <= BenchSvg.MostRuns ? $" and {Path.GetFileName(picture)}" : ""));
    }

    /// <summary>The records to fill: those of an interrupted run of the same, or new ones.</summary>
    private List<BenchRecord> Begin(IReadOnlyList<BenchJob> jobs)
    {
        List<BenchRecord> wanted = [.. jobs.Select(j => j.Wanted)];
        if (!File.Exists(file))
            return wanted;
        var earlier = BenchFiles.Read(file);
        if (BenchSession.Continues(earlier, wanted))
        {
            Say($"Goes on with {context.Paths.Show(file)}, which was begun {earlier.Runs[0].Started:yyyy-MM-dd HH:mm} UTC.");
            return [.. earlier.Runs.Select(r => r.Missing.Count > 0 && r.Series.Any(s => s.Points.Count > 0) ? Next(r) : r)];
        }

        var stamp = earlier.Runs[0].Started.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var kept = Path.Combine(Path.GetDirectoryName(file)!, $"{Path.GetFileNameWithoutExtension(file)}-{stamp}.json");
        File.Move(file, kept, overwrite: true);
        Say($"What was measured before is kept: {context.Paths.Show(kept)}");
        return wanted;
    }

    private static BenchRecord Next(BenchRecord record) => record with { Sittings = record.Sittings + 1 };

    private void Measure(BenchJob job, BenchSession session, Action<BenchRecord> write)
    {
        var all = session.Record.Series[0].Wanted;
        if (session.Left.Count > 0)
            Say($"{job.Wanted.Model.Name} on {job.Wanted.Device.Name}");
        // podman loses the end of an output now and then: a depth that is missing is asked for once more.
        for (var left = session.Left; left.Count > 0; )
        {
            BenchProcess.Run(context, job.Run(left), Row, session.Error);
            if (session.Left.Count == left.Count)
                throw new BenchException($"the program ended and measured nothing at depth {string.Join(", ", left)}");
            left = session.Left;
            if (!session.IsProven)
            {
                throw new BenchException(
                    $"nothing in the program's log says that it used {job.Wanted.Device.Name}: it computed on the CPU without a word\n"
                        + $"Its figures are no measurement; remove {context.Paths.Show(file)}."
                );
            }

            write(session.Record with { Ended = context.Time.GetUtcNow() });
        }

        void Row(string line)
        {
            if (session.Output(line) is not { } row)
                return;
            write(session.Record with { Ended = context.Time.GetUtcNow() });
            var rate = BenchText.Number(new BenchPoint(row.Depth, row.Samples).Median);
            var place = string.Create(
                CultureInfo.InvariantCulture,
                $"{all.Index().First(d => d.Item == row.Depth).Index + 1} of {all.Count}"
            );
            Say($"  depth {row.Depth, 6} ({place})  {row.Series, -8} {rate, 9} tokens/s  {Left(session)}  {job.Wanted.Device.Label}");
        }
    }

    private static string Left(BenchSession session) =>
        session.SecondsLeft switch
        {
            null or < 1 => "",
            < 90 and var s => string.Create(CultureInfo.InvariantCulture, $"about {s:0} s left"),
            < 5400 and var s => string.Create(CultureInfo.InvariantCulture, $"about {s / 60:0} min left"),
            { } s => string.Create(CultureInfo.InvariantCulture, $"about {s / 3600:0.0} h left"),
        };

    private void Write(List<BenchRecord> runs, int index, BenchRecord record)
    {
        runs[index] = record;
        BenchFiles.Write(file, new() { Schema = BenchFile.CurrentSchema, Runs = runs });
    }

    // Spectre's console would break the lines, also those to copy.
    private static void Say(string line) => Console.Out.WriteLine(PlainText.Visible(line));
}
