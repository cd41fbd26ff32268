using Cake.Frosting;

namespace Gfxbake.Host.Tests.Shims;

[TestFixture]
internal sealed class CakeHostTests
{
    [Test]
    public void Target_runs_after_what_it_depends_on()
    {
        var host = new SampleHost();

        var code = host.Run("--target", "Pack");

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(host.Journal.Entries, Is.EqualTo(new[] { "Fetch", "Compile", "Pack" }));
        });
    }

    [TestCase("--target=compile-all")]
    [TestCase("-t", "Compile-All")]
    public void Target_name_is_the_attributes_in_any_case(params string[] args)
    {
        var host = new SampleHost();

        host.Run(args);

        Assert.That(host.Journal.Entries, Is.EqualTo(new[] { "Fetch", "Compile" }));
    }

    [Test]
    public void Target_may_be_repeated()
    {
        var host = new SampleHost();

        host.Run("-t", "Arguments", "--target=Fetch");

        Assert.That(host.Journal.Entries, Is.SupersetOf(new[] { "recipe none", "Fetch" }));
    }

    [TestCase("--exclusive")]
    [TestCase("-e")]
    public void Exclusive_leaves_the_dependencies_out(string flag)
    {
        var host = new SampleHost();

        host.Run("--target=Compile-All", flag);

        Assert.That(host.Journal.Entries, Is.EqualTo(new[] { "Compile" }));
    }

    [Test]
    public void Dry_run_runs_nothing_and_names_the_tasks()
    {
        var host = new SampleHost();

        var code = host.Run("--target=Pack", "--dryrun");

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(host.Journal.Entries, Is.Empty);
            Assert.That(host.Log.Lines, Has.Some.Contains("Compile-All"));
        });
    }

    // Cake's own doing: what a dry run must not do belongs into a task, never into a lifetime.
    [Test]
    public void Dry_run_still_sets_the_build_up()
    {
        var host = new SampleHost().With(it => it.UseLifetime<SampleLifetime>());

        host.Run("--target=Fetch", "--dryrun");

        Assert.That(host.Journal.Entries, Is.EqualTo(new[] { "Setup", "Teardown" }));
    }

    [Test]
    public void Tree_shows_dependencies_and_runs_nothing()
    {
        var host = new SampleHost();

        var code = host.Run("--tree");

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(host.Journal.Entries, Is.Empty);
            Assert.That(host.Console.Out, Does.Match(@"Pack\s[\s\S]*─Compile-All\s[\s\S]*─Fetch\s"));
        });
    }

    [TestCase("--description")]
    [TestCase("--help")]
    [TestCase("--info")]
    public void Showing_something_runs_nothing(string flag)
    {
        var host = new SampleHost();

        var code = host.Run("--target=Pack", flag);

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(host.Journal.Entries, Is.Empty);
        });
    }

    [Test]
    public void Version_is_the_registered_resolvers()
    {
        var host = new SampleHost();

        host.Run("--version");

        Assert.That(host.Console.Out.Trim(), Is.EqualTo("1.2.3"));
    }

    [Test]
    public void Criterion_lets_a_task_run_when_it_holds()
    {
        var host = new SampleHost();

        host.Run("--target=Extra", "--extra");

        Assert.That(host.Journal.Entries, Is.EqualTo(new[] { "Extra" }));
    }

    [Test]
    public void Criterion_skips_a_task_when_it_does_not_hold()
    {
        var host = new SampleHost();

        var code = host.Run("--target=Pack");

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(host.Journal.Entries, Does.Not.Contain("Extra"));
        });
    }

    [TestCase("--recipe=whisper", "--provision")]
    [TestCase("--recipe", "whisper", "--provision")]
    [TestCase("--provision", "--recipe=whisper", "-v", "quiet")]
    public void Unknown_options_reach_the_tasks_as_arguments(params string[] args)
    {
        var host = new SampleHost();

        host.Run(["--target=Arguments", .. args]);

        Assert.That(host.Journal.Entries, Is.EqualTo(new[] { "recipe whisper", "provision True", "verify False" }));
    }

    // Cake 6 gives -1, Cake 7 gives 1, and neither the task's own.
    [TestCase("--target=FailWithStatus", "the sample failed")]
    [TestCase("--target=Fail", "the sample broke")]
    public void Failing_task_gives_one_and_its_message(string target, string message)
    {
        var host = new SampleHost();

        var code = host.Run(target);

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(1));
            Assert.That(host.Log.Lines, Has.Some.Contains(message));
        });
    }

    [TestCase("--dryrun=print")]
    [TestCase("--version=1.2.3")]
    public void Flag_of_the_host_takes_no_value(string flag)
    {
        var host = new SampleHost();

        var code = host.Run("--target=Fetch", flag);

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(-1));
            Assert.That(host.Journal.Entries, Is.Empty);
        });
    }

    [Test]
    public void Unknown_target_fails_and_names_it()
    {
        var host = new SampleHost();

        var code = host.Run("--target=Pakc");

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Not.Zero);
            Assert.That(host.Log.Lines, Has.Some.Contains("Pakc"));
        });
    }

    [Test]
    public void Lifetime_surrounds_the_build()
    {
        var host = new SampleHost().With(it => it.UseLifetime<SampleLifetime>());

        host.Run("--target=Fetch");

        Assert.That(host.Journal.Entries, Is.EqualTo(new[] { "Setup", "Fetch", "Teardown" }));
    }

    [Test]
    public void Teardown_learns_of_a_failure()
    {
        var host = new SampleHost().With(it => it.UseLifetime<SampleLifetime>());

        host.Run("--target=Fail");

        Assert.That(host.Journal.Entries[^1], Is.EqualTo("Teardown of a failure"));
    }

    [Test]
    public void Missing_working_directory_fails_before_any_task()
    {
        var host = new SampleHost();

        var code = host.Run("--target=Fetch", "--working=/no/such/directory");

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Not.Zero);
            Assert.That(host.Journal.Entries, Is.Empty);
            Assert.That(host.Log.Lines, Has.Some.Contains("/no/such/directory"));
        });
    }
}
