using System.Net.Http.Json;
using System.Text.Json;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Units;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Host.Tests.Units;

/// <summary>llama-server of the image reads models.ini and changes from one model to the other, on the CPU.</summary>
[Category(Needs.Engine)]
[Category(Needs.MinimalImage)]
internal sealed class UnitRouterTests
{
    private static readonly string Build = Path.Combine(Checkout.RepositoryRoot, "artifacts", "llama-cpp-gfx1151", "debian");

    private readonly string name = $"gfxbake-router-{Guid.NewGuid():n}";
    private string folder = null!;
    private HttpClient client = null!;

    [OneTimeSetUp]
    public void Start()
    {
        folder = Directory.CreateTempSubdirectory("gfxbake-router").FullName;
        var units = new UnitFiles(
            Path.Combine(Checkout.RepositoryRoot, "docker", "units"),
            RecipeBook.Open(Path.Combine(Checkout.RepositoryRoot, "recipes")).Units
        );
        var ini = units.Fill(["router"], SampleUnits.Set(), asRoot: true)[0];
        File.WriteAllText(Path.Combine(folder, ini.Name), ini.Text);
        var image = RecordFile.TryRead<MinimalRecord>(Path.Combine(Build, "minimal.json"))!.Image;
        var models = Path.Combine(Build, "models");
        var started = Run([
            "run",
            "--detach",
            "--name",
            name,
            "--cap-drop=all",
            "--security-opt=no-new-privileges",
            "-p",
            "127.0.0.1::8080",
            "-v",
            $"{models}:/models:ro",
            "-v",
            $"{folder}/{ini.Name}:/models.ini:ro",
            image,
            "--models-preset",
            "/models.ini",
            "--models-max",
            "1",
        ]);
        Assert.That(started.Status, Is.Zero, started.Output);
        var port = Run(["port", name, "8080"]).Output.Trim();
        client = new() { BaseAddress = new Uri("http://" + port), Timeout = TimeSpan.FromSeconds(60) };
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client.Dispose();
        Run(["rm", "--force", "--time", "1", name]);
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Router_changes_from_one_model_to_the_other()
    {
        await Until(async () => (await States()).Count == 2);

        await Post("/models/load", "tiny-f16");
        await Until(async () => (await States())["tiny-f16"] == "loaded");
        Assert.That((await States())["tiny-q8_0"], Is.EqualTo("unloaded"));

        using var answer = await client.PostAsJsonAsync(
            "/v1/completions",
            new
            {
                model = "tiny-q8_0",
                prompt = "a",
                max_tokens = 2,
            }
        );
        Assert.That(
            await answer.Content.ReadAsStringAsync(),
            Does.Contain("\"model\":\"tiny-q8_0\"").And.Contain("\"completion_tokens\":2")
        );
        Assert.That((await States())["tiny-f16"], Is.EqualTo("unloaded"), "--models-max 1");

        await Post("/models/unload", "tiny-q8_0");
        await Until(async () => (await States())["tiny-q8_0"] == "unloaded");
    }

    [Test]
    public async Task Value_is_what_the_preset_says()
    {
        await Until(async () => (await States()).Count == 2);
        using var models = JsonDocument.Parse(await client.GetStringAsync("/models"));
        var words = models.RootElement.GetProperty("data")[0].GetProperty("status").GetProperty("args").EnumerateArray();

        Assert.That(words.Select(w => w.GetString()), Does.Contain(SampleUnits.Hostile));
    }

    private async Task<Dictionary<string, string>> States()
    {
        using var models = JsonDocument.Parse(await client.GetStringAsync("/models"));
        return models
            .RootElement.GetProperty("data")
            .EnumerateArray()
            .ToDictionary(m => m.GetProperty("id").GetString()!, m => m.GetProperty("status").GetProperty("value").GetString()!);
    }

    private async Task Post(string path, string model)
    {
        using var answer = await client.PostAsJsonAsync(path, new { model });
        Assert.That(answer.IsSuccessStatusCode, Is.True, await answer.Content.ReadAsStringAsync());
    }

    private async Task Until(Func<Task<bool>> holds)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                if (await holds())
                    return;
            }
            catch (HttpRequestException)
            {
                // It has not begun to listen.
            }

            Assert.That(tries, Is.LessThan(100), () => Run(["logs", name]).Output);
            await Task.Delay(200);
        }
    }

    private static Outcome Run(IEnumerable<string> words)
    {
        var engine = RecordFile.TryRead<EngineFinder.Choice>(Path.Combine(Checkout.RepositoryRoot, "artifacts", "engine.json"))!.Engine;
        return Command.Run(["env", .. engine.Environment.Select(e => $"{e.Key}={e.Value}"), engine.Path, .. words]);
    }
}
