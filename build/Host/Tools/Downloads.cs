using System.Net;
using System.Net.Http.Headers;
using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tools;

/// <summary>Fetches a recipe's archive once, goes on after an interruption, and gives nothing whose SHA-256 is not the recipe's.</summary>
public sealed class Downloads(BuildContext context)
{
    private const long Most = 32L << 30;
    private const int MostRedirects = 5;
    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(30),
        Silence = TimeSpan.FromSeconds(60),
        FirstWait = TimeSpan.FromSeconds(2);

    /// <summary>Whether the progress of each file is left out: several come at a time.</summary>
    public bool Quiet { get; init; }

    /// <summary>The file below recipes/ that names the address and the digest; null: the recipe itself.</summary>
    public string? Lock { get; init; }

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
            throw new CakeException($"{archive.Url}: {exception.Message}\nNext: correct {Where}.");
        }
        catch (FailedDownload failed)
        {
            throw new CakeException(
                $"{failed.Message}\nNext: {failed.Next}, or put the file at {context.Paths.Show(file.Path)} yourself; "
                    + $"its SHA-256 is {archive.Sha256}."
            );
        }

        return file.Path;
    }

    private string Where => Lock is null ? "archive.url of the recipe" : $"its line in recipes/{Lock}";

    private void Show(string what, long bytes, Action<IProgress<long>> work)
    {
        if (Quiet)
            work(new Progress<long>());
        else
            Transfer.Run(what, bytes, work);
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
            Lock is null
                ? "find out why it changed, then correct archive.url and archive.sha256 in "
                    + $"recipes/{context.Recipe.Name}/recipe.yml together"
                : $"find out why it changed, then correct its line in recipes/{Lock}"
        );
    }

    private void Receive(Uri address, DownloadedFile file)
    {
        if (address.IsFile)
        {
            if (!File.Exists(address.LocalPath))
                throw new FailedDownload($"{address.LocalPath} is not there", $"correct {Where}");
            using var local = File.OpenRead(address.LocalPath);
            Show(
                Path.GetFileName(address.LocalPath),
                local.Length,
                progress => file.Append(local, 0, progress, context.Interruption.Token).GetAwaiter().GetResult()
            );
            return;
        }

        using var handler = new SocketsHttpHandler { ConnectTimeout = Connecting, MaxAutomaticRedirections = MostRedirects };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("gfxbake");
        try
        {
            new Retry(context) { FirstWait = FirstWait }.Run(address.ToString(), () => Try(client, address, file));
        }
        catch (RefusedException refused)
        {
            throw Explain(refused);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException && !DiskFull.Caused(exception) && !context.Interruption.Requested)
        {
            throw new FailedDownload(
                $"{address} could not be downloaded in {Retry.MostTries} attempts: "
                    + $"{exception.InnerException?.Message ?? exception.Message}; {file.Have / 1e6:N1} MB have come",
                "check the network, then run the same command again: it goes on where it stopped"
            );
        }
    }

    /// <summary>One attempt; true when everything came.</summary>
    private bool Try(HttpClient client, Uri address, DownloadedFile file)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(context.Interruption.Token);
        silence.CancelAfter(Silence);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (file.Have > 0)
                request.Headers.Range = new RangeHeaderValue(file.Have, null);
            using var response = client.Send(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
            if (response.IsSuccessStatusCode)
                Take(response, file, silence);
            else if (response.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable)
                throw RefusedException.Of(response, $"{address} answered {(int)response.StatusCode} {response.ReasonPhrase}");
            // Nothing is missing, or there was too much; the checksum tells.
            else if (response.Content.Headers.ContentRange?.Length != file.Have)
                throw Useless(file);
            return true;
        }
        catch (OperationCanceledException) when (!context.Interruption.Requested)
        {
            throw new IOException($"nothing came for {Silence.TotalSeconds:F0} s");
        }
    }

    private static HttpRequestException Useless(DownloadedFile file)
    {
        file.Forget();
        return new HttpRequestException("what an earlier run got is not of this file");
    }

    private void Take(HttpResponseMessage response, DownloadedFile file, CancellationTokenSource silence)
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
                $"correct {Where}"
            );
        }

        using var stream = response.Content.ReadAsStream(silence.Token);
        Show(
            Path.GetFileName(response.RequestMessage!.RequestUri!.LocalPath),
            all,
            progress => file.Append(stream, at, new Heard(progress, silence), silence.Token).GetAwaiter().GetResult()
        );
        if (all > 0 && file.Have < all)
            throw new HttpRequestException($"the connection ended after {file.Have} of {all} bytes");
    }

    private FailedDownload Explain(RefusedException refused) =>
        refused switch
        {
            { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.Gone } => new(
                refused.Message + ": the file is not there (any more)",
                Lock is null ? "take a newer archive.url with its archive.sha256 into the recipe" : $"write recipes/{Lock} anew"
            ),
            { Wait: { } wait } when wait > Retry.LongestWait => new(
                $"{refused.Message} and asks to be left alone for {wait.TotalMinutes:N0} minutes",
                "run the same command again then: it goes on where it stopped"
            ),
            _ when Retry.MayPass(refused) => new(
                $"{refused.Message}, {Retry.MostTries} times",
                "wait, then run the same command again: it goes on where it stopped"
            ),
            _ => new(refused.Message, $"correct {Where}"),
        };

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
