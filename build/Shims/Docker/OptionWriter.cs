using System.Globalization;
using System.Reflection;
using System.Text;
using Cake.Core;
using Cake.Core.IO;

namespace Cake.Docker;

/// <summary>Writes settings as a command line, byte for byte as Cake.Docker does.</summary>
internal static class OptionWriter
{
    // The real package leaves positional arguments unquoted; where one may hold a space, the caller quotes it.
    public static ProcessArgumentBuilder Write(string command, AutoToolSettings settings, IEnumerable<string> arguments)
    {
        var builder = new ProcessArgumentBuilder().Append(command);
        // What ToolSettings itself declares is written too, as in the real package: NoWorkingDirectory and ToolTimeout
        // become options that no engine knows, so they must not be set.
        foreach (var property in settings.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetValue(settings) is { } value)
            {
                Write(builder, property, value);
            }
        }

        foreach (var argument in arguments)
        {
            builder.Append(argument);
        }

        return builder;
    }

    private static void Write(ProcessArgumentBuilder builder, PropertyInfo property, object value)
    {
        var name = Kebab(property.Name);
        if (property.GetCustomAttribute<AutoPropertyAttribute>()?.Format is { } format)
        {
            builder.Append(string.Format(CultureInfo.InvariantCulture, format, name, value));
            return;
        }

        switch (value)
        {
            case true:
                builder.Append($"--{name}");
                break;
            case int or long or ulong or ushort:
                builder.Append($"--{name} {value}");
                break;
            case TimeSpan time:
                builder.Append($"--{name} {Math.Floor(time.TotalHours)}h{time.Minutes}m{time.Seconds}s");
                break;
            case string text:
                WriteQuoted(builder, name, text);
                break;
            case string[] texts:
                foreach (var text in texts)
                {
                    WriteQuoted(builder, name, text);
                }

                break;
        }
    }

    private static void WriteQuoted(ProcessArgumentBuilder builder, string name, string value)
    {
        if (value.Length > 0)
        {
            builder.Append($"--{name}").AppendQuoted(value);
        }
    }

    private static string Kebab(string name)
    {
        var kebab = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && kebab.Length > 0)
            {
                kebab.Append('-');
            }

            kebab.Append(char.ToLowerInvariant(letter));
        }

        return kebab.ToString();
    }
}
