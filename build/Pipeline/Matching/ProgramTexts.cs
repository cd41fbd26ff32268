using System.Text;

namespace Gfxbake.Pipeline.Matching;

/// <summary>Looks for texts in a program's file, which says what the program reads whatever its version.</summary>
public static class ProgramTexts
{
    private const int ChunkBytes = 1 << 20;

    /// <param name="tree">The machine.</param>
    /// <param name="program">A file of it.</param>
    /// <param name="texts">What to look for; ASCII.</param>
    /// <returns>Those that are there.</returns>
    public static IReadOnlySet<string> Find(MachineTree tree, string program, IReadOnlyCollection<string> texts)
    {
        HashSet<string> found = [];
        if (texts.Count == 0)
            return found;
        var overlap = texts.Max(t => t.Length);
        using var stream = tree.Files.OpenFile(tree.Files.Resolve(program).Target!);
        var buffer = new byte[ChunkBytes + overlap];
        for (int kept = 0, read; ; kept = Math.Min(overlap, kept + read))
        {
            read = stream.ReadAtLeast(buffer.AsSpan(kept, ChunkBytes), ChunkBytes, throwOnEndOfStream: false);
            var part = buffer.AsSpan(0, kept + read);
            foreach (var text in texts)
            {
                if (part.IndexOf(Encoding.ASCII.GetBytes(text)) >= 0)
                    found.Add(text);
            }

            if (read < ChunkBytes)
                return found;
            part[^overlap..].CopyTo(buffer);
        }
    }
}
