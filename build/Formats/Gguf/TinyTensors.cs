namespace Gfxbake.Formats.Gguf;

/// <summary>Makes an architecture's tensors; random ones take their numbers in the order in which they are written.</summary>
internal sealed class TinyTensors(TinyArchitecture architecture, SeededNumbers numbers, GgufTensorType weights)
{
    public GgufTensor Of(TinyTensor tensor, string name)
    {
        int[] shape = [.. tensor.Shape.Select(s => architecture.Size(s)!.Value)];
        return new GgufTensor(name, Type(tensor), shape, () => Values(tensor.Values, shape));
    }

    // Q4_K_M is a mixture.
    private GgufTensorType Type(TinyTensor tensor) =>
        !tensor.IsWeight ? GgufTensorType.F32
        : tensor.Fine && weights == GgufTensorType.K4 ? GgufTensorType.K6
        : weights;

    private float[] Values(TinyValues kind, int[] shape)
    {
        var values = new float[shape.Aggregate(1, (product, size) => checked(product * size))];
        // 1/sqrt(columns) keeps the size of what comes out near that of what goes in; Math.Sqrt is exact everywhere.
        var deviation = kind switch
        {
            TinyValues.Matrix => 1 / Math.Sqrt(shape[0]),
            TinyValues.Logits => 4 / Math.Sqrt(shape[0]),
            _ => 1,
        };
        if (kind is TinyValues.One)
            Array.Fill(values, 1f);
        else if (kind is not TinyValues.Zero)
            Fill(values, deviation);
        if (kind is TinyValues.Logits)
            ClearOthers(values, shape[0]);
        return values;
    }

    private void Fill(float[] values, double deviation)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(numbers.NextBell() * deviation);
    }

    // Zero rows give byte, control and unused tokens the logit 0, and the largest of a hundred random logits lies above
    // that: greedy text is printable and goes on until the caller's limit.
    private static void ClearOthers(float[] values, int width)
    {
        var vocabulary = TinyVocabulary.Shared;
        for (var token = 0; token < vocabulary.Count; token++)
        {
            if (!vocabulary.IsText(token))
                values.AsSpan(token * width, width).Clear();
        }
    }
}
