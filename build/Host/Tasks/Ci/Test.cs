using Cake.Frosting;
using Gfxbake.Host.Tasks.Images;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tasks.Ci;

/// <summary>All tests. The acceptance tests take files out of the real minimal image, so that is made first.</summary>
[TaskName("Test")]
[TaskDescription("Runs all tests, the acceptance tests on the real image")]
[IsDependentOn(typeof(MinimalImage))]
public sealed class Test : FrostingTask<BuildContext>
{
    private const string Night = "Nightly";

    private static readonly string[] TestTools = ["g++", "ld.gold", "ld.lld", "llvm-objcopy", "cmake", "ninja", "chromium", "python3"];

    public override void Run(BuildContext context)
    {
        // Engine tests start builds of their own in other folders; ours is over.
        context.Interruption.Release();
        if (context.Provision && TestTools.Any(t => context.Tools.Resolve(t) is null))
            new Provisioner(context).Install(Provisioner.TestTools);
        if (context.Provision)
            NpmPackages.Folders.ToList().ForEach(f => NpmPackages.Install(context, f));
        DotNetTests.Run(context, Filter(context.Value(Arguments.Filter)));
    }

    /// <summary>The tests that install gigabytes run only when they are named.</summary>
    private static string Filter(string? asked) =>
        asked switch
        {
            null => DotNetTests.Without(Night),
            _ when asked.Contains(Night, StringComparison.Ordinal) => asked,
            _ => $"({asked})&{DotNetTests.Without(Night)}",
        };
}
