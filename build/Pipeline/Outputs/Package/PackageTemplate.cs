using System.Globalization;
using Gfxbake.Pipeline.Templates;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>Fills a template of a package's file: Handlebars, with words that quote for the language of that file.</summary>
/// <remarks>
/// {{shell x}} one word of a shell; {{text x}} a line of the format's own language; {{date epoch "ddd MMM dd yyyy"}} a day, in .NET's
/// letters for its parts; {{value}} is left as it is.
/// A name that the model lacks is an error, and so is a value with a line break or another control character: no quoting makes it one line.
/// </remarks>
public static class PackageTemplate
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
        var words = new Dictionary<string, TemplateWord>
        {
            ["shell"] = values => Quoting.Shell(Quoting.OneLine(values[0])),
            ["text"] = values =>
                string.Concat(Quoting.OneLine(values[0]).Select(c => escape.GetValueOrDefault(c.ToString()) ?? c.ToString())),
            ["date"] = values => Date(values[0], values[1]),
        };
        try
        {
            return new TextTemplate(words).Fill(template, model);
        }
        catch (FormatException exception)
        {
            throw new PackageException($"{origin}: {exception.Message}");
        }
    }

    private static string Date(string epoch, string form) =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(epoch, CultureInfo.InvariantCulture)).ToString(form, CultureInfo.InvariantCulture);
}
