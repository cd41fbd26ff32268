using System.Text.Json;

namespace Gfxbake.Formats.Elf;

/// <summary>Libraries that a file announces to dlopen, in the notes of the UAPI group's "ELF dlopen metadata" specification.</summary>
public static class DlopenNotes
{
    private const uint NoteType = 0x407c0c0a;
    private const int MostNoteBytes = 1 << 20;

    /// <summary>The sonames in file order.</summary>
    /// <exception cref="ElfFormatException">A note is malformed, or its JSON is.</exception>
    public static IReadOnlyList<string> Read(Stream stream, ElfFile elf)
    {
        var bytes = new ElfBytes(stream);
        var names = new List<string>();
        foreach (var segment in elf.Segments.Where(s => s.Type == ElfSegment.Note))
        {
            // A note segment of more than a megabyte holds something else than announcements, such as a core's registers.
            if (segment.FileSize <= MostNoteBytes)
            {
                var notes = bytes.Read((ulong)segment.Offset, (ulong)segment.FileSize, MostNoteBytes, "a note segment");
                ReadNotes(notes, segment, names);
            }
        }

        return names;
    }

    private static void ReadNotes(byte[] notes, ElfSegment segment, List<string> names)
    {
        var alignment = segment.Alignment == 8 ? 8L : 4L;
        for (long at = 0; at + 12 <= notes.Length; )
        {
            var row = notes.AsSpan((int)at);
            var (nameSize, textSize, type) = (ElfBytes.U32(row, 0), ElfBytes.U32(row, 4), ElfBytes.U32(row, 8));
            var text = Align(at + 12 + nameSize, alignment);
            if (text + textSize > notes.Length)
                throw new ElfFormatException(segment.Offset + at, "a note is longer than its segment", textSize);

            if (type == NoteType && nameSize == 4 && row[12..16].SequenceEqual("FDO\0"u8))
                names.AddRange(SoNames(notes.AsMemory((int)text, (int)textSize), segment.Offset + text));

            at = Align(text + textSize, alignment);
        }
    }

    private static List<string> SoNames(ReadOnlyMemory<byte> text, long offset)
    {
        try
        {
            using var json = JsonDocument.Parse(text[..(text.Span.LastIndexOfAnyExcept((byte)0) + 1)]);
            return
            [
                .. json
                    .RootElement.EnumerateArray()
                    .SelectMany(entry => entry.GetProperty("soname"u8).EnumerateArray())
                    .Select(name => name.GetString() ?? "")
                    .Where(name => name.Length > 0),
            ];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new ElfFormatException(offset, "a dlopen note is not the JSON that its specification asks for", (ulong)text.Length);
        }
    }

    private static long Align(long value, long alignment) => (value + alignment - 1) / alignment * alignment;
}
