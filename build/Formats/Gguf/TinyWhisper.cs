using System.Text;

namespace Gfxbake.Formats.Gguf;

/// <summary>Writes a small model that whisper.cpp reads, with random weights: speech becomes nonsense, the same every time.</summary>
/// <remarks>
/// Format: whisper.cpp's models/convert-pt-to-ggml.py, and whisper_model_load, which reads it. Little-endian: magic, eleven sizes, mel
/// filters, words, then tensors without padding. Same seed and type, same bytes on every machine.
/// </remarks>
public static class TinyWhisper
{
    private const int Magic = 0x67676d6c;

    // ggml's numbers of a whole file's type.
    private const int FileTypeMostlyF16 = 1;
    private const int FileTypeMostlyQ8 = 7;

    // whisper.cpp knows its special tokens by number, so an English model has this many, whatever words it has.
    private const int Tokens = 51864;

    // Heads of 64, as in each real model. 256 positions are the smallest number that flash attention takes unpadded, and enough to let
    // ggml hand matrix products to rocBLAS; 64 tokens end a text soon.
    private const int Width = 128;
    private const int Heads = 2;
    private const int Layers = 2;
    private const int AudioPositions = 256;
    private const int TextPositions = 64;
    private const int Mels = 80;
    private const int Frequencies = 201;

    // A blank must be among them. What is no word has the logit 0, also each of 1501 time stamps: a word's must be larger.
    private const string Words = " abcdefghijklmnopqrstuvwxyz";
    private const double WordDeviation = 8;

    /// <summary>Writes the whole file to <paramref name="output"/>, which need not seek and is left open.</summary>
    public static void Write(ulong seed, GgufTensorType weights, Stream output)
    {
        using var writer = new BinaryWriter(output, Encoding.ASCII, leaveOpen: true);
        int[] sizes =
        [
            Magic,
            Tokens,
            AudioPositions,
            Width,
            Heads,
            Layers,
            TextPositions,
            Width,
            Heads,
            Layers,
            Mels,
            weights == GgufTensorType.Q8 ? FileTypeMostlyQ8 : FileTypeMostlyF16,
            Mels,
            Frequencies,
        ];
        foreach (var size in sizes)
            writer.Write(size);
        // Bands of the same width; real ones grow with the frequency.
        for (var mel = 0; mel < Mels; mel++)
        {
            for (var frequency = 0; frequency < Frequencies; frequency++)
                writer.Write(frequency * Mels / Frequencies == mel ? 1f : 0f);
        }

        writer.Write(Words.Length);
        foreach (var word in Words)
        {
            writer.Write(1);
            writer.Write((byte)word);
        }

        foreach (var tensor in Tensors(new SeededNumbers(seed), weights))
            Write(writer, tensor);
    }

    private static void Write(BinaryWriter writer, GgufTensor tensor)
    {
        writer.Write(tensor.Shape.Count);
        writer.Write(tensor.Name.Length);
        writer.Write((int)tensor.Type);
        foreach (var size in tensor.Shape)
            writer.Write(size);
        writer.Write(Encoding.ASCII.GetBytes(tensor.Name));
        writer.Write(TensorEncoding.Encode(tensor.Type, tensor.Values()));
    }

    private static IEnumerable<GgufTensor> Tensors(SeededNumbers numbers, GgufTensorType weights)
    {
        yield return Random(numbers, "encoder.positional_embedding", GgufTensorType.F32, [Width, AudioPositions], 1);
        // Convolutions are never quantized.
        yield return Random(numbers, "encoder.conv1.weight", GgufTensorType.F16, [3, Mels, Width], 1 / Math.Sqrt(3 * Mels));
        yield return Constant("encoder.conv1.bias", 0, [1, Width]);
        yield return Random(numbers, "encoder.conv2.weight", GgufTensorType.F16, [3, Width, Width], 1 / Math.Sqrt(3 * Width));
        yield return Constant("encoder.conv2.bias", 0, [1, Width]);
        foreach (var tensor in Norm("encoder.ln_post"))
            yield return tensor;
        // Positions outweigh the words before them, or each word would be followed by itself: its logit comes from the row of its input.
        yield return Random(numbers, "decoder.positional_embedding", GgufTensorType.F32, [Width, TextPositions], 4);
        yield return new GgufTensor("decoder.token_embedding.weight", weights, [Width, Tokens], () => Embedding(numbers));
        foreach (var tensor in Norm("decoder.ln"))
            yield return tensor;
        for (var layer = 0; layer < Layers; layer++)
        {
            foreach (var tensor in Block(numbers, $"encoder.blocks.{layer}.", weights, ["attn"]))
                yield return tensor;
            foreach (var tensor in Block(numbers, $"decoder.blocks.{layer}.", weights, ["attn", "cross_attn"]))
                yield return tensor;
        }
    }

    private static IEnumerable<GgufTensor> Block(SeededNumbers numbers, string block, GgufTensorType weights, string[] attentions)
    {
        foreach (var attention in attentions)
        {
            foreach (var tensor in Norm($"{block}{attention}_ln"))
                yield return tensor;
            foreach (var part in new[] { "query", "key", "value", "out" })
            {
                yield return Matrix($"{block}{attention}.{part}", Width, Width);
                if (part != "key")
                    yield return Constant($"{block}{attention}.{part}.bias", 0, [Width]);
            }
        }

        foreach (var tensor in Norm(block + "mlp_ln"))
            yield return tensor;
        yield return Matrix(block + "mlp.0", Width, 4 * Width);
        yield return Constant(block + "mlp.0.bias", 0, [4 * Width]);
        yield return Matrix(block + "mlp.2", 4 * Width, Width);
        yield return Constant(block + "mlp.2.bias", 0, [Width]);

        GgufTensor Matrix(string name, int columns, int rows) =>
            Random(numbers, name + ".weight", weights, [columns, rows], 1 / Math.Sqrt(columns));
    }

    private static IEnumerable<GgufTensor> Norm(string name) =>
        [Constant(name + ".weight", 1, [Width]), Constant(name + ".bias", 0, [Width])];

    private static GgufTensor Constant(string name, float value, int[] shape) =>
        new(name, GgufTensorType.F32, shape, () => [.. Enumerable.Repeat(value, Count(shape))]);

    private static GgufTensor Random(SeededNumbers numbers, string name, GgufTensorType type, int[] shape, double deviation) =>
        new(name, type, shape, () => Fill(numbers, new float[Count(shape)], Count(shape), deviation));

    /// <summary>Also what a token's logit is computed with: rows of zeros are tokens that are never said.</summary>
    private static float[] Embedding(SeededNumbers numbers) =>
        Fill(numbers, new float[Width * Tokens], Width * Words.Length, WordDeviation / Math.Sqrt(Width));

    private static float[] Fill(SeededNumbers numbers, float[] values, int count, double deviation)
    {
        for (var i = 0; i < count; i++)
            values[i] = (float)(numbers.NextBell() * deviation);
        return values;
    }

    private static int Count(int[] shape) => shape.Aggregate(1, (product, size) => product * size);
}
