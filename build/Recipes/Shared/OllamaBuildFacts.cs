using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Shared;

/// <summary>How an Ollama is compiled and started on a machine (recipes/_shared/ollama-build.yml).</summary>
public sealed record OllamaBuildFacts
{
    public required IReadOnlyList<BuildForm> Forms { get; init; }

    /// <summary>CMake's options by name, for every step.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>More of them for steps that compile against ROCm.</summary>
    public required IReadOnlyDictionary<string, string> RocmOptions { get; init; }

    /// <summary>The environment of such steps.</summary>
    public required IReadOnlyDictionary<string, string> RocmEnvironment { get; init; }

    public required GoRule Go { get; init; }

    public required IReadOnlyList<ServerVariable> Variables { get; init; }

    /// <summary>Variables that no Ollama reads.</summary>
    public required IReadOnlyList<string> Unread { get; init; }

    internal static void Check(YamlBinder binder, OllamaBuildFacts facts)
    {
        foreach (var (i, form) in facts.Forms.Index())
        {
            if (form.Has.Count == 0)
                binder.Problem($"forms[{i}].has", "nothing must be there, so everything has this form");
            if (form.Refused is null == (form.File is null || form.Source is null || form.Steps.Count == 0))
                binder.Problem($"forms[{i}]", "it has either 'refused' or 'file', 'source' and 'steps'");
            var paths = form.Has.Append(form.File ?? ".").Append(form.Source ?? ".");
            foreach (var path in paths.Concat(form.Steps.SelectMany(s => s.Collect).SelectMany(c => new[] { c.From, c.To })))
                Inside($"forms[{i}]", path);
            foreach (var step in form.Steps.Where(s => s.Presets.Count == 0))
                binder.Problem($"forms[{i}].steps", $"{step.Name} has no preset to look for");
        }

        Inside("go.output", facts.Go.Output);
        foreach (var (i, variable) in facts.Variables.Index().Where(v => facts.Unread.Contains(v.Item.Name)))
            binder.Problem($"variables[{i}]", $"{variable.Name} is also 'unread'");

        void Inside(string key, string path)
        {
            if (path.StartsWith('/') || path.Split('/').Contains(".."))
                binder.Problem(key, $"'{path}' must stay inside of the source");
        }
    }
}

/// <summary>One way in which Ollama's source lies.</summary>
public sealed record BuildForm
{
    public required string Name { get; init; }

    public required string About { get; init; }

    public required IReadOnlyList<string> Has { get; init; }

    /// <summary>Why it can't be compiled; null where it can.</summary>
    public string? Refused { get; init; }

    /// <summary>The file of presets.</summary>
    public string? File { get; init; }

    /// <summary>The folder that CMake configures.</summary>
    public string? Source { get; init; }

    /// <summary>Code that CMake would fetch, by the name that --source calls it.</summary>
    public IReadOnlyDictionary<string, FetchedCode> Fetched { get; init; } = new Dictionary<string, FetchedCode>();

    public IReadOnlyList<CompileStep> Steps { get; init; } = [];
}

/// <summary>Code that CMake's FetchContent gets.</summary>
public sealed record FetchedCode
{
    /// <summary>The option that names a folder instead.</summary>
    public required string Option { get; init; }

    /// <summary>The file that says which version is wanted.</summary>
    public required string Pin { get; init; }
}

/// <summary>One configuration of CMake.</summary>
public sealed record CompileStep
{
    public required string Name { get; init; }

    public required IReadOnlyList<string> Presets { get; init; }

    public IReadOnlyList<string> Targets { get; init; } = [];

    public bool Rocm { get; init; }

    public required IReadOnlyList<CollectRule> Collect { get; init; }
}

/// <summary>Files of a build that become Ollama's.</summary>
public sealed record CollectRule
{
    public required string From { get; init; }

    public required string To { get; init; }
}

/// <summary>How the program ollama is compiled.</summary>
public sealed record GoRule
{
    public required string Has { get; init; }

    public required IReadOnlyList<string> Words { get; init; }

    public required string Output { get; init; }
}

/// <summary>A variable of the server's environment.</summary>
public sealed record ServerVariable
{
    public required string Name { get; init; }

    public required string Value { get; init; }

    /// <summary>A text that the program must have.</summary>
    public string? Reads { get; init; }

    public IReadOnlyList<string> NotFor { get; init; } = [];
}
