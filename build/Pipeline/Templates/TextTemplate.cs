using System.Globalization;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;

namespace Gfxbake.Pipeline.Templates;

/// <summary>What a word of a template makes of the values behind it; an ArgumentException tells what can't be written.</summary>
public delegate string TemplateWord(IReadOnlyList<string> values);

/// <summary>Fills templates: Handlebars, with words that quote for the language of the file.</summary>
/// <remarks>A name that the model lacks is an error. {{value}} without a word is left as it is.</remarks>
/// <param name="words">What the template may use, by name.</param>
public sealed class TextTemplate(IReadOnlyDictionary<string, TemplateWord> words)
{
    /// <param name="template">The template's text.</param>
    /// <param name="model">What it may name.</param>
    /// <exception cref="FormatException">The template is broken, names what is not there, or a value can't be written there.</exception>
    public string Fill(string template, IReadOnlyDictionary<string, object> model)
    {
        var handlebars = Handlebars.Create(new HandlebarsConfiguration { NoEscape = true, ThrowOnUnresolvedBindingExpression = true });
        foreach (var (name, word) in words)
            handlebars.RegisterHelper(name, (writer, _, arguments) => writer.WriteSafeString(word([.. arguments.Select(Text)])));
        try
        {
            return handlebars.Compile(template)(model);
        }
        catch (Exception exception)
            when (exception is HandlebarsException or HandlebarsUndefinedBindingException or ArgumentException or FormatException)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    private static string Text(object? value) => value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
