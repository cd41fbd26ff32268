using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Pins;

namespace Gfxbake.Host.Tools.Upstream;

/// <summary>
/// Reads the listings and archives of web servers. A redirect is an error: what is pinned comes from the address in the recipe.
/// </summary>
internal sealed class UpstreamWeb(BuildContext context) : IDisposable
{
    private const int LargestPage = 16 << 20,
        LargestChecksum = 4096,
        Digits = 64,
        Buffer = 1 << 20;

    // The largest TheRock tarball has 13 GB unpacked and less than 3 GB packed.
    private const long LargestArchive = 20L << 30;

    private const int Tries = 3;

    private static readonly TimeSpan PageTime = TimeSpan.FromSeconds(60);

    private readonly HttpClient http = Client();
    private readonly Dictionary<string, IReadOnlyList<string>> pages = new(StringComparer.Ordinal);

    /// <summary>The names that a page lists; each page is asked once.</summary>
    /// <exception cref="HttpRequestException">It can't be read.</exception>
    public IReadOnlyList<string> Names(string index)
    {
        if (!pages.TryGetValue(index, out var names))
            pages[index] = names = [.. UpstreamNames.InPage(Encoding.UTF8.GetString(Fetch(new Uri(index), LargestPage)))];
        return names;
    }

    /// <summary>An archive's SHA-256: from a checksum file in the same listing, or else by reading the archive.</summary>
    /// <exception cref="HttpRequestException">It can't be read.</exception>
    public string Sha256(string index, string file)
    {
        var address = new Uri(new Uri(index), file);
        if (Names(index).FirstOrDefault(n => n == file + ".sha256sum" || n == file + ".sha256") is not { } beside)
            return OfArchive(address);
        var text = Encoding.UTF8.GetString(Fetch(new Uri(new Uri(index), beside), LargestChecksum));
        var digest = text.Length < Digits ? "" : text[..Digits].ToLowerInvariant();
        return UpstreamNames.IsHex(digest, Digits)
            ? digest
            : throw new HttpRequestException($"{beside} does not start with {Digits} hexadecimal digits");
    }

    public void Dispose() => http.Dispose();

    private string OfArchive(Uri address) =>
        Again(
            address,
            () =>
            {
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                using var response = Open(address);
                var length = response.Content.Headers.ContentLength;
                if (length > LargestArchive)
                    throw new InvalidDataException($"it has {length} bytes, more than the {LargestArchive} that are read");
                Transfer.Run("reading " + address.Segments[^1], length ?? 0, progress => Hash(response, hash, length, progress));
                return Convert.ToHexStringLower(hash.GetHashAndReset());
            }
        );

    private void Hash(HttpResponseMessage response, IncrementalHash hash, long? length, IProgress<long> progress)
    {
        using var stream = response.Content.ReadAsStream();
        var buffer = new byte[Buffer];
        long sum = 0;
        for (
            int count;
            (count = stream.ReadAsync(buffer, context.Interruption.Token).AsTask().WaitAsync(PageTime).GetAwaiter().GetResult()) > 0;
            progress.Report(sum)
        )
        {
            hash.AppendData(buffer, 0, count);
            if ((sum += count) > LargestArchive)
                throw new InvalidDataException($"it has more than the {LargestArchive} bytes that are read");
        }

        if (length is { } all && all != sum)
            throw new HttpRequestException($"it ends after {sum} of {all} bytes");
    }

    private byte[] Fetch(Uri address, int most) =>
        Again(
            address,
            () =>
            {
                using var response = Open(address);
                using var stream = response.Content.ReadAsStream();
                using var text = new MemoryStream();
                var buffer = new byte[1 << 16];
                for (
                    int count;
                    (count = stream.ReadAsync(buffer, context.Interruption.Token).AsTask().WaitAsync(PageTime).GetAwaiter().GetResult())
                        > 0;

                )
                {
                    text.Write(buffer, 0, count);
                    if (text.Length > most)
                        throw new InvalidDataException($"it has more than the {most} bytes that are read");
                }

                return text.ToArray();
            }
        );

    private HttpResponseMessage Open(Uri address)
    {
        if (!UpstreamWatch.IsTrusted(address))
            throw new InvalidDataException("it is no https address");
        var response = http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, context.Interruption.Token)
            .WaitAsync(PageTime)
            .GetAwaiter()
            .GetResult();
        if (response.StatusCode == HttpStatusCode.OK)
            return response;
        using (response)
        {
            throw RefusedException.Of(
                response,
                response.Headers.Location is { } other
                    ? $"it answers {(int)response.StatusCode} and points to {new Uri(address, other)}; "
                        + "when that is right, correct the recipe"
                    : $"it answers {(int)response.StatusCode}"
            );
        }
    }

    private T Again<T>(Uri address, Func<T> read)
    {
        try
        {
            return new Retry(context) { Tries = Tries }.Run(address.ToString(), read);
        }
        catch (TimeoutException)
        {
            throw new HttpRequestException($"it does not answer within {PageTime.TotalSeconds:N0} s");
        }
    }

    private static HttpClient Client()
    {
        var client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                ConnectTimeout = TimeSpan.FromSeconds(20),
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("gfxbake/" + new ProjectVersion().GetVersion());
        return client;
    }
}
