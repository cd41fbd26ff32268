using System.Text;

namespace Gfxbake.Unit.Tests.Formats.Tensile;

/// <summary>Writes tables as rocBLAS has them, in MessagePack.</summary>
internal static class TableBuilder
{
    /// <summary>A table that names others.</summary>
    public static byte[] Lazy(params string[] tables) =>
        Map(
            ("solutions", List()),
            (
                "library",
                Map(
                    ("type", Text("Hardware")),
                    (
                        "rows",
                        List([
                            .. tables.Select(t =>
                                Map(
                                    ("predicate", Map(("type", Text("TruePred")))),
                                    ("library", Map(("type", Text("Placeholder")), ("value", Text(t))))
                                )
                            ),
                        ])
                    )
                )
            )
        );

    /// <summary>A table of kernels: each from HIP or assembled.</summary>
    public static byte[] Kernels(params bool[] fromSource) =>
        Map(
            (
                "solutions",
                List([
                    .. fromSource.Select(s =>
                        Map(
                            ("name", Text("Cijk")),
                            (
                                "sizeMapping",
                                Map(
                                    (
                                        "workGroup",
                                        List([
                                            [16],
                                            [0xcd, 1, 0],
                                            [1],
                                        ])
                                    ),
                                    ("sourceKernel", [s ? (byte)0xc3 : (byte)0xc2])
                                )
                            )
                        )
                    ),
                ])
            ),
            (
                "library",
                Map(
                    ("type", Text("Matching")),
                    ("value", [0xcb, 0, 0, 0, 0, 0, 0, 0, 0]),
                    (
                        "table",
                        List([
                            [0xff],
                            [0xc0],
                        ])
                    )
                )
            )
        );

    public static byte[] Map(params (string Key, byte[] Value)[] pairs) =>
        [(byte)(0x80 | pairs.Length), .. pairs.SelectMany(p => (byte[])[.. Text(p.Key), .. p.Value])];

    public static byte[] List(params byte[][] items) =>
        [
            .. items.Length < 16 ? [(byte)(0x90 | items.Length)] : (byte[])[0xdc, (byte)(items.Length >> 8), (byte)items.Length],
            .. items.SelectMany(i => i),
        ];

    public static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length < 32
            ? [(byte)(0xa0 | bytes.Length), .. bytes]
            : [0xda, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }
}
