using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Serving;

/// <summary>
/// A program of an image as it runs on a machine, and all that it gets of it. Commands, units and compose files are written from it; none
/// of them adds a right of its own.
/// </summary>
public sealed record ProgramRun
{
    /// <summary>Name or id.</summary>
    public required string Image { get; init; }

    /// <summary>A program of the image; null: what the image starts by itself.</summary>
    public string? Program { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Beside the image's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<Mount> Mounts { get; init; } = [];

    /// <summary>Whether what is mounted gets the label that containers may read: SELinux would keep them out.</summary>
    public bool Relabels { get; init; }

    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];

    /// <summary>Whether it reaches a network; without one it reaches nothing, and nothing reaches it.</summary>
    public bool HasNetwork { get; init; } = true;

    /// <summary>Device nodes of the machine, the same in the container.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Groups by number: the image's have other numbers than the machine's of the same name.</summary>
    public IReadOnlyList<uint> Groups { get; init; } = [];

    /// <summary>Whether it keeps the groups of who starts it, instead of getting those above (rootless podman with crun).</summary>
    public bool KeepsGroups { get; init; }

    /// <summary>What is taken from it.</summary>
    public IReadOnlyList<string> DroppedCapabilities { get; init; } = ["all"];

    public IReadOnlyList<string> SecurityOptions { get; init; } = ["no-new-privileges"];

    /// <summary>Whether it reads what is typed or piped into it.</summary>
    public bool ReadsInput { get; init; }

    /// <summary>Whether a person sits at a terminal.</summary>
    public bool HasTerminal { get; init; }
}

/// <summary>A port of the image on the machine.</summary>
/// <param name="Address">The machine's; the loopback unless somebody wants it otherwise.</param>
/// <param name="Host">The machine's port.</param>
/// <param name="Image">The image's.</param>
public sealed record PublishedPort(string Address, int Host, int Image)
{
    public const string Loopback = "127.0.0.1";
}
