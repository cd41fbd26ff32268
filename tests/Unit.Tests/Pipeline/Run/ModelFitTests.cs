using System.Globalization;
using Gfxbake.Formats.Gguf;
using Gfxbake.Pipeline.Run;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Shared;
using Gfxbake.Recipes.Yaml;
using Gfxbake.Unit.Tests.Formats.Gguf;

namespace Gfxbake.Unit.Tests.Pipeline.Run;

public sealed class ModelFitTests
{
    private static readonly RecipeBook Book = RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes"));
    private static readonly IReadOnlyDictionary<string, TinyArchitecture> Architectures = ReadArchitectures();
    private static readonly Dictionary<string, GgufModel> Models = [];

    private static IEnumerable<TestCaseData> Buffers() =>
        File.ReadLines(FixtureFile("buffers.csv"))
            .Where(l => !l.StartsWith('#'))
            .Skip(1)
            .Select(Buffer.Parse)
            .Select(b => new TestCaseData(b).SetArgDisplayNames($"{b.Model} {b.Vocabulary} {b.Sequences} {b.Context} {b.Cache}"));

    [TestCaseSource(nameof(Buffers))]
    public void Estimate_is_near_what_llama_cpp_allocates(Buffer buffer)
    {
        var estimate = ModelFit
            .Of(Wide(Model(buffer.Model), buffer.Vocabulary), Book.ModelMemory, new([buffer.Context], [buffer.Cache], buffer.Sequences))
            .Estimates[0];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Mebi(estimate.Weights), Near(buffer.Weights, 0.01), "weights");
            Assert.That(Mebi(estimate.Cache), Near(buffer.Kv, 0.01), "KV cache");
            Assert.That(Mebi(estimate.State), Near(buffer.State, 0.01), "state");
            Assert.That(Mebi(estimate.Compute), Near(buffer.Compute, 0.15), "compute");
        }
    }

    [Test]
    public void Matrix_that_is_embedding_and_output_counts_twice_on_a_gpu()
    {
        var estimate = Of(Model("gemma3"));

        // 384 tokens, 256 values, in half precision.
        Assert.That(estimate.Copy, Is.EqualTo(384 * 256 * 2));
        Assert.That(estimate.Total, Is.EqualTo(estimate.Weights + estimate.Copy + estimate.Cache + estimate.State + estimate.Compute));
        Assert.That(Of(Model("llama")).Copy, Is.Zero);
    }

    [Test]
    public void Heads_can_differ_from_layer_to_layer()
    {
        var model = With(Model("llama"), ("llama.attention.head_count_kv", new GgufValue(2) { Numbers = [2, 1] }));

        Assert.That(Of(model).Cache, Is.EqualTo(Of(Model("llama")).Cache * 3 / 4));
    }

    [Test]
    public void Last_layer_of_each_period_has_no_window()
    {
        // Of four layers the first and the third have a window of 128 tokens, which makes 768 cells with a batch of 512.
        var first = With(Model("gpt-oss"), ("gpt-oss.attention.head_count_kv", new GgufValue(4) { Numbers = [1, 0, 1, 0] }));
        var second = With(Model("gpt-oss"), ("gpt-oss.attention.head_count_kv", new GgufValue(4) { Numbers = [0, 1, 0, 1] }));

        // A key and a value of 64 numbers, two bytes each.
        Assert.That(Of(first).Cache, Is.EqualTo(2 * 768 * 64 * 2 * 2));
        Assert.That(Of(second).Cache, Is.EqualTo(2 * 8192 * 64 * 2 * 2));
    }

    [Test]
    public void List_says_which_layers_have_a_window()
    {
        var model = With(Model("gpt-oss"), ("gpt-oss.attention.sliding_window_pattern", new GgufValue(4) { Numbers = [1, 1, 1, 0] }));

        Assert.That(ModelFit.Of(model, Book.ModelMemory, new([8192], ["f16"], 1)).Windowed, Is.EqualTo(3));
    }

    [Test]
    public void Last_layer_of_each_interval_has_attention_where_the_facts_say_so()
    {
        var model = With(
            Renamed(Model("falcon-h1"), "falcon-h1", "qwen3next"),
            ("qwen3next.full_attention_interval", new GgufValue(1) { Number = 2 }),
            ("qwen3next.attention.head_count_kv", new GgufValue(4) { Numbers = [0, 2, 0, 2] })
        );
        var fit = ModelFit.Of(model, Book.ModelMemory, new([8192], ["f16"], 1));

        Assert.That(fit.WithState, Is.EqualTo(2));
        Assert.That(fit.Estimates[0].Cache, Is.EqualTo(Of(Model("falcon-h1")).Cache / 2));
    }

    // gpt-oss-20b with 4096 tokens, as ggml-org/llama.cpp#17609 shows it on Metal: 404.00 MiB there and 15.15 MiB on the host.
    [Test]
    public void Real_model_on_a_gpu_is_met_too()
    {
        var model = new GgufModel(
            new (string Key, long Value)[]
            {
                ("block_count", 24),
                ("embedding_length", 2880),
                ("attention.head_count", 64),
                ("attention.head_count_kv", 8),
                ("attention.key_length", 64),
                ("attention.value_length", 64),
                ("attention.sliding_window", 128),
                ("expert_used_count", 4),
                ("expert_feed_forward_length", 2880),
            }
                .Select(m => KeyValuePair.Create($"gpt-oss.{m.Key}", new GgufValue(1) { Number = m.Value }))
                .Append(KeyValuePair.Create("general.architecture", new GgufValue(1) { Text = "gpt-oss" }))
                .ToDictionary(),
            [new GgufTensorInfo("token_embd.weight", [2880, 201088], GgmlType.Of("q8_0")!, 0)],
            1
        );
        var estimate = ModelFit.Of(model, Book.ModelMemory, new([4096], ["f16"], 1)).Estimates[0];

        // 12 layers with all tokens, and 12 with 768 cells: 18.00 MiB.
        Assert.That(Mebi(estimate.Cache), Is.EqualTo(96 + 18));
        Assert.That(Mebi(estimate.Compute), Is.EqualTo(404.00 + 15.15).Within(3).Percent);
    }

    [Test]
    public void Unknown_architecture_has_a_full_cache_and_says_that_it_is_unknown()
    {
        var fit = ModelFit.Of(Renamed(Model("gpt-oss"), "gpt-oss", "new"), Book.ModelMemory, new([8192], ["f16"], 1));

        Assert.That(fit.IsKnown, Is.False);
        Assert.That(fit.Windowed, Is.Zero);
    }

    [Test]
    public void Estimate_fits_barely_fits_or_does_not()
    {
        var estimate = Of(Model("llama"));

        Assert.That(
            new[] { estimate.Total - 1, estimate.Total, estimate.Total + 99, estimate.Total + 100 }.Select(m => estimate.In(m, 100)),
            Is.EqualTo(new[] { FitAnswer.No, FitAnswer.Tight, FitAnswer.Tight, FitAnswer.Fits })
        );
    }

    [TestCase("block_count", null, "llama.block_count is missing")]
    [TestCase("block_count", 5000L, "the model has 5000 layers, of which 0 are not used; 4096 at most are possible")]
    [TestCase("block_count", -1L, "llama.block_count is -1; 0 to 4294967296 is possible")]
    [TestCase("embedding_length", 1L << 33, "llama.embedding_length is 8589934592; 0 to 4294967296 is possible")]
    [TestCase("attention.head_count_kv", 1L << 32, "llama.attention.head_count_kv")]
    public void Impossible_metadata_is_refused(string key, long? value, string message)
    {
        var metadata = Model("llama").Metadata.Where(m => m.Key != $"llama.{key}").ToDictionary();
        if (value is { } number)
            metadata[$"llama.{key}"] = new GgufValue(1) { Number = number };
        if (key.EndsWith("kv", StringComparison.Ordinal))
            metadata["llama.attention.key_length"] = new GgufValue(1) { Number = 1L << 32 };
        var model = Model("llama") with { Metadata = metadata };

        Assert.That(
            () => Of(model),
            Throws
                .TypeOf<FitException>()
                .With.Message.Contains(key.EndsWith("kv", StringComparison.Ordinal) ? "too large for any memory" : message)
        );
    }

    [Test]
    public void File_without_an_architecture_is_no_language_model() =>
        Assert.That(
            () => Of(new GgufModel(new Dictionary<string, GgufValue>(), [], 1)),
            Throws.TypeOf<FitException>().With.Message.EqualTo("the file has no general.architecture: it is no language model")
        );

    [Test]
    public void Any_metadata_is_estimated_or_refused()
    {
        var whole = Bytes("falcon-h1");
        // Random weights would drown the header.
        using var stream = new MemoryStream(whole);
        var head = whole[..(int)GgufReader.Read(stream).DataStart];
        var estimated = 0;

        var rounds = Rounds.Run(
            random =>
            {
                var bytes = GgufReaderTests.Mutated(head, random);
                using var input = new MemoryStream([.. bytes, .. whole.AsSpan(head.Length)]);
                try
                {
                    var header = GgufReader.Read(input);
                    ModelFit.Of(new GgufModel(header.Metadata, header.Tensors, 1), Book.ModelMemory, new([8192], ["q8_0"], 4));
                    estimated++;
                }
                catch (Exception exception) when (exception is GgufFormatException or FitException)
                {
                    // That is an answer.
                }
            },
            cost: 20
        );

        if (Rounds.AreMany)
            Assert.That(estimated, Is.InRange(1, rounds - 1), "some still can be estimated, and many can't");
    }

    private static FitEstimate Of(GgufModel model) => ModelFit.Of(model, Book.ModelMemory, new([8192], ["f16"], 1)).Estimates[0];

    private static double Mebi(long bytes) => bytes / 1024.0 / 1024;

    // llama.cpp prints two decimals, for each of two caches.
    private static NUnit.Framework.Constraints.EqualNumericWithoutUsingConstraint<double> Near(double printed, double part) =>
        Is.EqualTo(printed).Within(Math.Max(printed * part, 0.011));

    private static GgufModel With(GgufModel model, params (string Key, GgufValue Value)[] values)
    {
        var metadata = model.Metadata.ToDictionary();
        foreach (var (key, value) in values)
            metadata[key] = value;
        return model with { Metadata = metadata };
    }

    private static GgufModel Renamed(GgufModel model, string from, string to) =>
        model with
        {
            Metadata = model
                .Metadata.Select(m => KeyValuePair.Create(m.Key.Replace($"{from}.", $"{to}."), m.Value))
                .Where(m => m.Key != "general.architecture")
                .Append(KeyValuePair.Create("general.architecture", new GgufValue(1) { Text = to }))
                .ToDictionary(),
        };

    /// <summary>The model with that many tokens: an embedding and an output with that many rows.</summary>
    private static GgufModel Wide(GgufModel model, int vocabulary) =>
        model with
        {
            Tensors =
            [
                .. model.Tensors.Select(t =>
                    t.Name is "token_embd.weight" or "output.weight"
                        ? t with
                        {
                            Shape = [t.Shape[0], vocabulary],
                            Bytes = t.Type.BytesOf(t.Shape[0] * vocabulary),
                        }
                        : t
                ),
            ],
        };

    private static GgufModel Model(string name)
    {
        if (Models.TryGetValue(name, out var known))
            return known;
        using var stream = new MemoryStream(Bytes(name));
        var header = GgufReader.Read(stream);
        return Models[name] = new GgufModel(header.Metadata, header.Tensors, 1);
    }

    private static byte[] Bytes(string name)
    {
        var architecture = Architectures.TryGetValue(name, out var own) ? own : Book.Models[name];
        using var stream = new MemoryStream();
        architecture.Write(name, 1, GgufTensorType.F16, stream);
        return stream.ToArray();
    }

    private static IReadOnlyDictionary<string, TinyArchitecture> ReadArchitectures()
    {
        var binder = new YamlBinder("models.yml");
        using var reader = File.OpenText(FixtureFile("models.yml"));
        var facts = binder.Read<ModelFacts>(reader) ?? throw new InvalidDataException(string.Join('\n', binder.Problems));
        return facts.Architectures;
    }

    private static string FixtureFile(string name) => Path.Combine(RepositoryRoot.Path, "tests", "fixtures", "fit", name);

    /// <summary>What llama.cpp printed, in MiB.</summary>
    public sealed record Buffer(
        string Model,
        int Vocabulary,
        int Sequences,
        long Context,
        string Cache,
        double Weights,
        double Kv,
        double State,
        double Compute
    )
    {
        public static Buffer Parse(string line)
        {
            var cells = line.Split(',');
            double[] sizes = [.. cells[5..].Select(c => double.Parse(c, CultureInfo.InvariantCulture))];
            var vocabulary = int.Parse(cells[1], CultureInfo.InvariantCulture);
            var sequences = int.Parse(cells[2], CultureInfo.InvariantCulture);
            var context = long.Parse(cells[3], CultureInfo.InvariantCulture);
            return new Buffer(cells[0], vocabulary, sequences, context, cells[4], sizes[0], sizes[1], sizes[2], sizes[3]);
        }
    }
}
