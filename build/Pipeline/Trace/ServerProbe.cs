using System.Security.Cryptography;
using System.Text;
using Gfxbake.Pipeline.Numbers;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Trace;

/// <summary>Talks to a server in a container over its published port, as a user's client would, then asks it to end.</summary>
/// <param name="engine">Started the container.</param>
/// <param name="run">The container.</param>
/// <param name="serve">What is asked of the server.</param>
/// <param name="healthcheck">The image's own, if it has one.</param>
/// <param name="models">Folder of the files that requests send.</param>
/// <param name="limit">Time for each request, and until the server answers at all.</param>
public sealed class ServerProbe(IStarter engine, IContainer run, Serve serve, Healthcheck? healthcheck, string models, TimeSpan limit)
{
    private const int MostBody = 16 << 20;

    private const int MostPage = 1 << 16;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    public sealed record Outcome(IReadOnlyList<HttpAnswer> Answers, IReadOnlyList<ClientAnswer> Clients, string? Failure);

    /// <summary>Looks at the server after its last answer.</summary>
    public Action<IContainer>? Look { get; init; }

    public Outcome Run(bool traced)
    {
        // The server is on this machine's loopback: no proxy can reach it, and its program may not send the build elsewhere.
        using var handler = new HttpClientHandler { UseProxy = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { Timeout = limit, MaxResponseContentBufferSize = MostBody };
        var answers = new List<HttpAnswer>();
        if (Address() is not { } address)
            return new(answers, [], "the server ended before its port was published");
        if (!Ready(client, address))
        {
            return new(
                answers,
                [],
                run.HasExited
                    ? $"the server ended before {serve.Ready} answered with success"
                    : $"{serve.Ready} did not answer with success within {limit.TotalSeconds:F0} s"
            );
        }

        foreach (var request in serve.Requests)
            answers.Add(Ask(client, address, request));
        var clients = serve.Clients.Select(Beside).ToList();
        var failure = serve.Healthcheck ? Healthcheck() : null;
        Look?.Invoke(run);
        Stop(traced);
        return new(answers, clients, failure);
    }

    private Uri? Address()
    {
        for (var end = DateTime.UtcNow + limit; DateTime.UtcNow < end && !run.HasExited; engine.Sleep(Poll))
        {
            if (run.Address(serve.Port) is { } address)
                return address;
        }

        return null;
    }

    private bool Ready(HttpClient client, Uri address)
    {
        for (var end = DateTime.UtcNow + limit; DateTime.UtcNow < end && !run.HasExited; engine.Sleep(Poll))
        {
            try
            {
                using var response = client.GetAsync(new Uri(address, serve.Ready)).GetAwaiter().GetResult();
                if (response.IsSuccessStatusCode)
                    return true;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet, or it took the request and says nothing.
            }
        }

        return false;
    }

    private HttpAnswer Ask(HttpClient client, Uri address, HttpProbe request)
    {
        try
        {
            using var message = new HttpRequestMessage(request.IsPost ? HttpMethod.Post : HttpMethod.Get, new Uri(address, request.Path));
            if (request.Json is { } json)
                message.Content = new StringContent(json, Encoding.UTF8, "application/json");
            if (request.Body is { } body)
                message.Content = FormContent.Whole(body, models);
            if (request.Form.Count > 0)
                message.Content = FormContent.Of(request.Form, models);
            using var response = client.Send(message);
            return new(
                WorkloadCheck.Name(request),
                (int)response.StatusCode,
                Text(
                    response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult(),
                    // Numbers of this answer may be compared, also with those of a workload that is not this one.
                    request.Json
                        is null
                        ? MostPage
                        : AnswerJson.MostBytes
                )
            );
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return new(WorkloadCheck.Name(request), 0, exception.Message);
        }
    }

    /// <summary>Large or binary bodies are kept as their digest: the web UI alone is megabytes.</summary>
    private static string Text(byte[] body, int most) =>
        body.Length > most || body.AsSpan().Contains((byte)0)
            ? $"{Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 512)))}\n"
                + $"sha256:{Convert.ToHexStringLower(SHA256.HashData(body))}"
            : Encoding.UTF8.GetString(body);

    private ClientAnswer Beside(ClientProbe client)
    {
        var (output, failure) = Execute(client.Command);
        return new(output, failure);
    }

    private string? Healthcheck()
    {
        if (healthcheck is not { } check)
            return "the recipe's image has no healthcheck to try";
        return Execute(check.Command).Failure is { } failure ? "the image's health check " + failure : null;
    }

    private (string Output, string? Failure) Execute(IReadOnlyList<string> words)
    {
        try
        {
            return (string.Join('\n', run.Execute(limit, words)), null);
        }
        catch (TimeoutException)
        {
            return ("", $"did not end within {limit.TotalSeconds:F0} s");
        }
        catch (EngineException exception)
        {
            return ("", $"failed: {exception.Message}");
        }
    }

    private void Stop(bool traced)
    {
        try
        {
            // strace, the first process of a traced container, blocks signals; the server below it takes them.
            if (traced)
                run.Execute(limit, "/bin/sh", "-c", "kill -INT -1");
            else
                run.Interrupt();
        }
        catch (EngineException)
        {
            // A server that crashed is gone: its exit status tells. One that is still there runs into the time limit.
        }
    }
}
