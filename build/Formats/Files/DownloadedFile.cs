namespace Gfxbake.Formats.Files;

/// <summary>A file that may arrive in several goes and gets its name only when its SHA-256 is the wanted one.</summary>
/// <param name="path">Where it will lie; what has come so far lies beside it, under <see cref="PartEnding"/>.</param>
/// <param name="sha256">Its digest, 64 hex digits in small letters.</param>
/// <param name="most">Bytes after which the sender is not believed any more.</param>
public sealed class DownloadedFile(string path, string sha256, long most)
{
    /// <summary>Not the ending that is swept after an interruption: what has come is gone on with.</summary>
    public const string PartEnding = ".part";

    private const int BufferSize = 1 << 18;

    private readonly string part = path + PartEnding;

    public string Path => path;

    /// <summary>Bytes of an earlier go.</summary>
    public long Have => File.Exists(part) ? new FileInfo(part).Length : 0;

    /// <summary>Whether the file lies there under its name.</summary>
    /// <exception cref="DownloadException">It does, with another content.</exception>
    public bool IsThere()
    {
        if (!File.Exists(path))
            return false;
        var actual = Fingerprint.Sha256OfFile(path);
        return actual == sha256
            ? true
            : throw new DownloadException($"{path} has the SHA-256 {actual}, not {sha256}: it was changed or is another file");
    }

    /// <summary>Adds what a stream gives.</summary>
    /// <param name="from">The sender; read to its end.</param>
    /// <param name="at">Where its first byte belongs; bytes from there on are replaced.</param>
    /// <param name="progress">Gets the bytes so far.</param>
    /// <param name="cancellation">Ends it; what has come stays.</param>
    /// <exception cref="DownloadException">More comes than may.</exception>
    public async Task Append(Stream from, long at, IProgress<long> progress, CancellationToken cancellation)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        await using var to = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        to.SetLength(Math.Min(to.Length, at));
        to.Position = to.Length;
        if (to.Position != at)
            throw new DownloadException($"byte {at} was sent first, but only {to.Length} are there");
        var buffer = new byte[BufferSize];
        while (await from.ReadAsync(buffer, cancellation) is > 0 and var count)
        {
            if (to.Position + count > most)
                throw new DownloadException($"more than {most} bytes came");
            await to.WriteAsync(buffer.AsMemory(0, count), cancellation);
            progress.Report(to.Position);
        }
    }

    /// <summary>Gives the file its name if it is the wanted one.</summary>
    /// <returns>Null, or the digest of what came instead; then nothing of it stays.</returns>
    public string? Finish()
    {
        var actual = Fingerprint.Sha256OfFile(part);
        if (actual != sha256)
        {
            Forget();
            return actual;
        }

        using (var written = new FileStream(part, FileMode.Open, FileAccess.ReadWrite))
            written.Flush(flushToDisk: true);
        File.Move(part, path, overwrite: true);
        return null;
    }

    /// <summary>Deletes what came so far.</summary>
    public void Forget() => File.Delete(part);
}

/// <summary>A download that can't be used.</summary>
public sealed class DownloadException(string message) : Exception(message);
