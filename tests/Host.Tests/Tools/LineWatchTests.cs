using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tests.Tools;

[TestFixture]
internal sealed class LineWatchTests
{
    [Test]
    public void Lines_are_whole_however_the_pieces_are_cut()
    {
        const string text = "one\r\n\ntwo\nlast";
        for (var length = 1; length <= text.Length; length++)
        {
            var pieces = text.Chunk(length).Select(c => new string(c));
            Assert.That(Lines(pieces), Is.EqualTo(new[] { "one", "two", "last" }), $"pieces of {length}");
        }
    }

    [Test]
    public void Of_a_line_without_end_only_the_start_is_kept()
    {
        var lines = Lines(Enumerable.Repeat(new string('x', 1 << 14), 100).Append("\nnext\n"));

        Assert.That(lines.Select(l => l.Length), Is.EqualTo(new[] { 1 << 17, 4 }));
    }

    private static List<string> Lines(IEnumerable<string> pieces)
    {
        List<string> lines = [];
        var watch = new LineWatch(lines.Add);
        foreach (var piece in pieces)
            watch.Add(piece);
        watch.End();
        return lines;
    }
}
