using Cake.Common;
using Cake.Core;
using Cake.Frosting;
using Microsoft.Extensions.DependencyInjection;

namespace Gfxbake.Host.Tests.Shims;

/// <summary>The host finds tasks in the entry assembly only, which is not the tests'.</summary>
internal static class SampleTasks
{
    public static void Register(IServiceCollection services)
    {
        foreach (var task in typeof(SampleTasks).Assembly.GetExportedTypes().Where(t => t.IsAssignableTo(typeof(IFrostingTask))))
            services.AddSingleton(typeof(IFrostingTask), task);
    }
}

/// <summary>What the sample tasks did, in order.</summary>
public sealed class Journal
{
    public List<string> Entries { get; } = [];
}

public sealed class SampleContext(ICakeContext context, Journal journal) : FrostingContext(context)
{
    public void Note(string entry) => journal.Entries.Add(entry);
}

[TaskDescription("Fetches.")]
public sealed class Fetch : FrostingTask<SampleContext>
{
    public override void Run(SampleContext context) => context.Note("Fetch");
}

[TaskName("Compile-All")]
[TaskDescription("Compiles.")]
[IsDependentOn(typeof(Fetch))]
public sealed class Compile : FrostingTask<SampleContext>
{
    public override void Run(SampleContext context) => context.Note("Compile");
}

[TaskDescription("Packs.")]
[IsDependentOn(typeof(Compile))]
[IsDependentOn(typeof(Extra))]
public sealed class Pack : FrostingTask<SampleContext>
{
    public override void Run(SampleContext context) => context.Note("Pack");
}

[TaskDescription("Runs where it is asked for.")]
public sealed class Extra : FrostingTask<SampleContext>
{
    public override bool ShouldRun(SampleContext context) => context.HasArgument("extra");

    public override void Run(SampleContext context) => context.Note("Extra");
}

[TaskDescription("Notes its arguments.")]
public sealed class Arguments : FrostingTask<SampleContext>
{
    public override void Run(SampleContext context)
    {
        context.Note($"recipe {context.Argument("recipe", "none")}");
        context.Note($"provision {context.HasArgument("provision")}");
        context.Note($"verify {context.HasArgument("verify")}");
    }
}

[TaskDescription("Fails with a status of its own.")]
public sealed class FailWithStatus : FrostingTask<SampleContext>
{
    public override void Run(SampleContext context) => throw new CakeException(42, "the sample failed");
}

[TaskDescription("Fails.")]
public sealed class Fail : FrostingTask<SampleContext>
{
    public override void Run(SampleContext context) => throw new InvalidOperationException("the sample broke");
}

public sealed class SampleLifetime : FrostingLifetime<SampleContext>
{
    public override void Setup(SampleContext context, ISetupContext info) => context.Note("Setup");

    public override void Teardown(SampleContext context, ITeardownContext info) =>
        context.Note(info.Successful ? "Teardown" : "Teardown of a failure");
}
