using System.Text;

namespace Gfxbake.Host.Tools;

/// <summary>Hands on whole lines of a stream that comes in pieces; of a line without end only the start.</summary>
public sealed class LineWatch(Action<string> watch)
{
    private const int Longest = 1 << 17;

    private readonly StringBuilder line = new();

    public void Add(ReadOnlySpan<char> text)
    {
        for (int end; (end = text.IndexOf('\n')) >= 0; text = text[(end + 1)..])
        {
            Append(text[..end]);
            End();
        }

        Append(text);
    }

    /// <summary>The stream has ended, perhaps inside a line.</summary>
    public void End()
    {
        if (line.Length > 0)
            watch(line.ToString().TrimEnd('\r'));
        line.Clear();
    }

    private void Append(ReadOnlySpan<char> text) => line.Append(text[..Math.Min(text.Length, Longest - line.Length)]);
}
