using System.Globalization;
using System.Text.RegularExpressions;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>Fills a template of a package's file: Handlebars, with words that quote for the language of that file.</summary>
/// <remarks>
/// {{shell x}} one word of a shell; {{text x}} a line of the format's own language; {{date epoch "ddd MMM dd yyyy"}} a day, in .NET's
/// letters for its parts; {{value}} is left as it is.
/// A name that the model lacks is an error, and so is a value with a line break or another control character: no quoting makes it one line.
/// </remarks>
public static partial class PackageTemplate
{
    /// <param name="template">The template's text.</param>
    /// <param name="model">What it may name.</param>
    /// <param name="escape">What the format's language writes for a sign that would mean something else.</param>
    /// <param name="origin">The template's file, for errors.</param>
    /// <exception cref="PackageException">The template is broken, names what is not there, or a value can't stand in one line.</exception>
    public static string Fill(
        string template,
        IReadOnlyDictionary<string, object> model,
        IReadOnlyDictionary<string, string> escape,
        string origin
    )
    {
        var handlebars = Handlebars.Create(new HandlebarsConfiguration { NoEscape = true, ThrowOnUnresolvedBindingExpression = true });
        handlebars.RegisterHelper("shell", (writer, _, arguments) => writer.WriteSafeString(Shell(Text(arguments[0]))));
        handlebars.RegisterHelper(
            "text",
            (writer, _, arguments) =>
                writer.WriteSafeString(
                    string.Concat(Text(arguments[0]).Select(c => escape.GetValueOrDefault(c.ToString()) ?? c.ToString()))
                )
        );
        handlebars.RegisterHelper("date", (writer, _, arguments) => writer.WriteSafeString(Date(Text(arguments[0]), Text(arguments[1]))));
        try
        {
            return handlebars.Compile(template)(model);
        }
        catch (Exception exception)
            when (exception is HandlebarsException or HandlebarsUndefinedBindingException or ArgumentException or FormatException)
        {
            throw new PackageException($"{origin}: {exception.Message}");
        }
    }

    /// <summary>One word for a POSIX shell.</summary>
    public static string Shell(string text) =>
        Plain().IsMatch(text) ? text : "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private static string Date(string epoch, string form) =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(epoch, CultureInfo.InvariantCulture)).ToString(form, CultureInfo.InvariantCulture);

    private static string Text(object? value)
    {
        var text = value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return text.Any(char.IsControl) ? throw new ArgumentException("a value has a control character, a line break for example") : text;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_./:=@+-]+\z")]
    private static partial Regex Plain();
}
