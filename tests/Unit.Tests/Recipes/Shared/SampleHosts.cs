using Gfxbake.Recipes.Shared;

namespace Gfxbake.Unit.Tests.Recipes.Shared;

/// <summary>A rule for one GPU, made up after the real one.</summary>
internal static class SampleHosts
{
    public const string Yaml = """
        library: libhsa-runtime64.so.1
        rocr:
          - gpus: [gfx1151]
            why: the area is too small
            source: https://example.org/table
            read: 2026-11-28
            kernels:
              - {name: mainline, from: 6.18.4}
              - {name: OEM, from: 6.14.0-1018}
            property: cwsr_size
            versions:
              - {from: 6.4, to: 6.4, with_fix: broken, without_fix: unstable}
              - {from: 7.2.0, to: 7.2.0, with_fix: works, without_fix: broken}
              - {from: 7.2.1, to: 7.2.4, with_fix: works, without_fix: unstable}
              - {from: 7.9.0, to: 7.10.0, with_fix: broken, without_fix: unstable}
              - {from: 7.11.0, to: 7.14.1, with_fix: works, without_fix: unstable}

        """;

    public static HostFacts Facts { get; } =
        new()
        {
            Library = "libhsa-runtime64.so.1",
            Rocr =
            [
                new RocrRule
                {
                    Gpus = ["gfx1151"],
                    Why = "the area is too small",
                    Source = "https://example.org/table",
                    Read = "2026-11-28",
                    Kernels =
                    [
                        new FixedKernel { Name = "mainline", From = "6.18.4" },
                        new FixedKernel { Name = "OEM", From = "6.14.0-1018" },
                    ],
                    Property = "cwsr_size",
                    Versions =
                    [
                        Range("6.4", "6.4", KernelVerdict.Broken),
                        Range("7.2.0", "7.2.0", KernelVerdict.Works, KernelVerdict.Broken),
                        Range("7.2.1", "7.2.4", KernelVerdict.Works),
                        Range("7.9.0", "7.10.0", KernelVerdict.Broken),
                        Range("7.11.0", "7.14.1", KernelVerdict.Works),
                    ],
                },
            ],
        };

    private static RocrRange Range(string from, string to, KernelVerdict with, KernelVerdict without = KernelVerdict.Unstable) =>
        new()
        {
            From = from,
            To = to,
            WithFix = with,
            WithoutFix = without,
        };
}
