using Gfxbake.Formats.Offload;

namespace Gfxbake.Unit.Tests.Formats.Offload;

public sealed class OffloadPlannerTests
{
    private const string OtherBuild = "take a build that has it";

    [TestCase(
        "gfx1100 gfx1102",
        "gfx1151",
        "it has gfx1100, gfx1102, not gfx1151; run it as gfx1100 with HSA_OVERRIDE_GFX_VERSION=11.0.0, or " + OtherBuild
    )]
    [TestCase(
        "gfx1030 gfx803",
        "gfx1036",
        "it has gfx803, gfx1030, not gfx1036; run it as gfx1030 with HSA_OVERRIDE_GFX_VERSION=10.3.0, or " + OtherBuild
    )]
    [TestCase(
        "gfx90a gfx1100",
        "gfx906",
        "it has gfx90a, gfx1100, not gfx906; run it as gfx90a with HSA_OVERRIDE_GFX_VERSION=9.0.10, or " + OtherBuild
    )]
    [TestCase("gfx1100", "gfx1201", "it has gfx1100, not gfx1201; " + OtherBuild)]
    [TestCase("gfx1100", "gfx12-generic", "it has gfx1100, not gfx12-generic; " + OtherBuild)]
    [TestCase("gfx1100", "amdgcnspirv", "it has gfx1100, not amdgcnspirv; " + OtherBuild)]
    [TestCase("gfx90a:xnack-", "gfx90a:xnack+", "it has gfx90a:xnack-, not gfx90a:xnack+; " + OtherBuild)]
    [TestCase(
        "gfx1100 gfx1201",
        "gfx1151 gfx1201 gfx803",
        "it has gfx1100, gfx1201, not gfx1151, gfx803; run it as gfx1100 with HSA_OVERRIDE_GFX_VERSION=11.0.0, or " + OtherBuild
    )]
    public void Missing_GPU_is_named_with_what_to_do(string held, string wanted, string message) =>
        AssertRefused(new FatLibraryBuilder { Bundles = [BundleBuilder.For(held.Split(' '))] }, wanted, message);

    [Test]
    public void Bundles_that_lack_a_GPU_are_counted() =>
        AssertRefused(
            new FatLibraryBuilder
            {
                Bundles = [BundleBuilder.For("gfx1100", "gfx1151"), BundleBuilder.For("gfx1100"), BundleBuilder.For("gfx1151")],
            },
            "gfx1151",
            "1 of its 3 bundles have no code for gfx1151; it has gfx1100, gfx1151"
        );

    [Test]
    public void Code_of_an_unknown_kind_is_named() =>
        AssertRefused(
            new FatLibraryBuilder
            {
                Bundles =
                [
                    new BundleBuilder
                    {
                        Entries =
                        [
                            (BundleBuilder.Host, []),
                            ("hip-amdgcn-amd-amdhsa-gfx1100", new byte[9]),
                            ("openmp-nvptx64-nvidia-cuda--sm_90", new byte[9]),
                        ],
                    },
                ],
            },
            "gfx1100",
            "it has code of a kind that is not known here: hip-amdgcn-amd-amdhsa-gfx1100, openmp-nvptx64-nvidia-cuda--sm_90"
        );

    [Test]
    public void Code_that_nothing_points_to_is_refused()
    {
        AssertRefused(
            new FatLibraryBuilder { WrapperSection = ".other" },
            "gfx1100",
            "it has 11,199 bytes of GPU code but no .hipFatBinSegment that says where each part starts"
        );
        AssertRefused(
            new FatLibraryBuilder { Bundles = [BundleBuilder.For("gfx1100"), BundleBuilder.For("gfx1100")], Wrappers = [1] },
            "gfx1100",
            ".hip_fatbin starts with 8,192 bytes that nothing points to"
        );
    }

    [Test]
    public void Table_of_many_targets_is_refused_when_it_would_not_fit_a_page()
    {
        var features = Enumerable.Range(0, 70).Select(i => $"gfx90a:a{i}+").ToArray();

        Assert.That(
            () => Offloading.Plan(new FatLibraryBuilder { Bundles = [BundleBuilder.For([.. features, "gfx803"])] }, "gfx90a"),
            Throws.TypeOf<OffloadRefusedException>().With.Message.Matches("^the table of a bundle at 0x[0-9a-f]+ doesn't fit into a page$")
        );
    }

    [Test]
    public void Nothing_is_done_when_all_code_stays([Values(OffloadForm.Slim, OffloadForm.Raw, OffloadForm.Compress)] OffloadForm form)
    {
        Assert.That(
            Offloading.Plan(new FatLibraryBuilder(), "gfx1100 gfx1151", form == OffloadForm.Compress ? OffloadForm.Slim : form),
            Is.Null
        );
        Assert.That(
            Offloading.Plan(
                new FatLibraryBuilder { Bundles = [BundleBuilder.For("gfx1100") with { Version = 3 }] },
                "gfx1100",
                form == OffloadForm.Raw ? OffloadForm.Slim : form
            ),
            Is.Null
        );
    }

