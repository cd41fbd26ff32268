using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Pins;
using Spectre.Console;

namespace Gfxbake.Host.Tools.Upstream;

/// <summary>Writes newer pins into the recipes, each value where it stands, and prints every change.</summary>
internal sealed class PinUpdate(BuildContext context, UpstreamSurvey survey)
{
    // Stands for a checksum that a dry run does not fetch the archive for.
    private const string Unread = "(of the archive, read then)";

    private readonly HashSet<(string File, long Line, string New)> told = [];

    /// <returns>What could not be written, each with its reason.</returns>
    public IReadOnlyList<string> Run(IEnumerable<PinFinding> findings, bool dry)
    {
        var problems = new List<string>();
        var changes = 0;
        foreach (var finding in findings.Where(f => f is { IsNewer: true, Problem: null, Pin.Watch.Update: true }))
        {
            try
            {
                var needsReading = finding.Pin.Watch.Pin is UpstreamWatch.Archive;
                changes += Change(finding, finding.Pin.Edits(finding.Newest!, dry && needsReading ? Unread : survey.Digest(finding)), dry);
            }
            catch (Exception error) when (UpstreamSurvey.IsOfAnUpstream(error) && !context.Interruption.Requested)
            {
                problems.Add($"{finding.Pin.File}, {finding.Pin.Watch.Pin}: not updated: {error.Message}");
            }
        }

        AnsiConsole.WriteLine(
            changes == 0 ? "nothing to update"
            : dry ? $"{changes} values would be changed (--dryrun)"
            : $"{changes} values changed; read them with git diff, then build: what is new is not verified yet"
        );
        return problems;
    }

    private int Change(PinFinding finding, IReadOnlyList<PinEdit> edits, bool dry)
    {
        // Read again: an archive may have taken minutes, and somebody may have edited the file meanwhile.
        var file = UpstreamSurvey.Read(context, finding.Pin.File);
        // Variants may share a value by a YAML alias; it is exchanged, and told, once.
        var changes = edits.Where(e => file.Read(e.Key) != e.New && told.Add((file.Name, file.LineOf(e.Key), e.New))).ToList();
        if (changes.Count == 0)
            return 0;
        var before = WatchedPin.Of(file, finding.Pin.Block, [finding.Pin.Watch], finding.Pin.Inside)[0];
        if (before != finding.Pin with { Block = before.Block })
            throw new CakeException("the file has changed since it was read; run the same command again");
        foreach (var edit in changes)
            AnsiConsole.WriteLine($"{file.Name}:{file.LineOf(edit.Key)}: {edit.Key[^1]}\n  - {file.Read(edit.Key)}\n  + {edit.New}");
        if (!dry)
            AtomicFile.WriteText(Path.Combine(context.Root, file.Name), file.With(changes));
        return changes.Count;
    }
}
