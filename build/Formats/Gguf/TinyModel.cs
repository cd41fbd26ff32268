namespace Gfxbake.Formats.Gguf;

/// <summary>Writes a small llama-architecture model with random weights and a working tokenizer.</summary>
/// <remarks>
/// It lets an image be exercised end to end without downloading a model. Same settings, same bytes on every machine.
/// What it says is nonsense, but greedy decoding says the same nonsense every time, all of it printable.
/// </remarks>
public static class TinyModel
{
    // llama-server refuses chat requests without a template.
    private const string ChatTemplate =
        "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
        + "{% if add_generation_prompt %}assistant:{% endif %}";

    private const uint FileTypeMostlyF16 = 1;
    private const uint FileTypeMostlyQ8 = 7;

    /// <summary>Writes the whole file to <paramref name="output"/>, which need not seek and is left open.</summary>
    /// <exception cref="ArgumentException">The settings do not make a model; the message names each problem.</exception>
    public static void Write(TinyModelSettings settings, Stream output)
    {
        settings.Check();
        var vocabulary = new TinyVocabulary();
        var writer = new GgufWriter();
        AddArchitecture(writer, settings, vocabulary);
        AddTokenizer(writer, vocabulary);
        AddTensors(writer, settings, vocabulary);
        writer.WriteTo(output);
    }

    private static void AddArchitecture(GgufWriter writer, TinyModelSettings settings, TinyVocabulary vocabulary) =>
        writer
            .Add("general.architecture", "llama")
            .Add("general.name", "gfxbake tiny random llama")
            .Add("general.file_type", settings.WeightType == GgufTensorType.Q8 ? FileTypeMostlyQ8 : FileTypeMostlyF16)
            .Add("general.quantization_version", 2u)
            .Add("llama.vocab_size", (uint)vocabulary.Count)
            .Add("llama.context_length", (uint)settings.Context)
            .Add("llama.embedding_length", (uint)settings.Embedding)
            .Add("llama.block_count", (uint)settings.Layers)
            .Add("llama.feed_forward_length", (uint)settings.FeedForward)
            .Add("llama.attention.head_count", (uint)settings.Heads)
            .Add("llama.attention.head_count_kv", (uint)settings.KvHeads)
            .Add("llama.attention.layer_norm_rms_epsilon", 1e-5f)
            .Add("llama.rope.dimension_count", (uint)(settings.Embedding / settings.Heads))
            .Add("llama.rope.freq_base", 10000f);

    private static void AddTokenizer(GgufWriter writer, TinyVocabulary vocabulary) =>
        writer
            .Add("tokenizer.ggml.model", "llama")
            .Add("tokenizer.ggml.pre", "default")
            .Add("tokenizer.ggml.tokens", vocabulary.Texts)
            .Add("tokenizer.ggml.scores", vocabulary.Scores)
            .Add("tokenizer.ggml.token_type", vocabulary.Kinds)
            .Add("tokenizer.ggml.unknown_token_id", TinyVocabulary.UnknownToken)
            .Add("tokenizer.ggml.bos_token_id", TinyVocabulary.BeginToken)
            .Add("tokenizer.ggml.eos_token_id", TinyVocabulary.EndToken)
            .Add("tokenizer.ggml.add_bos_token", true)
            .Add("tokenizer.ggml.add_eos_token", false)
            .Add("tokenizer.ggml.add_space_prefix", true)
            .Add("tokenizer.chat_template", ChatTemplate);

    private static void AddTensors(GgufWriter writer, TinyModelSettings settings, TinyVocabulary vocabulary)
    {
        var numbers = new SeededNumbers(settings.Seed);
        var width = settings.Embedding;
        var keyValueWidth = width / settings.Heads * settings.KvHeads;
        Matrix("token_embd.weight", width, vocabulary.Count, 1);
        for (var layer = 0; layer < settings.Layers; layer++)
        {
            var block = $"blk.{layer}.";
            Norm(block + "attn_norm.weight");
            Matrix(block + "attn_q.weight", width, width);
            Matrix(block + "attn_k.weight", width, keyValueWidth);
            Matrix(block + "attn_v.weight", width, keyValueWidth);
            Matrix(block + "attn_output.weight", width, width);
            Norm(block + "ffn_norm.weight");
            Matrix(block + "ffn_gate.weight", width, settings.FeedForward);
            Matrix(block + "ffn_up.weight", width, settings.FeedForward);
            Matrix(block + "ffn_down.weight", settings.FeedForward, width);
        }

        Norm("output_norm.weight");
        writer.Add(
            new GgufTensor("output.weight", settings.WeightType, [width, vocabulary.Count], () => Output(numbers, width, vocabulary))
        );

        void Norm(string name) =>
            writer.Add(new GgufTensor(name, GgufTensorType.F32, [width], () => Enumerable.Repeat(1f, width).ToArray()));

        // 1/sqrt(columns) keeps the size of what comes out near that of what goes in; Math.Sqrt is exact everywhere.
        void Matrix(string name, int columns, int rows, double? deviation = null) =>
            writer.Add(
                new GgufTensor(
                    name,
                    settings.WeightType,
                    [columns, rows],
                    () => Random(numbers, columns * rows, deviation ?? 1 / Math.Sqrt(columns))
                )
            );
    }

    private static float[] Random(SeededNumbers numbers, int count, double deviation)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (float)(numbers.NextBell() * deviation);

        return values;
    }

    // Zero rows give byte, control and unused tokens the logit 0, and the largest of a hundred random logits lies above
    // that: greedy text is printable and goes on until the caller's limit.
    private static float[] Output(SeededNumbers numbers, int width, TinyVocabulary vocabulary)
    {
        var values = Random(numbers, width * vocabulary.Count, 4 / Math.Sqrt(width));
        for (var token = 0; token < vocabulary.Count; token++)
        {
            if (!vocabulary.IsText(token))
                values.AsSpan(token * width, width).Clear();
        }

        return values;
    }
}
