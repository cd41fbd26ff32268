using System.Text.Json;
using Cake.Core;
using Gfxbake.Formats.Gguf;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tasks.Run;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Host.Tests.Tasks;

[NonParallelizable]
public sealed class FitModelTests
{
    private readonly StringWriter screen = new();
    private readonly TextWriter before = Console.Out;
    private Fixture fixture = null!;
    private Interruption interruption = null!;

    [SetUp]
    public void MakeModel()
    {
        (fixture, interruption) = (new Fixture(), new Interruption());
        var shared = Path.Combine(Checkout.RepositoryRoot, "recipes", "_shared");
        var copy = Directory.CreateDirectory(PathOf("recipes/_shared")).FullName;
        foreach (var file in Directory.EnumerateFiles(shared, "*.yml"))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)), overwrite: true);
        using (var stream = File.Create(PathOf("m.gguf")))
        {
            var architecture = RecipeBook.Open(Path.Combine(Checkout.RepositoryRoot, "recipes")).Models["llama"];
            architecture.Write("llama", 1, GgufTensorType.F16, stream);
        }

        Console.SetOut(screen);
    }

    [TearDown]
    public void Clean()
    {
        Console.SetOut(before);
        screen.GetStringBuilder().Clear();
        interruption.Dispose();
        fixture.Dispose();
    }

    [OneTimeTearDown]
    public void CloseScreen() => screen.Dispose();

    [Test]
    public void Table_has_each_context_with_each_type()
    {
        Run(("file", "m.gguf"), ("ctx", "512,8192"), ("kv", "f16,q8_0"), ("memory", "20 MB"));

        var lines = screen.ToString().Split('\n');
        Assert.That(lines[0], Is.EqualTo("m.gguf: llama, 2 layers"));
        Assert.That(lines[1], Does.StartWith("Memory: 20.0 MB (--memory)"));
        Assert.That(lines[5..9].Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2]), Is.EqualTo(Rows));
        Assert.That(lines[5], Does.EndWith("barely"), "the margin is larger than the memory");
        Assert.That(lines[7], Does.EndWith("no"));
    }

    private static readonly string[][] Rows =
    [
        ["512", "f16"],
        ["512", "q8_0"],
        ["8192", "f16"],
        ["8192", "q8_0"],
    ];

    [Test]
    public void Json_has_the_memory_of_this_machine()
    {
        Run(("file", "m.gguf"), ("ctx", "8192"), ("json", ""));

        using var json = JsonDocument.Parse(screen.ToString());
        Assert.That(json.RootElement.GetProperty("memory").GetInt64(), Is.GreaterThan(0));
        Assert.That(json.RootElement.GetProperty("memory_source").GetString(), Does.Contain("MemAvailable"));
    }

    [TestCase("FitModel needs --file=, for instance ./build.sh --target=FitModel --file=model.gguf --ctx=8192,32768", "ctx=1")]
    [TestCase("FitModel needs --ctx=, for instance ", "file=m.gguf")]
    [TestCase("--file=x.gguf: {root}/x.gguf is not there; name a GGUF file", "file=x.gguf", "ctx=1")]
    [TestCase("--file=recipes: {root}/recipes is a directory; name a GGUF file", "file=recipes", "ctx=1")]
    [TestCase("--file=text.gguf: text.gguf: it is no GGUF file: it does not start with GGUF", "file=text.gguf", "ctx=1")]
    [TestCase("--file=cut.gguf: cut.gguf: it is cut off: the tensor 'output.weight' needs ", "file=cut.gguf", "ctx=1")]
    [TestCase(
        "--file=s-00001-of-00002.gguf: s-00001-of-00002.gguf: part 2 of 2 is missing: s-00002-of-00002.gguf",
        "file=s-00001-of-00002.gguf",
        "ctx=1"
    )]
    [TestCase("--file=other.gguf: the file has no general.architecture: it is no language model", "file=other.gguf", "ctx=1")]
    [TestCase("--ctx is '0'; it is numbers of tokens with commas, each from 1 to 134217728", "file=m.gguf", "ctx=0")]
    [TestCase("--ctx is '8192,'; it is ", "file=m.gguf", "ctx=8192,")]
    [TestCase("--ctx is '134217729'; it is ", "file=m.gguf", "ctx=134217729")]
    [TestCase("--kv=q9: unknown type 'q9'; known: f32, f16, bf16, q8_0", "file=m.gguf", "ctx=1", "kv=q9")]
    [TestCase("--kv=q4_K: unknown type 'q4_K'; known: ", "file=m.gguf", "ctx=1", "kv=q4_K")]
    [TestCase("--parallel is '0'; it is a number of sequences from 1 to 256", "file=m.gguf", "ctx=1", "parallel=0")]
    [TestCase("--memory is '120G'; it is bytes, or a size such as 900 MB", "file=m.gguf", "ctx=1", "memory=120G")]
    public void What_is_wrong_is_told(string message, params string[] arguments)
    {
        File.WriteAllText(PathOf("text.gguf"), "not yet downloaded");
        var whole = File.ReadAllBytes(PathOf("m.gguf"));
        File.WriteAllBytes(PathOf("cut.gguf"), whole[..(whole.Length / 2)]);
        Write("s-00001-of-00002.gguf", new GgufWriter().Add("split.no", 0u).Add("split.count", 2u));
        Write("other.gguf", new GgufWriter().Add("general.name", "picture"));

        Assert.That(
            () => Run([.. arguments.Select(a => a.Split('=', 2)).Select(a => (a[0], a[1]))]),
            Throws.TypeOf<CakeException>().With.Message.StartsWith(message.Replace("{root}", fixture.Root.FullPath))
        );
        Assert.That(screen.ToString(), Is.Empty);
    }

    private string PathOf(string name) => Path.Combine(fixture.Root.FullPath, name);

    private void Write(string name, GgufWriter writer)
    {
        using var stream = File.Create(PathOf(name));
        writer.WriteTo(stream);
    }

    private void Run(params (string Name, string Value)[] arguments) =>
        new FitModel().Run(new BuildContext(fixture.Context(arguments), interruption));
}
