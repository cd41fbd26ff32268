namespace Gfxbake.Formats.Offload;

/// <summary>How the bundles of a rewritten library are stored.</summary>
public enum OffloadForm
{
    /// <summary>Libraries stay as they are.</summary>
    None,

    /// <summary>As they were: plain stays plain, compressed stays compressed.</summary>
    Slim,

    /// <summary>All plain: nothing is unpacked when the library is loaded.</summary>
    Raw,

    /// <summary>All compressed: the smallest file. The HIP that loads it must know the form.</summary>
    Compress,
}
