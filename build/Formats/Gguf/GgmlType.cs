namespace Gfxbake.Formats.Gguf;

/// <summary>How values are stored: so many bytes for each block of so many values.</summary>
/// <remarks>Numbers and sizes: ggml.h and ggml-common.h of ggml. Numbers that are missing here were taken back by ggml.</remarks>
public sealed record GgmlType(string Name, uint Number, int BlockValues, int BlockBytes)
{
    private static readonly GgmlType[] All =
    [
        new("f32", 0, 1, 4),
        new("f16", 1, 1, 2),
        new("q4_0", 2, 32, 18),
        new("q4_1", 3, 32, 20),
        new("q5_0", 6, 32, 22),
        new("q5_1", 7, 32, 24),
        new("q8_0", 8, 32, 34),
        new("q8_1", 9, 32, 36),
        new("q2_K", 10, 256, 84),
        new("q3_K", 11, 256, 110),
        new("q4_K", 12, 256, 144),
        new("q5_K", 13, 256, 176),
        new("q6_K", 14, 256, 210),
        new("q8_K", 15, 256, 292),
        new("iq2_xxs", 16, 256, 66),
        new("iq2_xs", 17, 256, 74),
        new("iq3_xxs", 18, 256, 98),
        new("iq1_s", 19, 256, 50),
        new("iq4_nl", 20, 32, 18),
        new("iq3_s", 21, 256, 110),
        new("iq2_s", 22, 256, 82),
        new("iq4_xs", 23, 256, 136),
        new("i8", 24, 1, 1),
        new("i16", 25, 1, 2),
        new("i32", 26, 1, 4),
        new("i64", 27, 1, 8),
        new("f64", 28, 1, 8),
        new("iq1_m", 29, 256, 56),
        new("bf16", 30, 1, 2),
        new("tq1_0", 34, 256, 54),
        new("tq2_0", 35, 256, 66),
        new("mxfp4", 39, 32, 17),
        new("nvfp4", 40, 64, 36),
    ];

    private static readonly Dictionary<uint, GgmlType> ByNumber = All.ToDictionary(t => t.Number);
    private static readonly Dictionary<string, GgmlType> ByName = All.ToDictionary(t => t.Name, StringComparer.Ordinal);

    public static GgmlType? Of(uint number) => ByNumber.GetValueOrDefault(number);

    public static GgmlType? Of(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Bytes of so many values; a part of a block takes a whole one.</summary>
    /// <exception cref="OverflowException">More than a long holds.</exception>
    public long BytesOf(long values) => checked(((values / BlockValues) + (values % BlockValues == 0 ? 0 : 1)) * BlockBytes);
}
