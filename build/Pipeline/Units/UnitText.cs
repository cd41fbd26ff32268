using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Units;

/// <summary>What was written, and what to do with it, for people.</summary>
public static class UnitText
{
    private const string FilePlace = "{file}";

    public static IEnumerable<string> Lines(string folder, IReadOnlyList<UnitFile> files)
    {
        yield return $"Written to {folder}:";
        foreach (var file in files)
        {
            yield return "";
            yield return $"  {file.Name}";
            // A shell ends a command at its &&, so that is where a line may end too.
            var path = ShellText.Quote(Path.Combine(folder, file.Name));
            foreach (var command in file.Use.Replace(FilePlace, path, StringComparison.Ordinal).Split(" && "))
                yield return $"    {command}";
        }
    }
}
