// As in the real package, what is not set is null.
#nullable disable warnings

using Cake.Core;
using Cake.Core.IO;

namespace Cake.CMake;

/// <summary>CMake's two commands, with the words of the real package.</summary>
public static class CMakeAliases
{
    /// <summary>Configures a project; the folder of its output is where CMake runs.</summary>
    public static void CMake(this ICakeContext context, DirectoryPath sourcePath, CMakeSettings settings)
    {
        if ((sourcePath ?? settings.SourcePath ?? settings.OutputPath) is null)
            throw new ArgumentException("The settings properties OutputPath or SourcePath should not be null.");
        settings.SourcePath = sourcePath ?? settings.SourcePath;
        var output = (settings.OutputPath ?? settings.SourcePath).MakeAbsolute(context.Environment);
        Directory.CreateDirectory(output.FullPath);
        var words = new ProcessArgumentBuilder();
        if (settings.SourcePath is { } source)
            words.AppendSwitchQuoted("-S", source.MakeAbsolute(context.Environment).FullPath);
        if (!string.IsNullOrWhiteSpace(settings.Generator))
            words.AppendSwitchQuoted("-G", settings.Generator);
        foreach (var option in settings.Options ?? [])
            words.AppendQuoted(option);
        new CMakeRunner<CMakeSettings>(context).Execute(settings, words, output);
    }

    /// <summary>Builds in a folder that was configured.</summary>
    public static void CMakeBuild(this ICakeContext context, CMakeBuildSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings.BinaryPath);
        var folder = settings.BinaryPath.MakeAbsolute(context.Environment);
        var words = new ProcessArgumentBuilder().AppendSwitchQuoted("--build", folder.FullPath);
        foreach (var option in settings.Options ?? [])
            words.AppendQuoted(option);
        new CMakeRunner<CMakeBuildSettings>(context).Execute(settings, words, folder);
    }
}
