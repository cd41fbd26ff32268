namespace Gfxbake.Unit.Tests.Formats.Offload.RealTools;

/// <summary>A program of C11, made by gcc with its sanitizers for addresses and undefined behaviour: each finding ends it.</summary>
internal sealed class SanitizedProgram : IDisposable
{
    private static readonly string[] Options =
    [
        "-std=c11",
        "-O1",
        "-g",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-fsanitize=address,undefined",
        "-fno-sanitize-recover=all",
        "-pthread",
    ];

    private readonly string folder;

    /// <param name="name">What it is called.</param>
    /// <param name="words">For gcc: its sources, and folders of headers.</param>
    public SanitizedProgram(string name, params IEnumerable<string> words)
    {
        Toolchain.Require("gcc");
        folder = Directory.CreateTempSubdirectory($"gfxbake-{name}-").FullName;
        File = Path.Combine(folder, name);
        try
        {
            Toolchain.Run("gcc", [.. Options, .. words, "-o", File, "-lm"]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string File { get; }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
