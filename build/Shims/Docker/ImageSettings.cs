// An option that is not set is null, yet the real package annotates it as never null: a host that assigns null would not
// compile there, so it must not compile here.
#nullable disable warnings

using Cake.Core.Tooling;

namespace Cake.Docker;

/// <summary>
/// Settings whose properties are the command's options: <c>NoCache</c> becomes <c>--no-cache</c>, in the order of
/// declaration. Setting <see cref="ToolSettings.ToolPath"/> to podman's path runs podman.
/// </summary>
public abstract class AutoToolSettings : ToolSettings;

/// <summary>Options of <c>image build</c>.</summary>
public sealed class DockerImageBuildSettings : AutoToolSettings
{
    public string[] BuildArg { get; set; }

    public string Iidfile { get; set; }

    public bool? NoCache { get; set; }

    public string[] Tag { get; set; }

    public string Target { get; set; }
}

/// <summary>Options of <c>buildx build</c>.</summary>
public sealed class DockerBuildXBuildSettings : AutoToolSettings
{
    public string[] BuildArg { get; set; }

    public string[] BuildContext { get; set; }

    public string Builder { get; set; }

    public string[] CacheFrom { get; set; }

    public string[] CacheTo { get; set; }

    public string Iidfile { get; set; }

    public bool Load { get; set; }

    public string Progress { get; set; }

    public string[] Tag { get; set; }

    public string Target { get; set; }
}
