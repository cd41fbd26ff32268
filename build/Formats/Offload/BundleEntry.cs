namespace Gfxbake.Formats.Offload;

/// <summary>One entry of an offload bundle.</summary>
/// <param name="Id">As it stands there, for instance "hipv4-amdgcn-amd-amdhsa--gfx1100".</param>
/// <param name="Offset">Bytes from the start of the (uncompressed) bundle to the code object.</param>
/// <param name="Size">Bytes of the code object; 0 for the host's entry.</param>
public sealed record BundleEntry(string Id, long Offset, long Size)
{
    // kind, then the triple's architecture, vendor, system and environment.
    private const int PartsBeforeTarget = 5;

    /// <summary>Null for the host's entry, and for one that names no GPU in a way that is known.</summary>
    public TargetId? Target { get; } =
        Id.Split('-', PartsBeforeTarget + 1) is [var kind, _, _, _, _, var target] && kind != "host" ? TargetId.TryParse(target) : null;

    public bool IsHost => Id.StartsWith("host-", StringComparison.Ordinal);
}
