using System.Security.Cryptography;
using System.Text;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Workloads;

/// <summary>Talks to a server in a container over its published port, as a user's client would, then asks it to end.</summary>
public sealed class ServerProbe(BuildContext context, ContainerRun run, Serve serve, TimeSpan limit)
{
    private const int MostBody = 16 << 20;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    public sealed record Outcome(IReadOnlyList<HttpAnswer> Answers, string? Failure);

    public Outcome Run(bool traced)
    {
        // The server is on this machine's loopback: no proxy can reach it, and its program may not send the build elsewhere.
        using var handler = new HttpClientHandler { UseProxy = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { Timeout = limit, MaxResponseContentBufferSize = MostBody };
        var answers = new List<HttpAnswer>();
        if (Address() is not { } address)
            return new(answers, "the server ended before its port was published");
        if (!Ready(client, address))
        {
            return new(
                answers,
                run.HasExited
                    ? $"the server ended before {serve.Ready} answered with success"
                    : $"{serve.Ready} did not answer with success within {limit.TotalSeconds:F0} s"
            );
        }

        foreach (var request in serve.Requests)
            answers.Add(Ask(client, address, request));
        var failure = serve.Healthcheck ? Healthcheck() : null;
        Stop(traced);
        return new(answers, failure);
    }

    private Uri? Address()
    {
        for (var end = DateTime.UtcNow + limit; DateTime.UtcNow < end && !run.HasExited; context.Interruption.Sleep(Poll))
        {
            try
            {
                if (context.EngineCommand("port", run.Name, $"{serve.Port}/tcp").FirstOrDefault(l => l.Contains(':')) is { } line)
                    return new Uri("http://" + line.Trim());
            }
            catch (EngineException)
            {
                // Not created yet: the run command has only just begun.
            }
        }

        return null;
    }

    private bool Ready(HttpClient client, Uri address)
    {
        for (var end = DateTime.UtcNow + limit; DateTime.UtcNow < end && !run.HasExited; context.Interruption.Sleep(Poll))
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
            if (request.Form.Count > 0)
                message.Content = FormContent.Of(request.Form, context.Paths.Models);
            using var response = client.Send(message);
            return new(
                WorkloadCheck.Name(request),
                (int)response.StatusCode,
                Text(response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult())
            );
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return new(WorkloadCheck.Name(request), 0, exception.Message);
        }
    }

    /// <summary>Large or binary bodies are kept as their digest: the web UI alone is megabytes.</summary>
    private static string Text(byte[] body)
    {
        const int shown = 1 << 16;
        return body.Length > shown || body.AsSpan().Contains((byte)0)
            ? $"{Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 512)))}\nsha256:{Convert.ToHexStringLower(SHA256.HashData(body))}"
            : Encoding.UTF8.GetString(body);
    }

    private string? Healthcheck()
    {
        if (context.Recipe.Image.Healthcheck is not { } check)
            return "the recipe's image has no healthcheck to try";
        try
        {
            context.EngineCommand(limit, ["exec", run.Name, .. check.Command]);
            return null;
        }
        catch (TimeoutException)
        {
            return $"the image's health check did not end within {limit.TotalSeconds:F0} s";
        }
        catch (EngineException exception)
        {
            return $"the image's health check failed: {exception.Message}";
        }
    }

    private void Stop(bool traced)
    {
        try
        {
            // strace, the first process of a traced container, blocks signals; the server below it takes them.
            if (traced)
                context.EngineCommand("exec", run.Name, "/bin/sh", "-c", "kill -INT -1");
            else
                context.EngineCommand("kill", "--signal", "INT", run.Name);
        }
        catch (EngineException)
        {
            // A server that crashed is gone: its exit status tells. One that is still there runs into the time limit.
        }
    }
}
