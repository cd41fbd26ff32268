namespace Gfxbake.Formats.Gguf;

/// <summary>How a tensor's values are stored; the numbers are ggml's.</summary>
public enum GgufTensorType
{
    F32 = 0,
    F16 = 1,

    /// <summary>ggml's Q8_0: blocks of 32, each one half-precision scale and 32 signed bytes.</summary>
    Q8 = 8,

    /// <summary>ggml's Q4_K: blocks of 256, four bits a value, a scale and a least value of six bits for each 32.</summary>
    K4 = 12,

    /// <summary>ggml's Q6_K: blocks of 256, six bits a value, a scale of eight bits for each 16.</summary>
    K6 = 14,
}

/// <summary>One tensor of a GGUF file; its values are asked for only when they are written.</summary>
/// <param name="Name">At most 63 bytes of UTF-8: ggml keeps names in 64 bytes with a zero at the end.</param>
/// <param name="Type">The stored type.</param>
/// <param name="Shape">1 to 4 sizes, the fastest running one first (ggml's ne order): {columns, rows} for a matrix.</param>
/// <param name="Values">As many values as the product of the shape, rows one after another.</param>
public sealed record GgufTensor(string Name, GgufTensorType Type, IReadOnlyList<int> Shape, Func<float[]> Values);