    [Test]
    public void Nothing_is_done_to_a_file_that_was_rewritten(
        [Values(OffloadForm.Slim, OffloadForm.Raw, OffloadForm.Compress)] OffloadForm form,
        [Values(0, 1, 2)] int notes,
        [Values("plain", "v1 zlib", "v3 zstd")] string bundles
    )
    {
        var written = Offloading.Rewrite(
            new FatLibraryBuilder { Bundles = OffloadWriterTests.BundlesOf(bundles), Notes = notes },
            "gfx1151",
            form
        );

        Assert.That(Offloading.Plan(written, "gfx1151", form), Is.Null);
        Assert.That(Offloading.Plan(written, "gfx1151"), Is.Null);
    }

    [Test]
    public void Rewritten_file_can_lose_more_code([Values(1, 2)] int notes)
    {
        byte[] old = new FatLibraryBuilder
        {
            Bundles = OffloadWriterTests.BundlesOf("mixed"),
            Notes = 2,
            GnuProperty = notes == 1,
        };

        var twice = Offloading.Rewrite(Offloading.Rewrite(old, "gfx1100 gfx1151"), "gfx1151");

        OffloadWriterTests.AssertSameProgram(old, twice, ["gfx1151"]);
    }

    [Test]
    public void Plain_code_without_room_stays_compressed_and_the_plan_says_so()
    {
        var bundle = BundleBuilder.For(9000, "gfx1100", "gfx1151") with
        {
            Version = 3,
            Entries = [(BundleBuilder.Host, []), .. new[] { "gfx1100", "gfx1151" }.Select(t => (BundleBuilder.Amd + t, new byte[50000]))],
        };
        byte[] old = new FatLibraryBuilder { Bundles = [bundle, BundleBuilder.For(9000, "gfx1100", "gfx1151") with { Version = 3 }] };

        var rewrite = Offloading.Plan(old, "gfx1151", OffloadForm.Raw)!;

        Assert.That(
            rewrite.Note,
            Does.Match("^stays compressed: plain, its code takes 73,728 bytes, and the library has room for [0-9,]+$")
        );
        Assert.That(rewrite.Bundles.Select(b => b.CompressedVersion), Is.All.EqualTo(3));
        OffloadWriterTests.AssertSameProgram(old, Offloading.Rewrite(old, "gfx1151", OffloadForm.Raw), ["gfx1151"]);
    }

    [Test]
    public void Plain_code_that_fits_exactly_is_written_plain()
    {
        // One page for the table and three for the code: as many as the compressed bundle took.
        byte[] old = new FatLibraryBuilder
        {
            Bundles = [BundleBuilder.For(3 * 4096, "gfx1100") with { Version = 2 }],
            FullPages = true,
            Tail = false,
        };

        var written = Offloading.Rewrite(old, "gfx1100", OffloadForm.Raw);

        Assert.That(written, Has.Length.EqualTo(old.Length));
        Assert.That(Offloading.Read(written).Bundles.Single().Compression, Is.Null);
        OffloadWriterTests.AssertSameProgram(old, written, ["gfx1100"]);
    }

    [Test]
    public void Plain_code_that_needs_one_page_more_is_left_as_it_is() =>
        Assert.That(
            Offloading.Plan(
                new FatLibraryBuilder
                {
                    Bundles = [BundleBuilder.For((3 * 4096) + 1, "gfx1100") with { Version = 2 }],
                    FullPages = true,
                    Tail = false,
                },
                "gfx1100",
                OffloadForm.Raw
            ),
            Is.Null
        );

    [Test]
    public void Plan_counts_objects_and_bytes()
    {
        var rewrite = Offloading.Plan(
            new FatLibraryBuilder
            {
                Bundles = [BundleBuilder.For(9000, "gfx803", "gfx1100"), BundleBuilder.For(9000, "gfx1100") with { Version = 3 }],
            },
            "gfx1100"
        )!;

        Assert.That((rewrite.Objects, rewrite.Bytes, rewrite.Note), Is.EqualTo(((3, 2), (27007L, 18007L), (string?)null)));
    }

    [Test]
    public void Plan_without_a_GPU_is_a_mistake_of_the_caller() =>
        Assert.That(
            () => OffloadPlanner.Plan(Offloading.Read(new FatLibraryBuilder()), [], OffloadForm.Slim),
            Throws.TypeOf<ArgumentOutOfRangeException>()
        );

    private static void AssertRefused(byte[] file, string wanted, string message) =>
        Assert.That(() => Offloading.Plan(file, wanted), Throws.TypeOf<OffloadRefusedException>().With.Message.EqualTo(message));
}
