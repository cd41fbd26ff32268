using System.Text.Json;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Run;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Unit.Tests.Pipeline.Run;

/// <summary>doctor.yml on made-up machines, and on this one.</summary>
public sealed class HostCheckupTests
{
    private static readonly MachineTrees Machines = MachineTrees.Read();

    // Several tests ask for each.
    private static readonly Dictionary<string, HostReport> Reports = [];

    private static IEnumerable<string> Names => Machines.Trees.Keys;

    [TestCaseSource(nameof(Names))]
    public void Machine_is_judged_by_what_differs(string name)
    {
        var (tree, report) = (Machines.Trees[name], Report(name));
        // Lines are broken for the screen.
        var text = string.Join(' ', HostText.Lines(report).Select(l => l.Trim()));

        Assert.That(
            report.Findings.Where(f => f.Level != FindingLevel.Ok).Select(f => $"{f.Check}: {f.Level}"),
            Is.EquivalentTo(tree.Finds.Select(f => $"{f.Key}: {f.Value}")),
            text
        );
        Assert.That(report.Works, Is.EqualTo(!tree.Finds.ContainsValue(FindingLevel.Error)));
        foreach (var said in tree.Says)
            Assert.That(text, Does.Contain(said));
        if (tree.Boot.Count > 0)
            Assert.That(report.Boot.Select(b => tree.Boot.Find(n => b.Name.Contains(n, StringComparison.Ordinal))), Is.EqualTo(tree.Boot));
    }

    [TestCaseSource(nameof(Names))]
    public void Text_fits_80_columns_and_has_no_control_character(string name)
    {
        var lines = HostText.Lines(Report(name)).ToList();

        Assert.That(lines.Where(l => l.Length > 80), Is.Empty);
        Assert.That(lines.SelectMany(l => l).Where(char.IsControl), Is.Empty);
    }

    // Otherwise a message is data that nobody has ever seen.
    [Test]
    public void Every_case_is_found_on_some_machine()
    {
        var seen = Names.SelectMany(n => Report(n).Findings.Select(f => (f.Check, f.Level, f.Remedy ?? f.Found))).ToHashSet();
        var missing = MachineTrees
            .Book.Doctor.Checks.SelectMany(c => c.Cases.Select(o => (c.Name, Case: o)))
            .Where(c => !seen.Any(s => s.Check == c.Name && s.Level == c.Case.Level && IsFilled(c.Case.Remedy ?? c.Case.Found, s.Item3)))
            .Select(c => $"{c.Name}: {c.Case.Found}");

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void Record_reads_back_as_it_was()
    {
        var report = Report("gttsize-alone");
        var text = JsonSerializer.Serialize(report, RecordFile.Options);

        Assert.That(JsonSerializer.Deserialize<HostReport>(text, RecordFile.Options), Is.EqualTo(report).UsingPropertiesComparer());
        using var json = JsonDocument.Parse(text);
        Assert.That(json.RootElement.GetProperty("works").GetBoolean(), Is.True);
        var finding = json.RootElement.GetProperty("findings").EnumerateArray().Single(f => f.GetProperty("check").ValueEquals("gttsize"));
        Assert.That(finding.GetProperty("level").GetString(), Is.EqualTo("Warning"));
        Assert.That(finding.GetProperty("source").GetString(), Is.EqualTo("ROCm/legacy-rocm-build#5595"));
    }

    [TestCase("debian")]
    [TestCase("vulkan")]
    public void This_very_machine_is_judged_as_it_is(string variant)
    {
        var report = HostCheckup.Of(MachineTrees.Book.Doctor, new HostTree("/"), new MachineTree { Variant = variant }.Facts());

        Assert.That(report.Findings.Select(f => f.Check), Does.Contain("driver").And.Contain("available").And.Contain("render"));
        Assert.That(report.Works, Is.EqualTo(report.Findings.All(f => f.Level != FindingLevel.Error)));
        if (!Directory.Exists("/dev/dri"))
            Assert.That(report.Works, Is.False, "it can't work without a render node");
    }

    private static HostReport Report(string name)
    {
        if (Reports.TryGetValue(name, out var made))
            return made;
        var root = Directory.CreateTempSubdirectory("gfxbake-machine").FullName;
        try
        {
            var tree = Machines.Trees[name];
            return Reports[name] = HostCheckup.Of(MachineTrees.Book.Doctor, Machines.Write(tree, root), tree.Facts());
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static bool IsFilled(string text, string filled)
    {
        var at = text.IndexOf('{', StringComparison.Ordinal);
        return at < 0 ? text == filled : filled.StartsWith(text[..at], StringComparison.Ordinal);
    }
}
