using System.Net;
using System.Net.Http.Headers;
using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tools;

/// <summary>Fetches a recipe's archive once, goes on after an interruption, and gives nothing whose SHA-256 is not the recipe's.</summary>
public sealed class Downloads(BuildContext context)
{
    private const long Most = 32L << 30;
    private const int Attempts = 5,
        MostRedirects = 5;
    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(30),
        Silence = TimeSpan.FromSeconds(60),
        MostPatience = TimeSpan.FromSeconds(60);

    /// <summary>Seconds before the second attempt; each later one waits twice as long. Tests wait less.</summary>
    public double FirstWait { get; init; } = 2;

    /// <summary>The file, its content checked.</summary>
    /// <exception cref="CakeException">It can't be had: says why and what to do.</exception>
    public string Get(Archive archive)
    {
        var file = new DownloadedFile(context.Paths.Download(archive.Sha256), archive.Sha256, Most);
        try
        {
            if (!file.IsThere())
                Fetch(new Uri(archive.Url), file, archive);
        }
        catch (DownloadException exception) when (File.Exists(file.Path))
        {
            throw new CakeException($"{exception.Message}\nNext: rm {context.Paths.Show(file.Path)}, then run the same command again.");
        }
        catch (DownloadException exception)
        {
            file.Forget();
            throw new CakeException($"{archive.Url}: {exception.Message}\nNext: correct archive.url of the recipe.");
        }
        catch (FailedDownload failed)
        {
            throw new CakeException(
                $"{failed.Message}\nNext: {failed.Next}, or put the file at {context.Paths.Show(file.Path)} yourself; its SHA-256 is {archive.Sha256}."
            );
        }

        return file.Path;
    }

    private void Fetch(Uri address, DownloadedFile file, Archive archive)
    {
        var resumed = file.Have > 0;
        Receive(address, file);
        if (file.Finish() is not { } actual)
            return;
        // What was gone on with may have been the start of another file.
        if (resumed)
        {
            Receive(address, file);
            if (file.Finish() is not { } again)
                return;
            actual = again;
        }

        throw new FailedDownload(
            $"{archive.Url} is another file than the recipe means: its SHA-256 is {actual}, the recipe says {archive.Sha256}",
            $"find out why it changed, then correct archive.url and archive.sha256 in recipes/{context.Recipe.Name}/recipe.yml together"
        );
    }

    private void Receive(Uri address, DownloadedFile file)
    {
        if (address.IsFile)
        {
            if (!File.Exists(address.LocalPath))
                throw new FailedDownload($"{address.LocalPath} is not there", "correct archive.url of the recipe");
            using var local = File.OpenRead(address.LocalPath);
            Transfer.Run(
                Path.GetFileName(address.LocalPath),
                local.Length,
                progress => file.Append(local, 0, progress, context.Interruption.Token).GetAwaiter().GetResult()
            );
            return;
        }

        using var handler = new SocketsHttpHandler { ConnectTimeout = Connecting, MaxAutomaticRedirections = MostRedirects };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("gfxbake");
        var wait = TimeSpan.FromSeconds(FirstWait);
        for (var attempt = 1; ; attempt++, wait *= 2)
        {
            context.Interruption.ThrowIfRequested();
            if (Try(client, address, file, attempt == Attempts) is not { } asked)
                return;
            context.Interruption.Sleep(asked > wait ? asked : wait);
        }
    }

    /// <summary>One attempt: null when everything came, else how long the server wants to be left alone.</summary>
    private TimeSpan? Try(HttpClient client, Uri address, DownloadedFile file, bool last)
    {
        try
        {
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(context.Interruption.Token);
            silence.CancelAfter(Silence);
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (file.Have > 0)
                request.Headers.Range = new RangeHeaderValue(file.Have, null);
            using var response = client.Send(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                // Nothing is missing, or there was too much; the checksum tells.
                if (response.Content.Headers.ContentRange?.Length == file.Have)
                    return null;
                file.Forget();
                return TimeSpan.Zero;
            }

            if (response.IsSuccessStatusCode)
                return Take(response, file, silence);
            return Refused(address, response, last);
        }
        catch (Exception exception)
            when (!context.Interruption.Requested
                && !DiskFull.Caused(exception)
                && exception is HttpRequestException or IOException or OperationCanceledException
            )
        {
            var why =
                exception is OperationCanceledException
                    ? $"nothing came for {Silence.TotalSeconds:F0} s"
                    : exception.InnerException?.Message ?? exception.Message;
            return last
                ? throw new FailedDownload(
                    $"{address} could not be downloaded in {Attempts} attempts: {why}; {file.Have / 1e6:N1} MB have come",
                    "check the network, then run the same command again: it goes on where it stopped"
                )
                : TimeSpan.Zero;
        }
    }

    private static TimeSpan? Take(HttpResponseMessage response, DownloadedFile file, CancellationTokenSource silence)
    {
        var range = response.Content.Headers.ContentRange;
        var at = response.StatusCode == HttpStatusCode.PartialContent ? range?.From ?? -1 : 0;
        if (at < 0 || at > file.Have)
            throw new HttpRequestException($"the server sent another part than was asked for ({range})");
        var all = range?.Length ?? at + response.Content.Headers.ContentLength ?? 0;
        if (all > Most)
        {
            throw new FailedDownload(
                $"{response.RequestMessage!.RequestUri} has {all / 1e9:N1} GB, more than any such archive",
                "correct archive.url of the recipe"
            );
        }

        using var stream = response.Content.ReadAsStream(silence.Token);
        Transfer.Run(
            Path.GetFileName(response.RequestMessage!.RequestUri!.LocalPath),
            all,
            progress => file.Append(stream, at, new Heard(progress, silence), silence.Token).GetAwaiter().GetResult()
        );
        return all > 0 && file.Have < all ? throw new HttpRequestException($"the connection ended after {file.Have} of {all} bytes") : null;
    }

    private static TimeSpan? Refused(Uri address, HttpResponseMessage response, bool last)
    {
        var status = $"{address} answered {(int)response.StatusCode} {response.ReasonPhrase}";
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            throw new FailedDownload(
                status + ": the file is not there (any more)",
                "take a newer archive.url with its archive.sha256 into the recipe"
            );
        }

        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout) && (int)response.StatusCode < 500)
            throw new FailedDownload(status, "correct archive.url of the recipe");
        if (last)
            throw new FailedDownload($"{status}, {Attempts} times", "wait, then run the same command again: it goes on where it stopped");
        var asked = response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero;
        return asked > MostPatience ? MostPatience : asked;
    }

    private sealed class FailedDownload(string message, string next) : Exception(message)
    {
        public string Next => next;
    }

    /// <summary>Puts the end of patience off each time that something comes.</summary>
    private sealed class Heard(IProgress<long> progress, CancellationTokenSource silence) : IProgress<long>
    {
        public void Report(long value)
        {
            silence.CancelAfter(Silence);
            progress.Report(value);
        }
    }
}
