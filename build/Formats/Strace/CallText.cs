using System.Buffers;
using System.Runtime.CompilerServices;

namespace Gfxbake.Formats.Strace;

internal enum ResultKind
{
    /// <summary>The call was cut short, or its result is '?'.</summary>
    Unknown,
    Success,
    Error,
}

/// <summary>The arguments and the result of one call, cut apart but not decoded.</summary>
internal ref struct CallText
{
    /// <summary>A Linux system call takes six; clone's decoder names them one by one.</summary>
    public const int MostArguments = 8;

    private static readonly SearchValues<byte> Structural = SearchValues.Create("\"<,()[]{}/"u8);

    private readonly ReadOnlySpan<byte> text;
    private Starts starts;
    private int end;

    private CallText(ReadOnlySpan<byte> text) => this.text = text;

    public int Count { get; private set; }

    public ResultKind Result { get; private set; }

    /// <summary>The error's name, or the number that came back.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>What stands in angle brackets after the number that came back.</summary>
    public ReadOnlySpan<byte> Annotation { get; private set; }

    public bool Deleted { get; private set; }

    public readonly ReadOnlySpan<byte> this[int index] =>
        text[starts[index]..(index + 1 < Count ? starts[index + 1] - 1 : end)].Trim((byte)' ');

    public readonly bool ArgumentsContain(ReadOnlySpan<byte> word) => text[..end].IndexOf(word) >= 0;

    /// <summary>Cuts up what follows a call's opening bracket; one that isn't complete may stop after any argument.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? Parse(ReadOnlySpan<byte> text, bool complete, out CallText call)
    {
        call = new CallText(text);
        string? problem = call.ScanArguments(complete, out int next);
        return problem is null && complete ? call.ScanResult(text[next..]) : problem;
    }

    private string? ScanArguments(bool complete, out int next)
    {
        var depth = 0;
        next = 0;
        Count = 1;
        while (true)
        {
            int found = text[next..].IndexOfAny(Structural);
            if (found < 0)
            {
                end = next = text.Length;
                return Close(complete ? "the arguments have no end" : null);
            }
            next += found;
            switch (text[next])
            {
                case (byte)'[' or (byte)'{' or (byte)'(':
                    depth++;
                    break;
                case (byte)')' when depth == 0:
                    end = next++;
                    return Close(complete ? null : "a call that goes on has an end");
                case (byte)']' or (byte)'}' or (byte)')':
                    depth--;
                    break;
                case (byte)',' when depth == 0:
                    if (Count == MostArguments)
                        return "the call has too many arguments";
                    starts[Count++] = next + 1;
                    break;
                default:
                    next = Skip(next);
                    break;
            }
            if (next < 0 || depth < 0)
                return "a quote, bracket or comment has no partner";
            next++;
        }
    }

    // "()" has no argument, and "x, " of a call that goes on has one.
    private string? Close(string? problem)
    {
        if (this[Count - 1].IsEmpty)
        {
            Count--;
            end = Count == 0 ? 0 : starts[Count] - 1;
        }
        return problem;
    }

    // To the last byte of a string, an annotation or a comment; -1 if it has none.
    private readonly int Skip(int at)
    {
        ReadOnlySpan<byte> rest = text[at..];
        int length = rest[0] switch
        {
            (byte)'"' => StringLength(rest),
            (byte)'<' when at > 0 && (char.IsAsciiDigit((char)text[at - 1]) || text[at - 1] == 'D') => AnnotationLength(rest),
            (byte)'<' when rest.StartsWith("<<"u8) => 2,
            (byte)'/' when rest.StartsWith("/*"u8) => rest.IndexOf("*/"u8) + 2,
            _ => 1,
        };
        return length <= (rest.StartsWith("/*"u8) ? 1 : 0) ? -1 : at + length - 1;
    }

    private static int StringLength(ReadOnlySpan<byte> text)
    {
        for (var i = 1; i < text.Length; i += 2)
        {
            int found = text[i..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0)
                return -1;
            i += found;
            if (text[i] == '"')
                return i + 1;
        }
        return -1;
    }

    /// <summary>The length of "&lt;...&gt;"; with -yy a device stands in a second pair inside.</summary>
    public static int AnnotationLength(ReadOnlySpan<byte> text)
    {
        // MAP_HUGETLB|21<<MAP_HUGE_SHIFT
        if (text.StartsWith("<<"u8))
        {
            return 2;
        }
        int close = text.IndexOf((byte)'>');
        int open = close < 0 ? -1 : text[1..close].IndexOf((byte)'<');
        return open < 0 ? close + 1
            : close + 1 < text.Length && text[close + 1] == '>' ? close + 2
            : -1;
    }

    private string? ScanResult(ReadOnlySpan<byte> rest)
    {
        const string Unreadable = "the result can't be read";
        rest = rest.TrimStart((byte)' ');
        if (!rest.StartsWith("= "u8))
        {
            return Unreadable;
        }
        rest = rest[2..];
        if (rest.StartsWith("?"u8))
            return rest.Length == 1 || rest is [_, (byte)' ', ..] ? null : Unreadable;
        if (rest.StartsWith("-1 "u8))
        {
            Result = ResultKind.Error;
            Value = Word(rest[3..]);
            return Value.IsEmpty && !rest.StartsWith("-1 (errno "u8) ? Unreadable : null;
        }
        Result = ResultKind.Success;
        Value = Word(rest);
        rest = rest[Value.Length..];
        if (!rest.IsEmpty && rest[0] == '<')
        {
            int length = AnnotationLength(rest);
            if (length <= 2)
            {
                return Unreadable;
            }
            Annotation = rest[1..(length - 1)];
            rest = rest[length..];
            Deleted = rest.StartsWith("(deleted)"u8);
            rest = Deleted ? rest["(deleted)".Length..] : rest;
        }
        return Value.IsEmpty || !char.IsAsciiDigit((char)Value[0]) || rest is not ([] or [(byte)' ', ..]) ? Unreadable : null;
    }

    private static ReadOnlySpan<byte> Word(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAnyExcept(WordBytes);
        return end < 0 ? text : text[..end];
    }

    private static readonly SearchValues<byte> WordBytes = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8
    );

    [InlineArray(MostArguments)]
    private struct Starts
    {
        private int first;
    }
}
