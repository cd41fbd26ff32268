using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gfxbake.Pipeline.Outputs.Report;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Report;

public sealed partial class ReportPageTests
{
    [Test]
    public void Same_data_give_the_same_page()
    {
        var (one, other) = (SampleReport.Data(500), SampleReport.Data(500));

        Assert.That(Page(one), Is.EqualTo(Page(other)));
    }

    [Test]
    public void Names_cannot_leave_the_data_block()
    {
        var block = Block(Page(SampleReport.Data(20) with { Numbers = SampleReport.Numbers, Beside = SampleSheet.Both }));

        Assert.Multiple(() =>
        {
            Assert.That(block, Does.Not.Contain('<').And.Not.Contain('>').And.Not.Contain('&'));
            Assert.That(block.All(c => c is >= ' ' and <= '~'), Is.True, "plain ASCII in one line");
        });
    }

    [Test]
    public void Every_path_is_read_back_as_it_was()
    {
        var data = SampleReport.Data(300);
        using var json = JsonDocument.Parse(Block(Page(data)));
        var columns = json.RootElement.GetProperty("paths");
        var folders = json.RootElement.GetProperty("folders");

        var paths = columns
            .GetProperty("folder")
            .EnumerateArray()
            .Zip(columns.GetProperty("name").EnumerateArray(), (f, n) => folders[f.GetInt32()].GetString() + n.GetString());

        Assert.That(paths, Is.EqualTo(data.Paths.Select(p => p.Entry.Path)));
    }

    [Test]
    public void Library_with_a_stand_in_says_so_and_is_no_saving_of_gpu_code()
    {
        var (data, before) = (SampleReport.Data(20, standIn: true), SampleReport.Data(20));
        using var json = JsonDocument.Parse(Block(Page(data)));
        var root = json.RootElement;
        var row = data.Paths.ToList().FindIndex(p => p.Entry.Path == SampleReport.Replaced);

        Assert.Multiple(() =>
        {
            Assert.That(root.GetProperty("takenOut").GetInt64(), Is.EqualTo(before.TakenOut));
            Assert.That(root.GetProperty("replaced").GetInt64(), Is.EqualTo(3_000_000 - 20_000));
            Assert.That(root.GetProperty("paths").GetProperty("after")[row].GetInt64(), Is.EqualTo(20_000));
            Assert.That(
                root.GetProperty("actions")[root.GetProperty("paths").GetProperty("action")[row].GetInt32()].GetString(),
                Is.EqualTo("stand-in")
            );
            Assert.That(
                root.GetProperty("standIns").GetProperty($"{row}").GetString(),
                Is.EqualTo("a stand-in of 20.0 kB with 2 functions that say so and abort (rule sample-rule): nobody calls <it>")
            );
            Assert.That(root.GetProperty("groups").EnumerateArray().Select(g => g[0].GetString()), Has.Member("standin"));
        });
    }

    [Test]
    public void Stand_in_that_answers_is_not_there_by_name_only()
    {
        var data = SampleReport.Data(20, standIn: true);
        data = data with
        {
            Paths = [.. data.Paths.Select(p => p.Entry.StandIn is null ? p : p with { Entry = SampleReport.Answering(p.Entry) })],
        };
        var page = Page(data);
        using var json = JsonDocument.Parse(Block(page));
        var root = json.RootElement;
        var row = data.Paths.ToList().FindIndex(p => p.Entry.Path == SampleReport.Replaced);

        Assert.Multiple(() =>
        {
            Assert.That(
                root.GetProperty("actions")[root.GetProperty("paths").GetProperty("action")[row].GetInt32()].GetString(),
                Is.EqualTo("answering stand-in")
            );
            Assert.That(
                root.GetProperty("standIns").GetProperty($"{row}").GetString(),
                Is.EqualTo("a stand-in of 20.0 kB with 2 functions and 40 recorded answers (rule sample-rule): nobody calls <it>")
            );
            Assert.That(
                root.GetProperty("groups").EnumerateArray().Select(g => g[2].GetString()),
                Has.Member("there by name only: a stand-in").And.Member("a stand-in that answers from a table")
            );
            Assert.That(page, Does.Not.Contain("libraries that are there by name only"));
        });
    }

    [Test]
    public void Cause_that_is_a_path_leads_to_its_row()
    {
        var data = SampleReport.Data(20);
        using var json = JsonDocument.Parse(Block(Page(data)));
        var row = data.Paths.ToList().FindIndex(p => p.Entry.Path == SampleReport.Slimmed);

        var by = json.RootElement.GetProperty("paths").GetProperty("by")[row].GetInt32();

        Assert.That(data.Paths[by].Entry.Path, Is.EqualTo(SampleReport.Program));
    }

