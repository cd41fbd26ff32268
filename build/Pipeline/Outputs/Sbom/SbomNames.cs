using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>Names and times that follow from the content, so that the same image gives the same document.</summary>
internal static class SbomNames
{
    /// <summary>A UUID of version 8 (RFC 9562) out of the root file system's digest and the image's name.</summary>
    public static string Uuid(SbomSubject subject)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{subject.Image}\n{subject.Version}\n{subject.RootFileSystem}"))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString("d");
    }

    public static string Time(SbomSubject subject) =>
        DateTimeOffset
            .FromUnixTimeSeconds(subject.SourceDateEpoch)
            .UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>An id for a path; names may have any character.</summary>
    public static string OfPath(string path) => "File-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..24];

    /// <summary>An id for a package's name, which dpkg's rules make unique but for '+', which an SPDX id can't have.</summary>
    public static string OfPackage(SbomPackage package) =>
        "Package-"
        + string.Concat(package.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c.ToString() : $".{(int)c:x}."));
}
