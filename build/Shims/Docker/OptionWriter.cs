using System.Reflection;
using System.Text;
using Cake.Core;
using Cake.Core.IO;

namespace Cake.Docker;

/// <summary>Writes settings as a command line, byte for byte as Cake.Docker does.</summary>
internal static class OptionWriter
{
    // The real package leaves the argument unquoted; where it may hold a space, the caller quotes it.
    public static ProcessArgumentBuilder Write(string command, AutoToolSettings settings, string argument)
    {
        var builder = new ProcessArgumentBuilder().Append(command);
        foreach (var property in settings.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            Write(builder, "--" + Kebab(property.Name), property.GetValue(settings));

        return builder.Append(argument);
    }

    private static void Write(ProcessArgumentBuilder builder, string name, object? value)
    {
        switch (value)
        {
            case true:
                // What ToolSettings itself declares is written too, as in the real package: NoWorkingDirectory becomes
                // an option that no engine knows, so it must not be set.
                builder.Append(name);
                break;
            case string { Length: > 0 } text:
                builder.Append(name).AppendQuoted(text);
                break;
            case string[] texts:
                foreach (var text in texts)
                    Write(builder, name, text);
                break;
        }
    }

    private static string Kebab(string name)
    {
        var kebab = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && kebab.Length > 0)
                kebab.Append('-');

            kebab.Append(char.ToLowerInvariant(letter));
        }

        return kebab.ToString();
    }
}
