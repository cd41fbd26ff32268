using System.Text;
using System.Text.RegularExpressions;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>What must hold of models, test files, and the forms that send them.</summary>
internal sealed partial class TestInputRules(YamlBinder binder, string root)
{
    private const int MostFields = 32;
    private const int LongestText = 1 << 16;

    public void Check(Recipe recipe)
    {
        foreach (var (i, model) in recipe.Models.Index())
        {
            if (!Name().IsMatch(model.Name))
                binder.Problem($"models[{i}].name", $"'{model.Name}' is no file name; use a-z, 0-9 and '-'");
            if (model.Weights is not ("f16" or "q8_0"))
                binder.Problem($"models[{i}].weights", $"unknown weights '{model.Weights}'; known: f16, q8_0");
        }

        foreach (var (i, file) in recipe.TestFiles.Index())
            CheckFile($"test_files[{i}]", file);
        List<string> names = [.. TestInputs.Names(recipe)];
        foreach (var twice in names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1))
            binder.Problem(recipe.TestFiles.Count > 0 ? "test_files" : "models", $"the name '{twice.Key}' is used twice");
        foreach (var (i, workload) in recipe.Workloads.Index())
        {
            foreach (var (j, request) in (workload.Serve?.Requests ?? []).Index())
                CheckForm($"workloads[{i}].serve.requests[{j}]", request, names);
        }
    }

    private void CheckFile(string key, TestFile file)
    {
        if (!Source().IsMatch(file.Source))
            binder.Problem($"{key}.source", $"'{file.Source}' must be a file below recipes/, without '..'");
        else if (!Digest().IsMatch(file.Sha256))
            binder.Problem($"{key}.sha256", $"'{file.Sha256}' is no SHA-256; write 64 hex digits");
        else
            Readable($"{key}.source", file);
    }

    private void Readable(string key, TestFile file)
    {
        try
        {
            _ = file.Read(root);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            binder.Problem(key, exception.Message);
        }
    }

    private void CheckForm(string key, HttpProbe request, List<string> files)
    {
        if (request.Form.Count > 0 && request.Json is not null)
            binder.Problem($"{key}.form", "a request has one body: leave out 'form' or 'json'");
        if (request.Form.Count > MostFields)
            binder.Problem($"{key}.form", $"a form has at most {MostFields} fields, not {request.Form.Count}");
        foreach (var (name, value) in request.Form)
        {
            var field = $"{key}.form.{name}";
            if (!Field().IsMatch(name))
                binder.Problem(field, $"'{name}' is no name of a field; use letters, digits, '.', '_', '-' and brackets");
            if (Encoding.UTF8.GetByteCount(value) > LongestText)
                binder.Problem(field, $"the text is longer than {LongestText} bytes; send a file");
            if (value.StartsWith('@') && (TestInputs.FileOf(value) is not { } file || !files.Contains(file, StringComparer.Ordinal)))
                binder.Problem(field, $"'{value}' is no file of the recipe; known: {Known(files)}");
        }
    }

    private static string Known(List<string> files) =>
        files.Count == 0 ? "none (models, test_files)" : string.Join(", ", files.Select(f => $"@{TestInputs.Folder}/{f}"));

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,62}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*(/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)*\z")]
    private static partial Regex Source();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Digest();

    [GeneratedRegex(@"\A[A-Za-z0-9._\[\]-]{1,64}\z")]
    private static partial Regex Field();
}
