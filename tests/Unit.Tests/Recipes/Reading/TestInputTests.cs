using System.Security.Cryptography;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Unit.Tests.Recipes.Reading;

public sealed class TestInputTests
{
    private const string Inputs = """

          - name: serve
            gpu: none
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

    private static RecipeFolder With(string inputs)
    {
        var folder = new RecipeFolder();
        File.WriteAllBytes(
            Path.Combine(Directory.CreateDirectory(Path.Combine(folder.Root, "_shared", "tests")).FullName, "tone.wav"),
            Tone
        );
        folder.Write(RecipeFolder.Valid + inputs.Replace("DIGEST", Convert.ToHexStringLower(SHA256.HashData(Tone))));
        return folder;
    }
}
