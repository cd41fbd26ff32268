using System.Security.Cryptography;
using Gfxbake.Formats.Gguf;

namespace Gfxbake.Recipes.Model;

/// <summary>A model with random weights, written by gfxbake, or one that the repository has.</summary>
public sealed record TestModel
{
    /// <summary>What weights can be; only llama.cpp's form knows the last.</summary>
    internal static readonly IReadOnlyDictionary<string, GgufTensorType> KnownWeights = new Dictionary<string, GgufTensorType>
    {
        ["f16"] = GgufTensorType.F16,
        ["q8_0"] = GgufTensorType.Q8,
        ["q4_k_m"] = GgufTensorType.K4,
    };

    private TinyArchitecture? made;

    /// <summary>The file's name without its ending; left out where the file is given.</summary>
    public string? Name { get; init; }

    /// <summary>A key of recipes/_shared/test-models.yml.</summary>
    public string Architecture { get; init; } = "llama";

    /// <summary>f16, q8_0 or q4_k_m; left out where the file is given.</summary>
    public string? Weights { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>A file below recipes/ that is the model; left out, it is written.</summary>
    public string? File { get; init; }

    /// <summary>Of the given file's bytes, 64 hex digits.</summary>
    public string? Sha256 { get; init; }

    /// <summary>What the architecture's name stands for; null where the file is given.</summary>
    public TinyArchitecture? Made => made;

    /// <summary>The given file, whose bytes are checked.</summary>
    public TestFile? Given => File is null ? null : new TestFile(File, Sha256 ?? "");

    /// <summary>Its name in <see cref="TestInputs.Folder"/>.</summary>
    public string FileName => Given?.FileName ?? Name + made?.Ending;

    public TestModel MadeAs(TinyArchitecture architecture) => this with { made = architecture };

    /// <summary>Writes it; nothing else than this record says what its bytes are.</summary>
    public void Write(Stream output) => made!.Write(Architecture, (ulong)Seed, KnownWeights[Weights!], output);
}

/// <summary>A small file of the repository that workloads read.</summary>
/// <param name="Source">Below recipes/.</param>
/// <param name="Sha256">Of its bytes, 64 hex digits.</param>
public sealed record TestFile(string Source, string Sha256)
{
    /// <summary>More is no small file.</summary>
    public const int MostBytes = 16 << 20;

    /// <summary>Its name in <see cref="TestInputs.Folder"/>.</summary>
    public string FileName => Path.GetFileName(Source);

    /// <summary>Reads it from the folder recipes/.</summary>
    /// <exception cref="InvalidDataException">It is missing, a link, too large, or not what the recipe says.</exception>
    public byte[] Read(string recipes)
    {
        var file = new FileInfo(Path.Combine(recipes, Source));
        if (file is not { Exists: true, LinkTarget: null })
            throw new InvalidDataException($"recipes/{Source} is missing or a link");
        if (file.Length > MostBytes)
            throw new InvalidDataException($"recipes/{Source} has {file.Length} bytes; {MostBytes} are allowed");
        var bytes = File.ReadAllBytes(file.FullName);
        var found = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return found == Sha256
            ? bytes
            : throw new InvalidDataException(
                $"recipes/{Source} has the SHA-256 {found}, not {Sha256}; restore the file, or write its digest into the recipe"
            );
    }
}

/// <summary>The models and files that workloads read.</summary>
public static class TestInputs
{
    /// <summary>Where they lie in a container.</summary>
    public const string Folder = "/models";

    private const string FilePrefix = "@" + Folder + "/";

    /// <summary>The names of all in <see cref="Folder"/>.</summary>
    public static IEnumerable<string> Names(Recipe recipe) =>
        recipe.Models.Select(m => m.FileName).Concat(recipe.TestFiles.Select(f => f.FileName));

    /// <summary>The name of the file that a form's field sends: "@/models/NAME" stands for it, as in curl; null for a text.</summary>
    public static string? FileOf(string field) =>
        field.StartsWith(FilePrefix, StringComparison.Ordinal) ? field[FilePrefix.Length..] : null;
}
