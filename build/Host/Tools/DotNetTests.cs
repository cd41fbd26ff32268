using System.Reflection;
using Cake.Common.Tools.DotNet;
using Cake.Common.Tools.DotNet.Test;
using Cake.Core;

namespace Gfxbake.Host.Tools;

/// <summary>dotnet test for the whole solution, once its layout is right.</summary>
public static class DotNetTests
{
    /// <summary>Where this program's Cake packages came from; the tests are compiled against the same.</summary>
    public static string CakePackages { get; } =
        typeof(DotNetTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == nameof(CakePackages)).Value!;

    /// <param name="context">The build.</param>
    /// <param name="filter">In the words of dotnet test; null: all tests.</param>
    /// <param name="atOnce">Whether the test assemblies run at the same time.</param>
    public static void Run(BuildContext context, string? filter, bool atOnce)
    {
        CodeLayout.Check(context);
        context.DotNetTest(
            "gfxbake.slnx",
            new DotNetTestSettings
            {
                Configuration = "Release",
                Filter = filter,
                ArgumentCustomization = arguments =>
                    (atOnce ? arguments : arguments.Append("-m:1")).Append("-p:CakePackages=" + CakePackages),
            }
        );
    }
}
