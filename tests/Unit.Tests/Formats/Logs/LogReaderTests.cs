using System.Text;
using Gfxbake.Formats.Logs;

namespace Gfxbake.Unit.Tests.Formats.Logs;

public sealed class LogReaderTests
{
    private const string Record =
        "time=2026-11-29T01:00:00Z level=WARN source=a.go:1 msg=\"it \\\"is\\\"\" error=\"a: b\\nc\" n=1 empty=\"\"";

    [TestCase("")]
    [TestCase("Nov 29 01:00:00 host ollama[12]: ")]
    [TestCase("июл 28 13:04:33 TUF ollama[134183]: ")]
    [TestCase("Nov  9 01:00:00.123456 my-host.example ollama[1]: ")]
    [TestCase("2026-11-29T01:00:00+0300 host ollama[12]: ")]
    [TestCase("2026-11-29T01:00:00,123456+03:00 host ollama[12]: ")]
    [TestCase("ollama-1  | ")]
    public void Record_is_read_behind_any_prefix(string prefix)
    {
        var line = LogReader.Line(7, prefix + Record);

        Assert.That((line.Number, line.Level, line.Message), Is.EqualTo((7, "WARN", "it \"is\"")));
        Assert.That(line.Fields["error"], Is.EqualTo("a: b\nc"));
        Assert.That(line.Text, Is.EqualTo("it \"is\" error=\"a: b\nc\" n=1 empty=\"\""));
    }

    [Test]
    public void Program_of_the_journal_is_told() =>
        Assert.That(LogReader.Line(1, "Nov 29 01:00:00 host kernel: segfault at 1").Program, Is.EqualTo("kernel"));

    [TestCase("2025/01/28 17:08:57 routes.go:1187: INFO server config env=\"map[]\"")]
    [TestCase("load_tensors: offloaded 1/2 layers to GPU")]
    [TestCase("level=INFO no pair")]
    [TestCase("msg=\"has no end")]
    [TestCase("msg=\"ends\"early=1")]
    [TestCase("msg=\"\\q\"")]
    [TestCase("msg=\"\\u12\"")]
    [TestCase("level=INFO time=1")]
    [TestCase("=")]
    [TestCase("")]
    public void Line_that_is_no_record_stays_as_it_is(string text)
    {
        var line = LogReader.Line(1, text);

        Assert.That((line.Level, line.Message, line.Text), Is.EqualTo(((string?)null, (string?)null, text)));
    }

    [TestCase("\\x41", "A")]
    [TestCase("\\u00e4", "ä")]
    [TestCase("\\U0001F600", "😀")]
    [TestCase("\\ud800", "\ufffd")]
    [TestCase("\\t\\a", "\t\a")]
    public void Escapes_are_undone(string escaped, string text) =>
        Assert.That(LogReader.Line(1, $"msg=\"{escaped}\"").Message, Is.EqualTo(text));

    [Test]
    public void Long_line_is_cut_and_the_next_one_is_whole()
    {
        var lines = Read(new string('x', 3 * LogReader.MostBytes) + "\r\nmsg=short\nlast");

        Assert.That(lines.Select(l => l.IsCut), Is.EqualTo(new[] { true, false, false }));
        Assert.That(lines[0].Text, Has.Length.LessThan(LogReader.MostBytes));
        Assert.That((lines[1].Message, lines[2].Text), Is.EqualTo(("short", "last")));
    }

    [Test]
    public void Carriage_return_and_bytes_that_are_no_text_do_no_harm()
    {
        using var stream = new MemoryStream([.. "a\r\n"u8, 0xff, 0, 0x1b, (byte)'\n']);

        Assert.That(LogReader.Read(stream).Select(l => l.Text), Is.EqualTo(new[] { "a", "\ufffd\0\x1b" }));
    }

    private static List<LogLine> Read(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return [.. LogReader.Read(stream)];
    }
}
