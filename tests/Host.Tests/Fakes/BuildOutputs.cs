using System.Text.RegularExpressions;

namespace Gfxbake.Host.Tests.Fakes;

/// <summary>Looks at the build commands that a fake engine was given.</summary>
internal static partial class BuildOutputs
{
    /// <summary>The last build command, with ID in place of the file that gets the image's id.</summary>
    public static string LastCommand(FakeProcessRunner processes) =>
        IdOption().Replace(processes.CommandLines.Last(c => IdFile(c) is not null), "--iidfile \"ID\"");

    /// <summary>The file that gets the image's id; null of any other command.</summary>
    public static string? IdFile(string commandLine) =>
        IdOption().Match(commandLine) is { Success: true } option ? option.Groups[1].Value : null;

    [GeneratedRegex("--iidfile \"([^\"]+)\"")]
    private static partial Regex IdOption();
}
