using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Plan;

/// <summary>What stands in for a library, and why it may: functions that only say so, or some that answer.</summary>
public sealed record PlanStandIn
{
    /// <summary>Name of the rule in recipes/_shared/standins.yml.</summary>
    public required string Rule { get; init; }

    /// <summary>Why nobody calls the library, or what little it is asked for.</summary>
    public required string Why { get; init; }

    /// <summary>What to do about a call.</summary>
    public required string Next { get; init; }

    public required string SoName { get; init; }

    /// <summary>The kept files that need it.</summary>
    public required IReadOnlyList<string> For { get; init; }

    /// <summary>What these import of it, in ordinal order: name, name@@version or name@version.</summary>
    public required IReadOnlyList<string> Functions { get; init; }

    /// <summary>Variables whose addresses they take, likewise; who reads one ends with SIGSEGV.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>Versions that the loader demands besides.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>How many requests its table has an answer to; null: each function says that it was called and ends the program.</summary>
    public int? Answers { get; init; }

    /// <summary>Libraries that a stand-in which answers needs itself.</summary>
    public IReadOnlyList<string> Needed { get; init; } = [];

    /// <summary>Bytes of the file that stands in.</summary>
    public long Size { get; init; }

    public string Sha256 { get; init; } = "";

    /// <summary>What is in it, in words.</summary>
    [JsonIgnore]
    public string Content =>
        Answers is { } answers ? $"{Count(Functions.Count, "function")} and {Count(answers, "recorded answer")}" : Stub;

    private string Stub =>
        (Functions.Count == 1 ? "1 function that says so and aborts" : $"{SizeText.Count(Functions.Count)} functions that say so and abort")
        + Data.Count switch
        {
            0 => "",
            1 => ", and 1 variable that can't be read",
            _ => $", and {SizeText.Count(Data.Count)} variables that can't be read",
        };

    private static string Count(int count, string what) => $"{SizeText.Count(count)} {what}{(count == 1 ? "" : "s")}";

    /// <summary>The file that stands in: out of nothing but what is here, or as it was recorded.</summary>
    /// <param name="recorded">The file that was made when answers were recorded.</param>
    /// <exception cref="ArgumentException">There can be no such file.</exception>
    public byte[] Write(string recorded) => Answers is null ? Write() : File.ReadAllBytes(recorded);

    private byte[] Write() =>
        StubWriter.Write(
            new StubLibrary
            {
                SoName = SoName,
                Functions = [.. Functions.Select(StubSymbol.Parse)],
                Data = [.. Data.Select(StubSymbol.Parse)],
                Versions = Versions,
                Why = Why,
                Next = Next,
            }
        );

    /// <summary>The same with the size and the digest of what is written.</summary>
    /// <exception cref="ArgumentException">There can be no such file.</exception>
    public PlanStandIn Measured()
    {
        var bytes = Write();
        return this with { Size = bytes.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
    }
}
