using System.Security.Cryptography;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Bench;
using Gfxbake.Pipeline.Serving;

namespace Gfxbake.Host.Measuring;

/// <summary>Names a model by the content of its files, wherever they lie.</summary>
public static class ModelDigest
{
    // Below it nobody waits for the digest.
    private const long Large = 5_000_000_000;

    /// <param name="files">The model's.</param>
    /// <param name="say">Told once where it takes a while.</param>
    /// <param name="cancellation">Looked at between two blocks.</param>
    public static BenchModel Of(ModelFiles files, Action<string> say, CancellationToken cancellation)
    {
        var name = Path.GetFileNameWithoutExtension(files.Path);
        if (files.Bytes > Large)
            say($"Reading {name} for its digest: {SizeText.Of(files.Bytes)}");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (buffer, bytes) = (new byte[1 << 20], 0L);
        foreach (var part in files.Parts)
        {
            using var stream = File.OpenRead(part);
            for (int read; (read = stream.Read(buffer)) > 0; bytes += read)
            {
                cancellation.ThrowIfCancellationRequested();
                hash.AppendData(buffer.AsSpan(0, read));
            }
        }

        return new(PlainText.Visible(name), "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
    }
}
