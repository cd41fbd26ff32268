using Gfxbake.Formats.Offload;

namespace Gfxbake.Unit.Tests.Formats.Offload;

public sealed class TargetSelectionTests
{
    [TestCase("gfx1100 gfx1151", "gfx1151", "gfx1151")]
    [TestCase("gfx1151 gfx11-generic amdgcnspirv", "gfx1151", "gfx1151")]
    [TestCase("gfx1100 gfx11-generic amdgcnspirv", "gfx1151", "gfx11-generic")]
    [TestCase("gfx1100 gfx12-generic amdgcnspirv", "gfx1151", "amdgcnspirv")]
    [TestCase("gfx90a gfx90a:xnack+ gfx90a:xnack- gfx803", "gfx90a", "gfx90a gfx90a:xnack+ gfx90a:xnack-")]
    [TestCase("gfx90a gfx90a:xnack+ gfx90a:xnack- gfx803", "gfx90a:xnack-", "gfx90a gfx90a:xnack-")]
    [TestCase("gfx90a:xnack+ gfx90a:xnack- gfx803", "gfx90a:xnack+", "gfx90a:xnack+")]
    [TestCase("gfx90a:xnack+ amdgcnspirv", "gfx90a:xnack-", "amdgcnspirv")]
    [TestCase("gfx9-generic gfx803 amdgcnspirv", "gfx90a", "amdgcnspirv")]
    [TestCase("gfx1201 gfx1100 gfx803 gfx1151", "gfx1151 gfx1100", "gfx1100 gfx1151", Description = "in the table's order")]
    [TestCase("gfx1151 gfx11-generic gfx803 gfx900", "gfx1151 gfx1100", "gfx1151 gfx11-generic", Description = "each GPU by itself")]
    [TestCase("gfx1151 gfx11-generic gfx803", "gfx11-generic", "gfx11-generic")]
    [TestCase("gfx1151 amdgcnspirv", "amdgcnspirv", "amdgcnspirv")]
    public void Runtime_s_choice_stays(string held, string wanted, string kept)
    {
        byte[] file = new FatLibraryBuilder { Bundles = [BundleBuilder.For(9000, held.Split(' '))] };

        var bundle = Offloading.Plan(file, wanted)!.Bundles.Single();

        Assert.That(
            bundle.Kept.Select(e => e.Id),
            Is.EqualTo(new[] { BundleBuilder.Host }.Concat(kept.Split(' ').Select(BundleBuilder.IdOf)))
        );
    }

    [Test]
    public void Entry_without_code_serves_no_GPU()
    {
        byte[] file = new FatLibraryBuilder
        {
            Bundles =
            [
                new BundleBuilder
                {
                    Entries =
                    [
                        (BundleBuilder.Host, []),
                        (BundleBuilder.Amd + "gfx1151", []),
                        (BundleBuilder.Amd + "gfx1100", new byte[100]),
                    ],
                },
            ],
        };

        Assert.That(() => Offloading.Plan(file, "gfx1151"), Throws.TypeOf<OffloadRefusedException>());
    }

    [Test]
    public void Each_bundle_is_chosen_from_by_itself()
    {
        byte[] file = new FatLibraryBuilder
        {
            Bundles = [BundleBuilder.For(9000, "gfx1100", "gfx1151"), BundleBuilder.For(9000, "gfx1100", "gfx11-generic")],
        };

        var kept = Offloading.Plan(file, "gfx1151")!.Bundles.Select(b => b.Kept.Single(e => !e.IsHost).Target!.ToString());

        Assert.That(kept, Is.EqualTo(new[] { "gfx1151", "gfx11-generic" }));
    }
}
