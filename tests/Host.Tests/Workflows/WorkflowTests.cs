using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Cake.Frosting;
using Gfxbake.Host.Tests.Engine;
using YamlDotNet.RepresentationModel;
using static Gfxbake.Host.Tests.Workflows.WorkflowFile;

namespace Gfxbake.Host.Tests.Workflows;

/// <summary>What the linter does not know: this project's targets and arguments, and what an action must look like here.</summary>
[TestFixture]
internal sealed partial class WorkflowTests
{
    // The job that publishes; every other one only reads the repository.
    private const string Publisher = "release.yml release";

    private static readonly IReadOnlyList<WorkflowFile> Files = WorkflowFile.All;

    private static readonly string[] CakesOwn = ["target", "exclusive", "verbosity", "dryrun"];

    private static IEnumerable<TestCaseData> Calls =>
        Files.SelectMany(f =>
            f.Scripts.SelectMany(BuildCalls).Select(c => new TestCaseData(f, c).SetArgDisplayNames(f.Name, string.Join(' ', c)))
        );

    private static IEnumerable<TestCaseData> Jobs =>
        Files.SelectMany(f => f.Jobs.Select(j => new TestCaseData(f, j.Name, j.Job).SetArgDisplayNames(f.Name, j.Name)));

    [Test]
    public void Workflows_are_there() =>
        Assert.That(Files.Select(f => f.Name), Is.EqualTo(new[] { "build.yml", "images.yml", "nightly.yml", "release.yml" }));

    [TestCaseSource(nameof(Files))]
    public void Action_is_pinned_by_commit_with_its_version_beside_it(WorkflowFile file)
    {
        // The comment is no part of the YAML, so the lines are read.
        var lines = file.Text.Split('\n').Where(l => Uses().IsMatch(l)).ToList();

        Assert.That(lines, Has.Count.EqualTo(file.Uses.Count()));
        Assert.That(lines, Has.All.Matches<string>(l => Pinned().IsMatch(l!) || Local().IsMatch(l!)));
    }

    [Test]
    public void Action_has_the_same_commit_everywhere()
    {
        var pins = Files
            .SelectMany(f => Pinned().Matches(f.Text))
            .Select(m => (Action: m.Groups["action"].Value, Pin: m.Value.Trim(' ', '-')))
            .Distinct();

        Assert.That(pins.GroupBy(p => p.Action).Select(g => g.Count()), Has.All.EqualTo(1));
    }

    [TestCaseSource(nameof(Files))]
    public void Used_file_of_this_repository_is_there(WorkflowFile file) =>
        Assert.That(
            file.Uses.Where(u => u.StartsWith("./", StringComparison.Ordinal))
                .Select(u => File.Exists(Path.Combine(Checkout.RepositoryRoot, u))),
            Has.All.True
        );

    [TestCaseSource(nameof(Files))]
    public void Workflow_grants_nothing_to_all_of_its_jobs(WorkflowFile file) =>
        Assert.That(file["permissions"], Is.InstanceOf<YamlMappingNode>().With.Property(nameof(YamlMappingNode.Children)).Empty);

    [TestCaseSource(nameof(Jobs))]
    public void Job_reads_the_repository_and_only_the_publisher_does_more(WorkflowFile file, string name, YamlMappingNode job) =>
        Assert.That(
            Pairs(Child(job, "permissions")).Select(p => $"{p.Key}: {p.Value}"),
            Is.EqualTo(
                $"{file.Name} {name}" == Publisher
                    ? new[] { "contents: write", "id-token: write", "attestations: write" }
                    : ["contents: read"]
            )
        );

    [TestCaseSource(nameof(Jobs))]
    public void Job_ends_some_time(WorkflowFile file, string name, YamlMappingNode job) =>
        Assert.That(
            Child(job, "uses") ?? Child(job, "timeout-minutes"),
            Is.Not.Null,
            $"{file.Name} {name}: 360 minutes without timeout-minutes"
        );

