using Gfxbake.Pipeline.Outputs.Sizes;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Sizes;

/// <summary>A small report whose texts are as nasty as an image's can be.</summary>
internal static class Sample
{
    public static string Command(string target) => "./build.sh --target=" + target;

    public const string Revision = "0123456789abcdef0123456789abcdef01234567";

    public static SizeReport Report { get; } =
        new()
        {
            Recipe = "sample",
            Variant = "debian",
            Revision = Revision,
            Versions = new(StringComparer.Ordinal) { ["llama.cpp-tools"] = "0.7.0+dfsg_1~exp|1", ["libamdhip64-6"] = "6.4.3" },
            FullImageId = "f",
            MinimalImageId = "m",
            Verified = true,
            FullBytes = 8_412_345_678,
            MinimalBytes = 905_123_456,
            Rows =
            [
                new(SizeSubject.Full, SizeKind.Files, "localhost/sample:debian-full", 8_412_345_678, 12_345, "FullImage"),
                new(SizeSubject.Minimal, SizeKind.Files, "localhost/sample:debian-minimal", 905_123_456, 1_234, "MinimalImage"),
                new(SizeSubject.Full, SizeKind.Engine, "localhost/sample:debian-full", 8_500_000_000, null, "FullImage"),
                new(SizeSubject.Minimal, SizeKind.Engine, "localhost/sample:debian-minimal", 910_000_000, null, "MinimalImage"),
                new(SizeSubject.Full, SizeKind.ExportTar, "sample-debian-full.tar", null, null, "SaveImage"),
                new(SizeSubject.Minimal, SizeKind.ExportTar, "sample-debian-minimal.tar", null, null, "SaveMinimalImage"),
                new(SizeSubject.Full, SizeKind.ExportZst, "sample-debian-full.tar.zst", null, null, "SaveImageZst"),
                new(
                    SizeSubject.Minimal,
                    SizeKind.ExportZst,
                    "sample-debian-minimal.tar.zst",
                    135_000_000,
                    null,
                    "SaveMinimalImageZst",
                    new string('a', 64)
                ),
            ],
            Layers = [new("system", 45_000_000, 900), new("rocm", 860_123_456, 334)],
            Largest =
            [
                new("/usr/lib/libLLVM.so.21.1", 139_000_000),
                new("/usr/lib/`a|b`<script>\u001b[31m\u202e\n.so", 12_000_000),
                new("/usr/share/" + new string('d', 100) + "/end.bin", 1_000_000),
            ],
            Rest = new(1_231, 753_123_456),
        };

    public static HistoryRow Row { get; } =
        new(
            new DateOnly(2026, 11, 20),
            "sample",
            "debian",
            new string('b', 40) + "-dirty",
            "llama.cpp-tools 0.6",
            8_412_345_678,
            900_000_000,
            136_000_000
        );
}
