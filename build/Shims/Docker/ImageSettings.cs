// An option that is not set is null, yet the real package annotates it as never null: a host that assigns null would not
// compile there, so it must not compile here.
#nullable disable warnings

namespace Cake.Docker;

/// <summary>Options of <c>image build</c>.</summary>
public sealed class DockerImageBuildSettings : AutoToolSettings
{
    public string[] AddHost { get; set; }

    public string[] BuildArg { get; set; }

    public string[] CacheFrom { get; set; }

    public string File { get; set; }

    public bool? ForceRm { get; set; }

    public string Iidfile { get; set; }

    public string Isolation { get; set; }

    public string[] Label { get; set; }

    public string Memory { get; set; }

    public string Network { get; set; }

    public bool? NoCache { get; set; }

    public string Platform { get; set; }

    public string Progress { get; set; }

    public bool? Pull { get; set; }

    public bool? Quiet { get; set; }

    [AutoProperty(Format = "--{0}={1}")]
    public bool? Rm { get; set; }

    public string[] SecurityOpt { get; set; }

    public string ShmSize { get; set; }

    public bool? Squash { get; set; }

    public string[] Tag { get; set; }

    public string Target { get; set; }

    public string[] Ulimit { get; set; }
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

/// <summary>Options of <c>load</c>.</summary>
public sealed class DockerImageLoadSettings : AutoToolSettings
{
    public string Input { get; set; }

    public bool? Quiet { get; set; }
}

/// <summary>Options of <c>image ls</c>.</summary>
public sealed class DockerImageLsSettings : AutoToolSettings
{
    public bool All { get; set; }

    public bool Digests { get; set; }

    public string Format { get; set; }

    public string Filter { get; set; }

    public bool NoTrunc { get; set; }

    public bool Quiet { get; set; }
}

/// <summary>Options of <c>pull</c>.</summary>
public sealed class DockerImagePullSettings : AutoToolSettings
{
    public bool? AllTags { get; set; }

    public string Platform { get; set; }
}

/// <summary>Options of <c>rmi</c>.</summary>
public sealed class DockerImageRemoveSettings : AutoToolSettings
{
    public bool? Force { get; set; }

    public bool? NoPrune { get; set; }
}

/// <summary>Options of <c>save</c>.</summary>
public sealed class DockerImageSaveSettings : AutoToolSettings
{
    public string Output { get; set; }
}

/// <summary><c>tag</c> has no options.</summary>
public sealed class DockerImageTagSettings : AutoToolSettings;

/// <summary>For a command without an alias of its own; its options are part of the command.</summary>
public sealed class DockerCustomCommandSettings : AutoToolSettings;
