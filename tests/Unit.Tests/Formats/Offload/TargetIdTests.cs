using Gfxbake.Formats.Offload;

namespace Gfxbake.Unit.Tests.Formats.Offload;

public sealed class TargetIdTests
{
    [TestCase("gfx1151", "gfx1151")]
    [TestCase("gfx90a:xnack-", "gfx90a:xnack-")]
    [TestCase("gfx90a:xnack-:sramecc+", "gfx90a:sramecc+:xnack-", Description = "LLVM's canonical form is sorted")]
    [TestCase("gfx11-generic", "gfx11-generic")]
    [TestCase("gfx9-4-generic:xnack+", "gfx9-4-generic:xnack+")]
    [TestCase("amdgcnspirv", "amdgcnspirv")]
    public void Target_id_comes_back_in_canonical_form(string text, string canonical)
    {
        var target = TargetId.Parse(text);

        Assert.That(target.ToString(), Is.EqualTo(canonical));
        Assert.That(TargetId.Parse(canonical), Is.EqualTo(target));
        Assert.That(TargetId.Parse(canonical).GetHashCode(), Is.EqualTo(target.GetHashCode()));
    }

    [TestCase("")]
    [TestCase("gfx")]
    [TestCase("gfx11")]
    [TestCase("GFX1100")]
    [TestCase("gfx1100:")]
    [TestCase("gfx1100:xnack")]
    [TestCase("gfx90a:xnack+:xnack-")]
    [TestCase("gfx90a:xnack+:xnack+")]
    [TestCase("gfx1100-generic-x")]
    [TestCase("sm_90")]
    [TestCase(" gfx1100")]
    [TestCase("gfx1100\n")]
    [TestCase("gfx1100,gfx1151")]
    public void Other_text_is_no_target_id(string text)
    {
        Assert.That(TargetId.TryParse(text), Is.Null);
        Assert.That(() => TargetId.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains("write a name such as gfx1151"));
    }

    [Test]
    public void Very_long_text_is_no_target_id() =>
        Assert.That(TargetId.TryParse("gfx90a" + string.Concat(Enumerable.Range(0, 200).Select(i => $":f{i}+"))), Is.Null);

    [TestCase("gfx90a", "gfx90a", true)]
    [TestCase("gfx90a:xnack-", "gfx90a", true)]
    [TestCase("gfx90a", "gfx90a:xnack-", true)]
    [TestCase("gfx90a:xnack-", "gfx90a:xnack-", true)]
    [TestCase("gfx90a:xnack+", "gfx90a:xnack-", false)]
    [TestCase("gfx90a:sramecc+:xnack-", "gfx90a:xnack-", true)]
    [TestCase("gfx90a:sramecc-", "gfx90a:sramecc+:xnack-", false)]
    [TestCase("gfx1100", "gfx11001", false)]
    [TestCase("gfx11-generic", "gfx1100", false)]
    public void Code_is_exactly_for_a_GPU_unless_name_or_a_feature_differs(string code, string wanted, bool expected) =>
        Assert.That(TargetId.Parse(code).IsFor(TargetId.Parse(wanted)), Is.EqualTo(expected));

    [TestCase("gfx11-generic", "gfx1100", true)]
    [TestCase("gfx11-generic", "gfx1151", true)]
    [TestCase("gfx11-generic", "gfx1201", false)]
    [TestCase("gfx10-3-generic", "gfx1036", true)]
    [TestCase("gfx10-3-generic", "gfx1010", false)]
    [TestCase("gfx10-1-generic", "gfx1013", true)]
    [TestCase("gfx9-4-generic", "gfx942", true)]
    [TestCase("gfx9-4-generic", "gfx950", true)]
    [TestCase("gfx9-4-generic:xnack+", "gfx942:xnack-", false)]
    [TestCase("gfx9-4-generic:xnack+", "gfx942", true)]
    [TestCase("gfx9-generic", "gfx906", true)]
    [TestCase("gfx9-generic", "gfx90c", true)]
    [TestCase("gfx9-generic", "gfx908", false)]
    [TestCase("gfx9-generic", "gfx90a", false)]
    [TestCase("gfx9-generic", "gfx942", false)]
    [TestCase("gfx12-generic", "gfx1201", true)]
    [TestCase("gfx12-generic", "gfx1250", false)]
    [TestCase("gfx12-5-generic", "gfx1250", true)]
    [TestCase("gfx11-generic", "gfx1170", false)]
    [TestCase("gfx1100", "gfx1100", false)]
    public void Generic_code_runs_on_the_GPUs_of_LLVMs_list(string code, string wanted, bool expected) =>
        Assert.That(TargetId.Parse(code).IsGenericFor(TargetId.Parse(wanted)), Is.EqualTo(expected));

    [Test]
    public void Targets_of_a_library_are_sorted_by_number_and_distinct()
    {
        var file = Offloading.Read(
            new FatLibraryBuilder
            {
                Bundles =
                [
                    BundleBuilder.For("gfx1151", "gfx90a:xnack+", "amdgcnspirv"),
                    BundleBuilder.For("gfx1151", "gfx90a:xnack-", "gfx803"),
                ],
            }
        );

        Assert.That(file.Targets, Is.EqualTo(new[] { "gfx803", "gfx90a:xnack+", "gfx90a:xnack-", "gfx1151", "amdgcnspirv" }));
    }
}
