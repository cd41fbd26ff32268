using Gfxbake.Formats.Comgr;

namespace Gfxbake.Unit.Tests.Formats.Comgr;

/// <summary>What recorders write comes from containers.</summary>
public sealed class ComgrTableTests
{
    [Test]
    public void Table_stands_behind_the_library()
    {
        using var parts = new RecordedParts();

        var table = ComgrTable.Read(parts.Folder);
        var bytes = table.Behind("library"u8.ToArray());

        Assert.That(table.Requests, Is.EqualTo(1));
        Assert.That(bytes.AsSpan(0, 15).ToArray(), Is.EqualTo("libraryGFXCOMGR"u8.ToArray()));
        Assert.That(bytes.AsSpan(bytes.Length - 8).ToArray(), Is.EqualTo("GFXCOMGR"u8.ToArray()));
        Assert.That(BitConverter.ToInt64(bytes, bytes.Length - 16), Is.EqualTo(bytes.Length - 7 - 16));
    }

    [Test]
    public void Same_parts_give_the_same_bytes()
    {
        using var parts = new RecordedParts();
        using var again = new RecordedParts();

        Assert.That(ComgrTable.Read(again.Folder).Behind([]), Is.EqualTo(ComgrTable.Read(parts.Folder).Behind([])));
    }

    // The stand-in lists as many as the library did; more may be known by name.
    [Test]
    public void Targets_that_were_asked_for_come_after_those_that_are_listed()
    {
        using var parts = new RecordedParts();
        const string asked = "amdgcn-amd-amdhsa--gfx90a:sramecc+:xnack-";
        parts.Write("isa-asked-" + asked, [.. RecordedParts.Text(asked), .. RecordedParts.Bytes([0x80])]);

        var bytes = ComgrTable.Read(parts.Folder).Behind([]);

        // Magic, format and version come before.
        Assert.That(BitConverter.ToInt32(bytes, 20), Is.EqualTo(1), "listed");
        Assert.That(BitConverter.ToInt32(bytes, 24), Is.EqualTo(2), "all");
    }

    [Test]
    public void What_an_ended_run_left_behind_is_no_part()
    {
        using var parts = new RecordedParts();
        parts.Write(".4711", [1, 2, 3]);

        Assert.That(ComgrTable.Read(parts.Folder).Requests, Is.EqualTo(1));
    }

    [Test]
    public void Two_answers_to_one_request_are_an_error()
    {
        using var parts = new RecordedParts();
        parts.Write("conflict-request-aa", [1]);

        Fails(parts, "two runs recorded different answers for request-aa");
    }

    [Test]
    public void Missing_version_is_an_error()
    {
        using var parts = new RecordedParts();
        parts.Delete("version");

        Fails(parts, "no version was recorded");
    }

    [TestCase("surprise")]
    [TestCase("isa-other")]
    public void Unknown_names_are_an_error(string name)
    {
        using var parts = new RecordedParts();
        parts.Write(name, [1]);

        Fails(parts, "1 parts have names that no recorder gives");
    }

    [Test]
    public void Links_and_folders_are_no_parts()
    {
        using var parts = new RecordedParts();
        File.CreateSymbolicLink(Path.Combine(parts.Folder, "request-link"), "/etc/hostname");
        Fails(parts, "request-link is no file of at most");
        parts.Delete("request-link");
        Directory.CreateDirectory(Path.Combine(parts.Folder, "request-folder"));
        Fails(parts, "request-folder is no file of at most");
    }

    [Test]
    public void Key_must_be_its_texts()
    {
        using var parts = new RecordedParts();
        var answer = RecordedParts.Answer(RecordedParts.Request, "compiled");
        answer[0] ^= 1;
        parts.Write("request-" + RecordedParts.Hex(RecordedParts.Request), answer);

        Fails(parts, "its key is not its text's");
    }

    [Test]
    public void Damaged_parts_are_an_error()
    {
        using var parts = new RecordedParts();
        var name = "request-" + RecordedParts.Hex(RecordedParts.Request);
        var answer = RecordedParts.Answer(RecordedParts.Request, "compiled");
        foreach (var length in Enumerable.Range(0, answer.Length))
        {
            parts.Write(name, answer[..length]);
            Fails(parts, $"the recorded part {name} is damaged");
        }

        parts.Write(name, [.. answer, 0]);
        Fails(parts, "it is longer than what is in it");
        parts.Write(name, [.. answer[..^1], 1]);
        Fails(parts, "bytes do not end with a NUL");
    }

    private static void Fails(RecordedParts parts, string message) =>
        Assert.That(() => ComgrTable.Read(parts.Folder), Throws.TypeOf<ComgrFormatException>().With.Message.Contains(message));
}
