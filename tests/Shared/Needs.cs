namespace Gfxbake.Tests;

/// <summary>Categories: what a test needs beside the .NET SDK and a Linux system. UnitTest leaves out each test that has one.</summary>
internal static class Needs
{
    /// <summary>Docker or podman, and packages from an archive or a registry.</summary>
    public const string Engine = "Engine";

    /// <summary>gcc with its sanitizers, g++, the linkers of binutils and LLVM, llvm-objcopy, CMake and Ninja.</summary>
    public const string Compiler = "Compiler";

    /// <summary>Chromium.</summary>
    public const string Browser = "Browser";

    /// <summary>The image that ./build.sh --target=MinimalImage makes.</summary>
    public const string MinimalImage = "MinimalImage";

    /// <summary>Node and the npm packages of tests/tools, which ./build.sh --target=Test --provision downloads.</summary>
    public const string Linter = "Linter";

    /// <summary>Python 3.11 or newer, without any package.</summary>
    public const string Python = "Python";

    /// <summary>Time and gigabytes that only the nightly workflow takes.</summary>
    public const string Night = "Nightly";

    public static IReadOnlyList<string> All { get; } = [Engine, Compiler, Browser, MinimalImage, Linter, Python, Night];
}
