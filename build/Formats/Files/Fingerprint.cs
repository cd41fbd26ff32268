using System.Security.Cryptography;
using System.Text.Json;

namespace Gfxbake.Formats.Files;

/// <summary>Names for contents: the first 32 hex digits of a SHA-256, where nothing else is said.</summary>
public static class Fingerprint
{
    private const int Digits = 32;

    /// <summary>Of any data, by its JSON form.</summary>
    public static string Of<T>(T value) => Short(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(value, RecordFile.Options)));

    /// <summary>Of a file's bytes.</summary>
    public static string OfFile(string path) => Sha256OfFile(path)[..Digits];

    /// <summary>All 64 hex digits, as lock files and packages have them.</summary>
    public static string Sha256OfFile(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Names of the files directly in a folder, sorted; none when there is no folder.</summary>
    public static IReadOnlyList<string> FilesOf(string folder) =>
        Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>Of the files directly in a folder, names and bytes.</summary>
    public static string OfFolder(string folder) =>
        Of(FilesOf(folder).Select(f => (Name: f, Bytes: OfFile(Path.Combine(folder, f)))).ToDictionary(f => f.Name, f => f.Bytes));

    /// <summary>Of all files below a folder, paths and bytes; links and empty folders do not count.</summary>
    public static string OfTree(string folder) =>
        Of(
            Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(f => new FileInfo(f).LinkTarget is null)
                .OrderBy(f => f, StringComparer.Ordinal)
                .Select(f => new[] { Path.GetRelativePath(folder, f), OfFile(f) })
        );

    /// <summary>One digest for a list of digests, as sha256 over their lines.</summary>
    public static string OfDigests(IEnumerable<string> digests) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(string.Join('\n', digests))));

    private static string Short(byte[] hash) => Convert.ToHexStringLower(hash)[..Digits];
}
