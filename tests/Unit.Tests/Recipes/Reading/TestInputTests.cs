using System.Security.Cryptography;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Unit.Tests.Recipes.Reading;

public sealed class TestInputTests
{
    private const string Inputs = """

          - name: serve
            command: [server]
            serve:
              port: 8080
              ready: /
              requests:
                - path: /inference
                  form: {file: '@/models/tone.wav', model: '@/models/tiny.bin', language: en}
        models:
          - {name: tiny, architecture: whisper, weights: f16}
        test_files:
          - {source: _shared/tests/tone.wav, sha256: DIGEST}
        """;

    private static readonly byte[] Tone = [1, 2, 3];

    [Test]
    public void Form_is_read_with_its_files()
    {
        using var folder = With(Inputs);
        var recipe = RecipeBook.Open(folder.Root).Read("sample");
        var request = recipe.Workloads[1].Serve!.Requests[0];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(request.IsPost, Is.True);
            Assert.That(TestInputs.Names(recipe), Is.EqualTo(new[] { "tiny.bin", "tone.wav" }));
            Assert.That(request.Form.Values.Select(TestInputs.FileOf), Is.EqualTo(new[] { "tone.wav", null, "tiny.bin" }));
            Assert.That(recipe.TestFiles[0].Read(folder.Root), Is.EqualTo(Tone));
        }
    }

    [TestCase(
        "@/models/tone.wav",
        "@/models/other.wav",
        "'@/models/other.wav' is no file of the recipe; known: @/models/tiny.bin, @/models/tone.wav"
    )]
    [TestCase("@/models/tone.wav", "@/models/../tone.wav", "is no file of the recipe")]
    [TestCase("@/models/tone.wav", "@/etc/passwd", "'@/etc/passwd' is no file of the recipe")]
    [TestCase("language: en", "'a\"b': en", "'a\"b' is no name of a field")]
    [TestCase("language: en}", "language: en}\n          json: '{}'", "a request has one body: leave out 'form' or 'json'")]
    [TestCase("language: en}", "language: en}\n          body: '@/models/tone.wav'", "a request has one body: leave out 'body' or 'form'")]
    [TestCase(
        "language: en}",
        "language: en}\n        - path: /b\n          body: '@/models/../x'",
        "'@/models/../x' is no file of the recipe"
    )]
    [TestCase(
        "language: en}",
        "language: en}\n        - path: /b\n          body: text",
        "'text' is no file of the recipe; known: @/models/tiny.bin"
    )]
    [TestCase("_shared/tests/tone.wav,", "../tone.wav,", "'../tone.wav' must be a file below recipes/")]
    [TestCase("_shared/tests/tone.wav,", "_shared/../../tone.wav,", "must be a file below recipes/")]
    [TestCase("_shared/tests/tone.wav,", "/etc/passwd,", "must be a file below recipes/")]
    [TestCase("_shared/tests/tone.wav,", "_shared/tests/none.wav,", "recipes/_shared/tests/none.wav is missing or a link")]
    [TestCase("sha256: DIGEST", "sha256: abc", "'abc' is no SHA-256")]
    [TestCase(
        "sha256: DIGEST",
        "sha256: 0000000000000000000000000000000000000000000000000000000000000000",
        "recipes/_shared/tests/tone.wav has the SHA-256 "
    )]
    [TestCase("name: tiny,", "name: ../tiny,", "'../tiny' is no file name")]
    [TestCase("name: tiny, ", "", "key 'models[0].name' is missing (text)")]
    [TestCase(", weights: f16", "", "key 'models[0].weights' is missing (text)")]
    [TestCase("weights: f16", "weights: q4_0", "unknown weights 'q4_0'; known: f16, q8_0, q4_k_m")]
    [TestCase("weights: f16", "weights: q4_k_m", "a model of the form ggml has no weights q4_k_m")]
    [TestCase("weights: f16", "weights: f16, sha256: DIGEST", "only a given 'file' has a digest")]
    [TestCase("weights: f16", "file: _shared/tests/tone.wav, sha256: DIGEST", "a given file says its name and weights itself")]
    [TestCase(
        "name: tiny, architecture: whisper, weights: f16",
        "file: ../x.gguf, sha256: DIGEST",
        "'../x.gguf' must be a file below recipes/"
    )]
    [TestCase("name: tiny, architecture: whisper, weights: f16", "file: _shared/tests/tone.wav", "'' is no SHA-256")]
    [TestCase("architecture: whisper", "architecture: other", "'models[0].architecture' must be one of llama, whisper, not 'other'")]
    [TestCase(
        "weights: f16}",
        "weights: f16}\n  - {name: tiny, architecture: whisper, weights: q8_0}",
        "the name 'tiny.bin' is used twice"
    )]
    public void Input_that_is_wrong_is_refused_with_its_line(string from, string to, string message)
    {
        using var folder = With(Inputs.Replace(from, to));

        Assert.That(
            () => RecipeBook.Open(folder.Root).Read("sample"),
            Throws.TypeOf<RecipeException>().With.Message.Contains(message).And.Message.Match(@"recipes/sample/recipe\.yml:\d\d: ")
        );
    }

    [Test]
    public void Form_with_too_many_fields_is_refused()
    {
        using var folder = With(Inputs.Replace("language: en", string.Join(", ", Enumerable.Range(0, 40).Select(i => $"f{i}: x"))));

        Assert.That(
            () => RecipeBook.Open(folder.Root).Read("sample"),
            Throws.TypeOf<RecipeException>().With.Message.Contains("a form has at most 32 fields, not 42")
        );
    }

    [Test]
    public void Link_is_no_test_file()
    {
        using var folder = With(Inputs);
        var path = Path.Combine(folder.Root, "_shared", "tests", "tone.wav");
        File.Move(path, path + ".real");
        File.CreateSymbolicLink(path, path + ".real");

        Assert.That(
            () => RecipeBook.Open(folder.Root).Read("sample"),
            Throws.TypeOf<RecipeException>().With.Message.Contains("is missing or a link")
        );
    }

    [Test]
    public void Given_model_is_a_file_beside_those_that_are_written()
    {
        using var folder = With(
            Inputs
                .Replace("name: tiny, architecture: whisper, weights: f16", "file: _shared/tests/small.gguf, sha256: DIGEST")
                .Replace("tiny.bin", "small.gguf")
        );
        var tests = Path.Combine(folder.Root, "_shared", "tests");
        File.Copy(Path.Combine(tests, "tone.wav"), Path.Combine(tests, "small.gguf"));

        var recipe = RecipeBook.Open(folder.Root).Read("sample");

        Assert.That(TestInputs.Names(recipe), Is.EqualTo(new[] { "small.gguf", "tone.wav" }));
        Assert.That(recipe.Models[0].Given!.Read(folder.Root), Is.EqualTo(Tone));
    }

    [Test]
    public void Model_is_written_as_its_architecture_says()
    {
        using var folder = With(Inputs.Replace("architecture: whisper", "architecture: llama").Replace("tiny.bin", "tiny.gguf"));
        using var stream = new MemoryStream();

        RecipeBook.Open(folder.Root).Read("sample").Models[0].Write(stream);

        Assert.That(stream.ToArray()[..4], Is.EqualTo("GGUF"u8.ToArray()));
    }

    [TestCase("sizes: {n_layer: 1}", "sizes: {}", "there must be a size n_layer")]
    [TestCase("n_layer: 1", "n_layer: 100", "recipes/_shared/test-models.yml:2: n_layer 100 is not between 1 and 64")]
    [TestCase("n_layer: 1", "n_layer: 1, n_vocab: 3", "'n_vocab' can't be the name of a size")]
    [TestCase("{format: ggml}", "{format: ggml, sizes: {a: 1}}", "what a file of the form ggml holds can't be chosen")]
    [TestCase("format: gguf", "format: zip", "'architectures.llama.format' must be one of gguf, ggml, not 'zip'")]
    [TestCase(
        "gguf,",
        "gguf, first: [{name: a, shape: [n_x]}],",
        "recipes/_shared/test-models.yml:2: unknown size 'n_x'; known: n_layer, n_vocab"
    )]
    [TestCase(
        "gguf,",
        "gguf, first: [{name: 'a{layer}', shape: ['32']}],",
        "the tensors of a layer have {layer} in their name, and no others"
    )]
    [TestCase("gguf,", "gguf, layer: [{name: a, shape: ['32']}],", "the tensors of a layer have {layer} in their name, and no others")]
    [TestCase("gguf,", "gguf, first: [{name: a, shape: ['32']}], last: [{name: a, shape: ['32']}],", "the tensor 'a' is there twice")]
    [TestCase("gguf,", "gguf, first: [{name: a, shape: ['32'], values: logits}],", "must have a row for each token: [n, n_vocab]")]
    [TestCase("gguf,", "gguf, metadata: [{key: a.b}],", "'a.b' must have one of number, real, flag and text")]
    [TestCase("gguf,", "gguf, metadata: [{key: a.b, real: '1,5'}],", "'1,5' is no number")]
    [TestCase("gguf,", "gguf, metadata: [{key: A, text: x}],", "'A' is no key")]
    public void Architecture_that_makes_no_model_is_refused_with_its_line(string from, string to, string message)
    {
        using var folder = With(Inputs);
        var shared = Path.Combine(folder.Root, "_shared", "test-models.yml");
        folder.Share("test-models", File.ReadAllText(shared).Replace(from, to));

        Assert.That(() => RecipeBook.Open(folder.Root).Read("sample"), Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    private static RecipeFolder With(string inputs)
    {
        var folder = new RecipeFolder();
        File.WriteAllBytes(
            Path.Combine(Directory.CreateDirectory(Path.Combine(folder.Root, "_shared", "tests")).FullName, "tone.wav"),
            Tone
        );
        folder.Share("test-models", "architectures:\n  llama: {format: gguf, sizes: {n_layer: 1}}\n  whisper: {format: ggml}\n");
        folder.Write(RecipeFolder.Valid + inputs.Replace("DIGEST", Convert.ToHexStringLower(SHA256.HashData(Tone))));
        return folder;
    }
}
