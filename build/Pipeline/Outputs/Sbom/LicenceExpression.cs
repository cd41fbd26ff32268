using System.Text.RegularExpressions;

namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>An expression of licence names, AND, OR and brackets, as the License field of an RPM has it.</summary>
internal static partial class LicenceExpression
{
    // Exceptions of the SPDX list that packages of C libraries, compilers and ROCm use.
    private static readonly HashSet<string> Exceptions = new(StringComparer.Ordinal)
    {
        "Autoconf-exception-2.0",
        "Autoconf-exception-3.0",
        "Autoconf-exception-generic",
        "Bison-exception-2.2",
        "Classpath-exception-2.0",
        "GCC-exception-2.0",
        "GCC-exception-3.1",
        "GNU-compiler-exception",
        "Libtool-exception",
        "Linux-syscall-note",
        "LLVM-exception",
    };

    /// <summary>
    /// The expression with each name replaced; null when it is none: a bracket or a name too many or too few. Older RPMs write "and" and
    /// "or", and names of several words.
    /// </summary>
    /// <param name="text">The field.</param>
    /// <param name="licence">Asked for names that the SPDX list lacks, and only when the whole is an expression.</param>
    public static string? Map(string text, Func<string, string> licence)
    {
        var parts = new List<(string Text, bool IsName)>();
        var name = new List<string>();
        var (open, afterName) = (0, false);
        foreach (var word in Words().EnumerateMatches(text))
        {
            var part = text.Substring(word.Index, word.Length);
            if (part is not ("(" or ")") && !IsOperator(part))
            {
                name.Add(part);
                continue;
            }

            if (!EndName())
                return null;
            // "(" stands where a name may, all else behind one.
            if (part == "(" == afterName)
                return null;
            open += part switch
            {
                "(" => 1,
                ")" => -1,
                _ => 0,
            };
            if (open < 0)
                return null;
            afterName = part == ")";
            parts.Add((IsOperator(part) ? $" {part.ToUpperInvariant()} " : part, false));
        }

        return EndName() && afterName && open == 0
            ? string.Concat(parts.Select(p => p.IsName ? Known(p.Text) ?? licence(p.Text) : p.Text))
            : null;

        bool EndName()
        {
            if (name.Count == 0)
                return true;
            if (afterName)
                return false;
            parts.Add((string.Join(' ', name), true));
            name.Clear();
            return afterName = true;
        }
    }

    /// <summary>Name or name WITH exception, where the SPDX list has both.</summary>
    private static string? Known(string name) =>
        LicenceNames.Find(name)
        ?? (
            name.Split(" WITH ") is [var licence, var exception] && LicenceNames.Find(licence) is { } id && Exceptions.Contains(exception)
                ? $"{id} WITH {exception}"
                : null
        );

    private static bool IsOperator(string word) => word is "AND" or "OR" or "and" or "or";

    [GeneratedRegex(@"[()]|[^\s()]+")]
    private static partial Regex Words();
}
