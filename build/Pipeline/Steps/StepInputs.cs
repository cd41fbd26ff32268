using System.Collections;
using System.Reflection;
using Gfxbake.Formats.Files;

namespace Gfxbake.Pipeline.Steps;

/// <summary>What a record keeps of the inputs of its step: texts as they are, everything else by its fingerprint.</summary>
public static class StepInputs
{
    /// <param name="input">A record whose properties are all marked as input, inputs or place.</param>
    /// <exception cref="InvalidOperationException">A property is not marked, so nobody can say whether the result depends on
    /// it.</exception>
    public static SortedDictionary<string, string> Of(object input)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in input.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<PlaceAttribute>() is not null)
                continue;
            var value = property.GetValue(input);
            if (property.GetCustomAttribute<InputAttribute>() is { } one)
            {
                found.Add(one.Name, Text(value));
            }
            else if (property.GetCustomAttribute<InputsAttribute>() is not null)
            {
                foreach (DictionaryEntry entry in (IDictionary)value!)
                    found.Add((string)entry.Key, Text(entry.Value));
            }
            else
            {
                throw new InvalidOperationException($"{input.GetType().Name}.{property.Name} is neither an input nor a place");
            }
        }

        return found;
    }

    // Ids and digests stay readable; a whole Dockerfile does not belong into a record.
    private static string Text(object? value) =>
        value is string { Length: <= 128 } text && !text.Contains('\n', StringComparison.Ordinal) ? text : Fingerprint.Of(value);
}
