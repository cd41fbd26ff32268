namespace Gfxbake.Formats.Gguf;

/// <summary>Writes a small model with random weights and a working tokenizer, as an architecture describes it.</summary>
/// <remarks>
/// It lets an image be exercised end to end without downloading a model. Same arguments, same bytes on every machine.
/// What it says is nonsense, but greedy decoding says the same nonsense every time, all of it printable.
/// </remarks>
internal static class TinyModel
{
    // llama-server refuses chat requests without a template.
    private const string ChatTemplate =
        "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
        + "{% if add_generation_prompt %}assistant:{% endif %}";

    // llama_ftype of llama.h.
    private static readonly Dictionary<GgufTensorType, uint> FileTypes = new()
    {
        [GgufTensorType.F16] = 1,
        [GgufTensorType.Q8] = 7,
        [GgufTensorType.K4] = 15,
    };

    /// <exception cref="ArgumentException">The architecture makes no model; the message names each problem.</exception>
    public static void Write(string name, TinyArchitecture architecture, ulong seed, GgufTensorType weights, Stream output)
    {
        List<string> problems = [.. architecture.Problems().Select(p => p.Message)];
        if (!FileTypes.TryGetValue(weights, out var fileType))
            problems.Add($"weights {weights} are none of {string.Join(", ", FileTypes.Keys)}");
        if (problems.Count > 0)
            throw new ArgumentException($"Tiny model: {string.Join("; ", problems)}.");
        var vocabulary = TinyVocabulary.Shared;
        var writer = new GgufWriter()
            .Add("general.architecture", name)
            .Add("general.name", $"gfxbake tiny random {name}")
            .Add("general.file_type", fileType)
            .Add("general.quantization_version", 2u);
        foreach (var key in architecture.Metadata)
            Add(writer, architecture, key);
        AddTokenizer(writer, vocabulary);
        var tensors = new TinyTensors(architecture, new SeededNumbers(seed), weights);
        foreach (var tensor in architecture.First)
            writer.Add(tensors.Of(tensor, tensor.Name));
        for (var layer = 0; layer < architecture.Sizes[TinyArchitecture.Layers]; layer++)
        {
            foreach (var tensor in architecture.Layer)
                writer.Add(tensors.Of(tensor, tensor.Name.Replace("{layer}", $"{layer}", StringComparison.Ordinal)));
        }

        foreach (var tensor in architecture.Last)
            writer.Add(tensors.Of(tensor, tensor.Name));
        writer.WriteTo(output);
    }

    private static void Add(GgufWriter writer, TinyArchitecture architecture, TinyKey entry)
    {
        if (entry.Number is { } number)
            writer.Add(entry.Key, (uint)architecture.Size(number)!.Value);
        else if (entry.Real is { } real)
            writer.Add(entry.Key, TinyChecks.Real(real)!.Value);
        else if (entry.Flag is { } flag)
            writer.Add(entry.Key, flag);
        else
            writer.Add(entry.Key, entry.Text!);
    }

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
}
