using System.Text;

namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>An SBOM that was written.</summary>
public static class SbomCheck
{
    // The document's name stands among the first fields of both forms.
    private const int Head = 4096;

    /// <summary>Whether the file lists this very subject: both forms carry a name that follows from it.</summary>
    public static bool IsOf(string path, SbomSubject subject)
    {
        if (!File.Exists(path))
            return false;
        using var stream = File.OpenRead(path);
        var bytes = new byte[Head];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(bytes, 0, length).Contains(SbomNames.Uuid(subject), StringComparison.Ordinal);
    }
}