    [Test]
    public void Numbers_are_read_back_as_they_were()
    {
        using var json = JsonDocument.Parse(Block(Page(SampleReport.Data(20) with { Numbers = SampleReport.Numbers })));
        var answers = json.RootElement.GetProperty("numbers");
        var first = answers[0].GetProperty("first");

        Assert.Multiple(() =>
        {
            Assert.That(answers[0].GetProperty("workload").GetString(), Is.EqualTo("server-device"));
            Assert.That(answers[0].GetProperty("largest").GetDouble(), Is.EqualTo(0.0074));
            Assert.That(answers[0].GetProperty("divergence").GetDouble(), Is.EqualTo(0.000012));
            Assert.That(first[1].GetProperty("measured").GetDouble(), Is.EqualTo(-4.7435));
            Assert.That(first[2].TryGetProperty("measured", out _), Is.False, "the answer did not list it");
            Assert.That(answers[1].TryGetProperty("divergence", out _), Is.False);
            Assert.That(answers[1].GetProperty("token").GetProperty("text").GetString(), Is.EqualTo(SampleReport.Hostile));
        });
    }

    [Test]
    public void Variants_are_read_back_side_by_side()
    {
        using var json = JsonDocument.Parse(Block(Page(SampleReport.Data(20) with { Beside = SampleSheet.Both })));
        var beside = json.RootElement.GetProperty("beside");
        var table = beside.GetProperty("tables")[0];

        Assert.Multiple(() =>
        {
            Assert.That(beside.GetProperty("rows")[0].GetProperty("cells")[1].GetString(), Is.EqualTo("0.9 of 0.05, NOT PASSED"));
            Assert.That(beside.GetProperty("rows")[2].GetProperty("cells")[1].ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(table.GetProperty("tokens")[1].GetProperty("text").GetString(), Is.EqualTo(SampleReport.Hostile));
            Assert.That(table.GetProperty("columns")[3].GetProperty("head").GetString(), Is.EqualTo("the emulated GPU, gfx1151 (native)"));
            Assert.That(table.GetProperty("columns")[3].GetProperty("values")[0].GetDouble(), Is.EqualTo(Math.Log(0.75)));
        });
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Sizes_of_the_paths_come_to_those_of_the_images(bool standIn)
    {
        var data = SampleReport.Data(2_000, standIn: standIn);

        Assert.Multiple(() =>
        {
            Assert.That(data.Paths.Sum(p => p.Size), Is.EqualTo(data.Full.FileBytes));
            Assert.That(data.Paths.Sum(p => p.After), Is.EqualTo(data.Minimal.FileBytes));
            Assert.That(data.TakenOut, Is.EqualTo(850_000_000));
            Assert.That(data.Minimal.FileBytes + data.TakenOut + data.Replaced + data.Dropped, Is.EqualTo(data.Full.FileBytes));
        });
    }

    [Test]
    public void Policy_lets_the_page_s_own_script_and_style_run_and_nothing_else()
    {
        var page = Page(SampleReport.Data(20));
        var policy = Policy().Match(page).Groups[1].Value;

        Assert.Multiple(() =>
        {
            Assert.That(policy, Does.StartWith("default-src 'none';"));
            Assert.That(policy, Does.Contain($"script-src 'sha256-{Hash(Script().Match(page).Groups[1].Value)}'"));
            Assert.That(policy, Does.Contain($"style-src 'sha256-{Hash(Style().Match(page).Groups[1].Value)}'"));
        });
    }

    [Test]
    public void Page_names_no_other_place()
    {
        var page = Data().Replace(Page(SampleReport.Data(20)), "").Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);

        Assert.That(page, Does.Not.Contain("://").And.Not.Contain(" src=").And.Not.Contain("url(").And.Not.Contain("@import"));
    }

    [Test]
    public void Title_is_escaped()
    {
        var page = Page(SampleReport.Data(6) with { Heading = new ReportHeading("<b>&", "v", null) });

        Assert.That(page, Does.Contain("<title>&lt;b&gt;&amp; v: sizes</title>").And.Not.Contain("<b>"));
    }

    [Test]
    public void Seven_thousand_paths_stay_below_a_megabyte() => Assert.That(Page(SampleReport.Data(7_000)), Has.Length.LessThan(1_000_000));

    private static string Page(ReportData data)
    {
        using var output = new MemoryStream();
        ReportPage.Write(data, output);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static string Block(string page) => Data().Match(page).Groups[1].Value;

    private static string Hash(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex("<script type=\"application/json\" id=\"data\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Data();

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex("Content-Security-Policy\" content=\"([^\"]*)\"")]
    private static partial Regex Policy();
}
