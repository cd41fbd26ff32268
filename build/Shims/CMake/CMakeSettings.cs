// An option that is not set is null, yet the real package annotates it as never null.
#nullable disable warnings

using Cake.Core.IO;
using Cake.Core.Tooling;

namespace Cake.CMake;

/// <summary>How CMake configures a project.</summary>
public sealed class CMakeSettings : ToolSettings
{
    public DirectoryPath OutputPath { get; set; }

    public DirectoryPath SourcePath { get; set; }

    public string Generator { get; set; }

    /// <summary>Words that are handed over as they are, -D and all.</summary>
    public string[] Options { get; set; }
}

/// <summary>How CMake builds what it has configured.</summary>
public class CMakeBuildSettings : ToolSettings
{
    public DirectoryPath BinaryPath { get; set; }

    public ICollection<string> Options { get; set; }
}
