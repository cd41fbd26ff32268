using System.Text;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Gguf;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>What must hold of models, test files, and the forms that send them.</summary>
internal sealed partial class TestInputRules(
    YamlBinder binder,
    string root,
    Lazy<IReadOnlyDictionary<string, TinyArchitecture>> architectures
)
{
    private const int MostFields = 32;
    private const int LongestText = 1 << 16;

    public void Check(Recipe recipe)
    {
        foreach (var (i, model) in recipe.Models.Index())
            CheckModel($"models[{i}]", model);
        foreach (var (i, file) in recipe.TestFiles.Index())
            CheckFile($"test_files[{i}]", file);
        List<string> names = [.. TestInputs.Names(recipe)];
        foreach (var twice in names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1))
            binder.Problem(recipe.TestFiles.Count > 0 ? "test_files" : "models", $"the name '{twice.Key}' is used twice");
        foreach (var (i, workload) in recipe.Workloads.Index())
        {
            foreach (var (j, request) in (workload.Serve?.Requests ?? []).Index())
                CheckBody($"workloads[{i}].serve.requests[{j}]", request, names);
        }
    }

    private void CheckModel(string key, TestModel model)
    {
        if (model.Given is { } given)
        {
            if (model.Name is not null || model.Weights is not null)
                binder.Problem($"{key}.file", "a given file says its name and weights itself; leave them out");
            CheckFile(key, given, "file");
            return;
        }

        if (model.Sha256 is not null)
            binder.Problem($"{key}.sha256", "only a given 'file' has a digest");
        if (model.Name is null)
            binder.Problem(key, $"key '{key}.name' is missing (text)");
        else if (!Name().IsMatch(model.Name))
            binder.Problem($"{key}.name", $"'{model.Name}' is no file name; use a-z, 0-9 and '-'");
        if (model.Weights is null)
            binder.Problem(key, $"key '{key}.weights' is missing (text)");
        else if (!TestModel.KnownWeights.TryGetValue(model.Weights, out var weights))
            binder.Problem($"{key}.weights", $"unknown weights '{model.Weights}'; known: {string.Join(", ", TestModel.KnownWeights.Keys)}");
        else if (model.Made is { Format: TinyFormat.Ggml } && weights is GgufTensorType.K4)
            binder.Problem($"{key}.weights", $"a model of the form ggml has no weights {model.Weights}");
        if (model.Made is null)
        {
            binder.Problem(
                $"{key}.architecture",
                $"'{key}.architecture' must be one of {string.Join(", ", architectures.Value.Keys)}, not '{model.Architecture}'; "
                    + "see recipes/_shared/test-models.yml"
            );
        }
    }

    private void CheckFile(string key, TestFile file, string path = "source")
    {
        if (!Source().IsMatch(file.Source))
            binder.Problem($"{key}.{path}", $"'{file.Source}' must be a file below recipes/, without '..'");
        else if (!Digest().IsMatch(file.Sha256))
            binder.Problem($"{key}.sha256", $"'{file.Sha256}' is no SHA-256; write 64 hex digits");
        else
            Readable($"{key}.{path}", file);
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

    private void CheckBody(string key, HttpProbe request, List<string> files)
    {
        List<(string Key, bool IsThere)> bodies =
        [
            ("body", request.Body is not null),
            ("form", request.Form.Count > 0),
            ("json", request.Json is not null),
        ];
        List<string> there = [.. bodies.Where(b => b.IsThere).Select(b => b.Key)];
        if (there.Count > 1)
            binder.Problem($"{key}.{there[0]}", $"a request has one body: leave out {string.Join(" or ", there.Select(k => $"'{k}'"))}");
        if (request.Body is { } body && !IsFile(body, files))
            binder.Problem($"{key}.body", $"'{body}' is no file of the recipe; known: {Known(files)}");
        CheckForm(key, request, files);
    }

    private void CheckForm(string key, HttpProbe request, List<string> files)
    {
        if (request.Form.Count > MostFields)
            binder.Problem($"{key}.form", $"a form has at most {MostFields} fields, not {request.Form.Count}");
        foreach (var (name, value) in request.Form)
        {
            var field = $"{key}.form.{name}";
            if (!Field().IsMatch(name))
                binder.Problem(field, $"'{name}' is no name of a field; use letters, digits, '.', '_', '-' and brackets");
            if (Encoding.UTF8.GetByteCount(value) > LongestText)
                binder.Problem(field, $"the text is longer than {LongestText} bytes; send a file");
            if (value.StartsWith('@') && !IsFile(value, files))
                binder.Problem(field, $"'{value}' is no file of the recipe; known: {Known(files)}");
        }
    }

    private static bool IsFile(string value, List<string> files) =>
        TestInputs.FileOf(value) is { } file && files.Contains(file, StringComparer.Ordinal);

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
