using Gfxbake.Formats.Text;

namespace Gfxbake.Unit.Tests.Formats.Text;

public sealed class SimilarNamesTests
{
    private static readonly string[] Targets = ["All", "BaseImage", "Clean", "MinimalCandidate", "MinimalImage", "TraceImage", "Why"];

    [TestCase("MinimalImge", "MinimalImage")]
    [TestCase("minimal-image", "MinimalImage")]
    [TestCase("minimal", "MinimalCandidate, MinimalImage")]
    [TestCase("wy", "Why")]
    [TestCase("claen", "")]
    [TestCase("clen", "Clean")]
    [TestCase("deploy", "")]
    [TestCase("", "")]
    public void Names_that_may_be_meant_are_found(string name, string near) =>
        Assert.That(string.Join(", ", SimilarNames.Of(name, Targets)), Is.EqualTo(near));
}
