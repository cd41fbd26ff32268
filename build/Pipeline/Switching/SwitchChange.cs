using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Gfxbake.Pipeline.Switching;

public enum SwitchChangeKind
{
    Folder,
    File,
    Link,
}

/// <summary>One thing that a switch makes. It replaces and removes nothing, so that undoing it is removing what it made.</summary>
public sealed record SwitchChange
{
    public required SwitchChangeKind Kind { get; init; }

    /// <summary>Below the root, without links.</summary>
    public required string Path { get; init; }

    /// <summary>Rights, in octal as people write them.</summary>
    public string? Mode { get; init; }

    /// <summary>Of a file's content.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Where a link leads to.</summary>
    public string? Target { get; init; }

    /// <summary>A file's content; the journal has its digest only.</summary>
    [JsonIgnore]
    public string? Text { get; init; }

    /// <summary>Who owns what is made: who runs the switch.</summary>
    public uint? Owner { get; init; }

    public uint? Group { get; init; }

    public static SwitchChange Folder(string path) =>
        new()
        {
            Kind = SwitchChangeKind.Folder,
            Path = path,
            Mode = "755",
        };

    public static SwitchChange Link(string path, string target) =>
        new()
        {
            Kind = SwitchChangeKind.Link,
            Path = path,
            Target = target,
        };

    public static SwitchChange File(string path, string text, string mode = "644") =>
        new()
        {
            Kind = SwitchChangeKind.File,
            Path = path,
            Mode = mode,
            Text = text,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
        };
}
