using Gfxbake.Recipes.Shared;

namespace Gfxbake.Unit.Tests.Recipes.Shared;

public sealed class RocmNumberTests
{
    [TestCase("7.2.4+dfsg-1~exp1", "7.2.4", TestName = "Package_of_debian_starts_with_the_number")]
    [TestCase("1.18.0.70204-93~24.04", "7.2.4", TestName = "Package_of_amd_ends_with_the_number")]
    [TestCase("1.15.0.60403-128~24.04", "6.4.3", TestName = "Package_of_an_older_rocm_of_amd_ends_with_the_number")]
    [TestCase("1.21.0.71401-1", "7.14.1", TestName = "Packed_number_has_two_digits_for_each")]
    [TestCase("1:7.2.4-1", "7.2.4", TestName = "Epoch_is_no_part_of_the_number")]
    [TestCase("7.14.0", "7.14.0", TestName = "Number_alone_is_the_number")]
    [TestCase("7.14.0a20260612", "7.14.0", TestName = "Nightly_build_counts_as_its_release")]
    [TestCase("1.18.0.70204-93.el9", "7.2.4", TestName = "Rpm_of_amd_ends_with_the_number")]
    [TestCase("6.4.2-3.fc43", "6.4.2", TestName = "Rpm_of_fedora_starts_with_the_number")]
    [TestCase("7.2", null, TestName = "Two_numbers_are_none")]
    [TestCase("local", null, TestName = "Word_is_none")]
    public void Number_of(string package, string? number) => Assert.That(RocmNumber.OfPackage(package), Is.EqualTo(number));

    [TestCase("7.2.4", "7.2.10", -1)]
    [TestCase("7.10.0", "7.9.0", 1)]
    [TestCase("7.1.3", "7.1", 0)]
    [TestCase("7.2.0", "7.1", 1)]
    public void Numbers_are_compared_as_far_as_the_bound_goes(string version, string bound, int order) =>
        Assert.That(Math.Sign(RocmNumber.Compare(version, bound)), Is.EqualTo(order));

    [TestCase("7.2.4", true)]
    [TestCase("7.2", false)]
    [TestCase("7.2.4.1", false)]
    [TestCase("7.2.x", false)]
    [TestCase("7.2.99999999999", false)]
    [TestCase("7.2.4\n", false)]
    public void Version_has_three_numbers(string text, bool version) => Assert.That(RocmNumber.IsVersion(text), Is.EqualTo(version));
}
