using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Shared;

/// <summary>Where Ollama and ROCm lie on disk (recipes/_shared/ollama.yml).</summary>
public sealed record OllamaFacts
{
    public required IReadOnlyList<string> Folders { get; init; }

    public required IReadOnlyList<string> Below { get; init; }

    public required IReadOnlyList<string> Programs { get; init; }

    /// <summary>Finds the version in the program; its first group is the version.</summary>
    public required string Version { get; init; }

    public required IReadOnlyList<OllamaLayout> Layouts { get; init; }

    public required IReadOnlyList<string> Vulkan { get; init; }

    public required RocmPlaces Rocm { get; init; }

    public required ServicePlaces Service { get; init; }

    public required SwitchFacts Switch { get; init; }

    internal static void Check(YamlBinder binder, OllamaFacts facts)
    {
        Absolute("folders", facts.Folders);
        Absolute("service.folders", facts.Service.Folders);
        Relative("below", facts.Below);
        Relative("programs", facts.Programs);
        Relative("vulkan", facts.Vulkan);
        Relative("rocm.tables", facts.Rocm.Tables);
        foreach (var (i, place) in facts.Rocm.Places.Index())
            Absolute($"rocm.places[{i}].libraries", place.Libraries);
        foreach (var (i, place) in facts.Rocm.Below.Index())
            Relative($"rocm.below[{i}].libraries", place.Libraries);
        foreach (var (i, layout) in facts.Layouts.Index())
        {
            Relative($"layouts[{i}]", [.. layout.Has, layout.Backend, layout.Rocm, layout.Process ?? ".", .. layout.Search]);
            if (layout.Has.Count == 0)
                binder.Problem($"layouts[{i}].has", "nothing must be there, so everything has this layout");
        }

        try
        {
            // It takes time in proportion to the text, whatever that is.
            _ = new Regex(facts.Version, RegexOptions.NonBacktracking);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            binder.Problem("version", $"'{PlainText.Visible(facts.Version)}' is no pattern, or one that needs to go back");
        }

        void Absolute(string key, IReadOnlyList<string> paths)
        {
            foreach (var path in paths.Where(p => !p.StartsWith('/')))
                binder.Problem(key, $"'{path}' must start with '/'");
        }

        void Relative(string key, IReadOnlyList<string> paths)
        {
            foreach (var path in paths.Where(p => p.StartsWith('/') || p.Length == 0))
                binder.Problem(key, $"'{path}' must not start with '/'");
        }
    }
}

/// <summary>One way in which Ollama's libraries lie.</summary>
public sealed record OllamaLayout
{
    public required string Name { get; init; }

    public required string About { get; init; }

    public required IReadOnlyList<string> Has { get; init; }

    public required string Backend { get; init; }

    public required string Rocm { get; init; }

    /// <summary>The program that opens the backend; null where it is Ollama itself.</summary>
    public string? Process { get; init; }

    public required IReadOnlyList<string> Search { get; init; }

    public bool Selects { get; init; }
}

/// <summary>Where ROCm lies.</summary>
public sealed record RocmPlaces
{
    public required IReadOnlyList<RocmPlace> Places { get; init; }

    public required IReadOnlyList<RocmPlace> Below { get; init; }

    public required string Library { get; init; }

    /// <summary>Libraries that must be of one ROCm.</summary>
    public required IReadOnlyList<string> Unit { get; init; }

    /// <summary>The library that the tables belong to.</summary>
    public required string Blas { get; init; }

    /// <summary>Where its tables lie, from its folder.</summary>
    public required IReadOnlyList<string> Tables { get; init; }

    /// <summary>Libraries that HIP opens by name.</summary>
    public required IReadOnlyList<string> Opened { get; init; }
}

/// <summary>Where one kind of ROCm lies.</summary>
public sealed record RocmPlace
{
    public required string Name { get; init; }

    public required IReadOnlyList<string> Libraries { get; init; }

    /// <summary>Files that hold its version, from the folder of its libraries.</summary>
    public required IReadOnlyList<string> Version { get; init; }
}

/// <summary>Where systemd keeps Ollama's unit.</summary>
public sealed record ServicePlaces
{
    public required string Unit { get; init; }

    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>Variables that matter; '*' stands for any end.</summary>
    public required IReadOnlyList<string> Variables { get; init; }
}

/// <summary>What a switch between two ROCms goes by.</summary>
public sealed record SwitchFacts
{
    public required string Chooses { get; init; }

    public required IReadOnlyList<string> Variables { get; init; }

    public required string Base { get; init; }

    public required IReadOnlyList<string> Tables { get; init; }
}
