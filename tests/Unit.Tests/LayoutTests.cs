namespace Gfxbake.Unit.Tests;

/// <summary>The part of the layout that CSharpier leaves alone: strings and comments are cut by hand.</summary>
internal sealed class LayoutTests
{
    /// <summary>The same as max_line_length in .editorconfig.</summary>
    private const int Longest = 140;

    [Test]
    public void No_line_is_longer_than_the_limit() =>
        Assert.That(
            Files()
                .SelectMany(f =>
                    File.ReadLines(Path.Combine(RepositoryRoot.Path, f))
                        .Select((text, index) => (text.Length, Place: $"{f}:{index + 1}"))
                        .Where(l => l.Length > Longest)
                        .Select(l => $"{l.Place} has {l.Length} columns")
                ),
            Is.Empty
        );

    private static IEnumerable<string> Files() =>
        new[] { "build", "tests" }
            .SelectMany(d => Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, d), "*.cs", SearchOption.AllDirectories))
            .Select(f => Path.GetRelativePath(RepositoryRoot.Path, f))
            .Order(StringComparer.Ordinal);
}
