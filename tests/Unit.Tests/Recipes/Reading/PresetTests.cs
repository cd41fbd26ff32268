using Gfxbake.Pipeline.Serving;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Unit.Tests.Recipes.Reading;

/// <summary>recipes/_shared/models/ and the key run.</summary>
public sealed class PresetTests
{
    private const string Valid = """
        title: a model
        files: ['**/a*.gguf']
        from: owner/a-GGUF
        options: {ctx-size: '4096', temp: '0.5'}
        sources:
          - {where: a page, read: 2026-11-29, says: temp 0.5}
        """;

    private const string Run = """
        run:
          options: {model: model, projector: mmproj, context: ctx-size, parallel: parallel, cache_type: cache-type-k}
          defaults: {gpu-layers: '999', temp: '0.1'}
          modes:
            server: {program: sample-server, port: 8080}
            bench: {program: sample-bench, only: {gpu-layers: ngl}}
          same:
            - [--new x, --old]

        """;

    private RecipeFolder folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new RecipeFolder();
        Directory.CreateDirectory(Path.Combine(folder.Root, "_shared", "models"));
        folder.Change("  user: someone", "  user: someone\n  ports: [8080]");
        folder.Change("workloads:", Run + "workloads:");
    }

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void Preset_has_the_name_of_its_file()
    {
        folder.Share("models/sample-1.5", Valid);

        Assert.That(RecipeBook.Open(folder.Root).Presets.Single().Value.Name, Is.EqualTo("sample-1.5"));
    }

    [TestCase("'**/a*.gguf'", "'/a.gguf'", "'/a.gguf' is no path below the folder with models")]
    [TestCase("'**/a*.gguf'", "'../a.gguf'", "'../a.gguf' is no path below the folder with models")]
    [TestCase("['**/a*.gguf']", "[]", "no pattern says which file is the model's")]
    [TestCase("owner/a-GGUF", "https://x/y", "'https://x/y' is no owner/name")]
    [TestCase("ctx-size:", "--ctx-size:", "'--ctx-size' is no option without dashes")]
    [TestCase("'4096'", "''", "it needs a value on one line; a flag's is true")]
    [TestCase("2026-11-29", "yesterday", "'yesterday' is no date")]
    [TestCase("title:", "tilte:", "unknown key 'tilte'")]
    public void Wrong_preset_is_named_with_its_file(string from, string to, string problem)
    {
        folder.Share("models/sample", Valid.Replace(from, to));

        Assert.That(
            () => RecipeBook.Open(folder.Root).Presets,
            Throws.TypeOf<RecipeException>().With.Message.Contains("recipes/_shared/models/sample.yml:").And.Message.Contains(problem)
        );
    }

    [TestCase("model: model", "model: --model", "'--model' is no option without dashes")]
    [TestCase("port: 8080", "port: 9", "image.ports has no 9")]
    [TestCase("sample-server", "a/b", "'a/b' is no program's name")]
    [TestCase("--old", "old", "it must be two ways at least")]
    public void Wrong_way_to_run_is_a_problem_of_the_recipe(string from, string to, string problem)
    {
        folder.Change(from, to);

        Assert.That(() => RecipeBook.Open(folder.Root).Read("sample"), Throws.TypeOf<RecipeException>().With.Message.Contains(problem));
    }

    [Test]
    public void Preset_wins_over_the_recipe_and_a_mode_takes_what_its_program_has()
    {
        folder.Share("models/sample", Valid);
        var book = RecipeBook.Open(folder.Root);
        var (run, preset) = (book.Read("sample").Run!, book.Presets["sample"]);
        var model = new MountedModel("/models/a.gguf", null, []);

        Assert.That(
            ModelRun.Options(run, run.Modes["server"], preset, model).Select(o => $"{o.Key}={o.Value}"),
            Is.EqualTo(new[] { "model=/models/a.gguf", "ctx-size=4096", "gpu-layers=999", "temp=0.5" })
        );
        Assert.That(
            ModelRun.Options(run, run.Modes["bench"], preset, model).Select(o => $"{o.Key}={o.Value}"),
            Is.EqualTo(new[] { "model=/models/a.gguf", "ngl=999" })
        );
    }

    [Test]
    public void Presets_of_the_repository_are_valid_and_their_modes_are_there()
    {
        var book = RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes"));
        var modes = book.ReadAll().SelectMany(r => r.Run?.Modes.Keys ?? []).ToHashSet();

        Assert.That(book.Presets, Has.Count.GreaterThan(9));
        Assert.That(book.Presets.Values.SelectMany(p => p.Modes).Distinct(), Is.SubsetOf(modes));
    }
}
