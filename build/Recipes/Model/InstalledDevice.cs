namespace Gfxbake.Recipes.Model;

/// <summary>
/// A device that is a program of this machine, where it is there: it is started with the workload's command. Nothing pins it, so it never
/// decides whether an image is right.
/// </summary>
public sealed record InstalledDevice
{
    /// <summary>The first one serves that is there with all files.</summary>
    public required IReadOnlyList<InstalledProgram> Programs { get; init; }

    /// <summary>
    /// What its kit gets from the folder above the program's folder, such as lib/libx.so; of names with '|' between them one is enough.
    /// </summary>
    public required IReadOnlyList<string> Files { get; init; }

    public InstalledDevice Filled(Func<string, string> fill) =>
        this with
        {
            Programs = [.. Programs.Select(p => p with { Words = [.. p.Words.Select(fill)] })],
            Files = [.. Files.Select(fill)],
        };
}

/// <param name="Places">Names that are looked for in PATH, and absolute paths.</param>
/// <param name="Words">What stands before a command; the first is where the kit has the program.</param>
public sealed record InstalledProgram(IReadOnlyList<string> Places, IReadOnlyList<string> Words);
