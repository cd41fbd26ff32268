using System.Reflection;

namespace Gfxbake.Tests;

/// <summary>A category that UnitTest does not know would let a test run there that cannot.</summary>
[TestFixture]
internal sealed class CategoryTests
{
    private static readonly Type[] Types = typeof(CategoryTests).Assembly.GetTypes();

    [Test]
    public void Every_category_says_what_a_test_needs() =>
        Assert.That(
            Types.Concat<MemberInfo>(Types.SelectMany(Methods)).SelectMany(m => Categories(m).Select(c => (Member: m, Name: c))),
            Is.All.Matches<(MemberInfo Member, string Name)>(c => Needs.All.Contains(c.Name))
        );

    // The folders are named after what their tests need.
    [TestCase("Engine", Needs.Engine)]
    [TestCase("Browser", Needs.Browser)]
    [TestCase("Acceptance", Needs.MinimalImage)]
    [TestCase("RealTools", Needs.Compiler)]
    public void Fixture_in_a_folder_for_a_need_has_its_category(string folder, string category) =>
        Assert.That(
            Types.Where(t => t.Namespace?.EndsWith('.' + folder) == true && Methods(t).Any(m => m.IsDefined(typeof(TestAttribute)))),
            Is.All.Matches<Type>(t => Categories(t!).Contains(category))
        );

    private static IEnumerable<MethodInfo> Methods(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly);

    private static IEnumerable<string> Categories(MemberInfo member) =>
        member
            .GetCustomAttributes()
            .SelectMany(a =>
                a switch
                {
                    CategoryAttribute category => [category.Name],
                    TestCaseAttribute { Category: { } names } => names.Split(','),
                    TestFixtureAttribute { Category: { } names } => names.Split(','),
                    _ => Array.Empty<string>(),
                }
            );
}
