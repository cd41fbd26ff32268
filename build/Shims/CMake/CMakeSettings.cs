// An option that is not set is null, yet the real package annotates it as never null.
#nullable disable warnings

using Cake.Core.Tooling;

namespace Cake.CMake;

/// <summary>How CMake configures a project.</summary>
public sealed class CMakeSettings : ToolSettings
{
    public string Generator { get; set; }

    /// <summary>Words that are handed over as they are, -D and all.</summary>
    public string[] Options { get; set; }
}
