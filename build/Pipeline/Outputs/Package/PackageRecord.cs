using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>package-FORMAT.json: a package that was built, installed, removed and run.</summary>
public sealed record PackageRecord : StepRecord
{
    /// <summary>Name below the folder packages/.</summary>
    public required string File { get; init; }

    public required long Bytes { get; init; }

    public required string Sha256 { get; init; }

    /// <summary>Sum of the sizes of the files that it installs.</summary>
    public required long InstalledBytes { get; init; }

    /// <summary>Where it was built: "pulled NAME@DIGEST" or "bootstrapped SUITE".</summary>
    public required string Builder { get; init; }

    /// <summary>What the installation in the alternate root proved, a line each.</summary>
    public required IReadOnlyList<string> Proven { get; init; }

    /// <summary>The recipe's workloads, run with the installed programs.</summary>
    public required IReadOnlyList<WorkloadVerdict> Workloads { get; init; }
}
