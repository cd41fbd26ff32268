using System.Text.RegularExpressions;
using Gfxbake.Formats.Gguf;
using Gfxbake.Recipes.Shared;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>What must hold of the architectures of test models.</summary>
internal static partial class ModelRules
{
    public static void Check(YamlBinder binder, ModelFacts facts)
    {
        foreach (var (name, architecture) in facts.Architectures)
        {
            if (!Name().IsMatch(name))
                binder.Problem($"architectures.{name}", $"'{name}' is no name of an architecture; use a-z, 0-9, '_' and '-'");
            foreach (var (key, message) in architecture.Problems())
                binder.Problem($"architectures.{name}.{key}", message);
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,31}\z")]
    private static partial Regex Name();
}
