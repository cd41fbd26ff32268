using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Unit.Tests.Recipes.Shared;

/// <summary>rocm.yml's numbers of types: hipBLAS counts from 150 up to ROCm 6, and as HIP's hipDataType from ROCm 7 on.</summary>
public sealed class KernelNumbersTests
{
    private static readonly KernelTypes Types = RecipeBook
        .Open(Path.Combine(RepositoryRoot.Path, "recipes"))
        .Rocm.Kernels.Select(k => k.Types)
        .OfType<KernelTypes>()
        .Single();

    [TestCase("0", "151", "SS")]
    [TestCase("2", "150", "HH, HS")]
    [TestCase("14", "168", "BB, BS")]
    public void Both_numbers_of_a_type_mean_the_same_kernels(string now, string before, string kernels)
    {
        Assert.That(string.Join(", ", Types.Values[now]), Is.EqualTo(kernels));
        Assert.That(Types.Values[before], Is.EqualTo(Types.Values[now]));
    }

    // hipDataType's 8-bit integers, double and complex numbers, which no program here asks for: they must not pass as something else.
    [TestCase("1")]
    [TestCase("3")]
    [TestCase("4")]
    [TestCase("152")]
    public void Numbers_of_other_types_are_not_known(string number) => Assert.That(Types.Values.Keys, Has.None.EqualTo(number));
}
