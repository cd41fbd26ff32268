using Cake.Core.Tooling;

namespace Cake.Docker;

/// <summary>
/// Settings whose properties are the command's options: <c>NoCache</c> becomes <c>--no-cache</c>, in the order of
/// declaration. Setting <see cref="ToolSettings.ToolPath"/> to podman's path runs podman.
/// </summary>
public abstract class AutoToolSettings : ToolSettings;
