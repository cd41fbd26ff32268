using System.Reflection;
using Cake.Common.Tools.DotNet;
using Cake.Common.Tools.DotNet.Build;
using Cake.Common.Tools.DotNet.Test;
using Cake.Common.Tools.DotNet.VSTest;
using Cake.Core;
using Cake.Core.IO;

namespace Gfxbake.Host.Tools;

/// <summary>The tests of the whole solution, once its layout is right.</summary>
public static class DotNetTests
{
    private const string Solution = "gfxbake.slnx",
        Configuration = "Release";

    private static readonly string[] Assemblies = ["Unit.Tests", "Host.Tests"];

    /// <summary>Where this program's Cake packages came from; the tests are compiled against the same.</summary>
    public static string CakePackages { get; } =
        typeof(DotNetTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == nameof(CakePackages)).Value!;

    /// <summary>One assembly after the other: tests with time-outs and tests with engines disturb each other.</summary>
    /// <param name="context">The build.</param>
    /// <param name="filter">In the words of dotnet test; null: all tests.</param>
    public static void Run(BuildContext context, string? filter)
    {
        CodeLayout.Check(context);
        context.DotNetTest(
            Solution,
            new DotNetTestSettings
            {
                Configuration = Configuration,
                Filter = filter,
                ArgumentCustomization = arguments => arguments.Append("-m:1").Append(ForPackages),
            }
        );
    }

    /// <summary>Both assemblies at once. dotnet test would do so only where MSBuild happens to give each a node of its own.</summary>
    /// <param name="context">The build.</param>
    /// <param name="filter">In the words of dotnet test.</param>
    public static void RunAtOnce(BuildContext context, string filter)
    {
        CodeLayout.Check(context);
        context.DotNetBuild(
            Solution,
            new DotNetBuildSettings
            {
                Configuration = Configuration,
                Verbosity = DotNetVerbosity.Quiet,
                NoLogo = true,
                ArgumentCustomization = arguments => arguments.Append(ForPackages),
            }
        );
        context.DotNetVSTest(
            Assemblies.Select(a => FilePath.FromString($"artifacts/dotnet/{CakePackages}/bin/{a}/release/{a}.dll")),
            new DotNetVSTestSettings
            {
                TestCaseFilter = filter,
                Parallel = true,
                Logger = "console;verbosity=minimal",
            }
        );
    }

    /// <summary>
    /// Filter for the tests without a category. TestCategory, because NUnit's adapter takes that one as it is. From any other filter it
    /// makes a list of tests; where that has more than 2,000, it runs all, set-up included, and hides the results that nobody asked for.
    /// </summary>
    public static string Without(string category) => "TestCategory!=" + category;

    private static string ForPackages => "-p:CakePackages=" + CakePackages;
}