    [TestCaseSource(nameof(Files))]
    public void Workflow_that_starts_by_itself_has_a_concurrency_group(WorkflowFile file) =>
        Assert.That(Child(file["concurrency"], "group") is not null || Child(file["on"], "workflow_call") is not null, Is.True);

    [TestCaseSource(nameof(Files))]
    public void Script_has_no_expression(WorkflowFile file) =>
        Assert.That(file.Scripts, Has.None.Contains("${{"), "what comes from outside goes through env, or a branch name is a command");

    [TestCaseSource(nameof(Files))]
    public void Checkout_keeps_no_token(WorkflowFile file) =>
        Assert.That(
            file.Steps.Where(s => Child(s, "uses")?.ToString().StartsWith("actions/checkout@", StringComparison.Ordinal) == true)
                .Select(s => Child(Child(s, "with"), "persist-credentials")?.ToString()),
            Has.All.EqualTo("false")
        );

    [TestCaseSource(nameof(Files))]
    public void Script_is_one_that_bash_can_read(WorkflowFile file)
    {
        foreach (var script in file.Scripts)
        {
            using var bash = Process.Start(new ProcessStartInfo("bash", ["-n", "-c", script]) { RedirectStandardError = true })!;
            Assert.That(bash.StandardError.ReadToEnd(), Is.Empty, script);
        }
    }

    [Test]
    public void Workflows_call_the_build() => Assert.That(Calls.Count(), Is.GreaterThanOrEqualTo(6));

    [TestCaseSource(nameof(Calls))]
    public void Call_of_the_build_names_targets_and_arguments_that_there_are(WorkflowFile file, string[] words)
    {
        var names = words.Select(w => Argument().Match(w)).ToList();
        var targets = names.Where(m => m.Groups["name"].Value == "target").Select(m => m.Groups["value"].Value).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(names, Has.All.Property(nameof(Match.Success)).True, file.Name);
            Assert.That(names.Select(m => m.Groups["name"].Value).Distinct(), Is.SubsetOf(Arguments.Known.Keys.Concat(CakesOwn)));
            Assert.That(targets, Is.Not.Empty);
            Assert.That(
                targets.Distinct(),
                Is.SubsetOf(
                    typeof(BuildContext).Assembly.GetTypes().Select(t => t.GetCustomAttribute<TaskNameAttribute>()?.Name).OfType<string>()
                )
            );
        });
    }

    [TestCaseSource(nameof(Files))]
    public void Called_script_is_there_and_may_be_run(WorkflowFile file)
    {
        var scripts = file.Scripts.SelectMany(s => OwnScript().Matches(s)).Select(m => Path.Combine(Checkout.RepositoryRoot, m.Value));

        Assert.That(scripts.Select(s => File.Exists(s) && File.GetUnixFileMode(s).HasFlag(UnixFileMode.UserExecute)), Has.All.True);
    }

    [Test]
    public void Matrix_names_only_what_an_entry_has()
    {
        var known = typeof(Gfxbake.Pipeline.Outputs.Matrix.MatrixEntry)
            .GetProperties()
            .Select(p => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name));

        Assert.That(
            Files.SelectMany(f => MatrixKey().Matches(f.Text)).Select(m => m.Groups["key"].Value).Distinct(),
            Is.Not.Empty.And.SubsetOf(known)
        );
    }

    [GeneratedRegex(@"^ *(- )?uses: ")]
    private static partial Regex Uses();

    [GeneratedRegex(@"(- )?uses: (?<action>[a-z0-9-]+/[a-z0-9-]+)@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+$", RegexOptions.Multiline)]
    private static partial Regex Pinned();

    [GeneratedRegex(@"uses: \./\.github/workflows/[a-z]+\.yml$")]
    private static partial Regex Local();

    [GeneratedRegex(@"^--(?<name>[a-z-]+)(=(?<value>.+))?$")]
    private static partial Regex Argument();

    [GeneratedRegex(@"\.github/[a-z-]+\.sh|\./build\.sh")]
    private static partial Regex OwnScript();

    [GeneratedRegex(@"(?<![.\w])matrix\.(?<key>[a-z_]+)")]
    private static partial Regex MatrixKey();
}
