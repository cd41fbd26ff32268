using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gfxbake.Host.Tests.Browser;

/// <summary>One page of a browser; remembers what went wrong in it and what it asked for.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> waiting = new();
    private readonly ConcurrentQueue<string> problems = new();
    private readonly ConcurrentQueue<string> requests = new();
    private int last;

    private BrowserPage() { }

    /// <summary>Messages on the console but for plain logs, exceptions and what the policy blocked.</summary>
    public IReadOnlyCollection<string> Problems => problems;

    /// <summary>Addresses that the page asked for.</summary>
    public IReadOnlyCollection<string> Requests => requests;

    public static async Task<BrowserPage> Connect(Uri address)
    {
        var page = new BrowserPage();
        await page.socket.ConnectAsync(address, CancellationToken.None);
        _ = Task.Run(page.Listen);
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" })
            await page.Send(domain + ".enable");
        return page;
    }

    public async Task<JsonNode> Send(string method, object? parameters = null)
    {
        var id = Interlocked.Increment(ref last);
        var answer = waiting.GetOrAdd(id, _ => new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously));
        await socket.SendAsync(
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    id,
                    method,
                    @params = parameters ?? new { },
                }
            ),
            WebSocketMessageType.Text,
            true,
            CancellationToken.None
        );
        var message = await answer.Task.WaitAsync(Patience);
        return message["error"] is { } error ? throw new InvalidOperationException($"{method}: {error}") : message["result"]!;
    }

    /// <summary>Value of a script's last expression; a promise is waited for.</summary>
    public async Task<T> Evaluate<T>(string script)
    {
        var result = await Send(
            "Runtime.evaluate",
            new
            {
                expression = script,
                awaitPromise = true,
                returnByValue = true,
            }
        );
        if (result["exceptionDetails"] is { } error)
            throw new InvalidOperationException($"{script}: {error}");
        return result["result"]!["value"] is { } value
            ? value.GetValue<T>()
            : throw new InvalidOperationException($"{script} has no value");
    }

    /// <summary>Opens a report and waits until it is drawn.</summary>
    public async Task Open(string file)
    {
        await Send("Page.navigate", new { url = new Uri(file).AbsoluteUri });
        await Until("document.documentElement?.dataset.rendered === 'true'");
    }

    public async Task Until(string condition)
    {
        for (var time = Stopwatch.StartNew(); !await Holds(condition); await Task.Delay(10))
        {
            if (time.Elapsed > Patience)
                Assert.Fail($"after {Patience.TotalSeconds:0} s still not: {condition}");
        }
    }

    private async Task<bool> Holds(string condition)
    {
        try
        {
            return await Evaluate<bool>(condition);
        }
        catch (InvalidOperationException)
        {
            // The page that was asked is just being replaced by the next one.
            return false;
        }
    }

    /// <summary>Presses and releases a key, as a person's keyboard does.</summary>
    public async Task Press(string key)
    {
        var (code, text) = key switch
        {
            "Enter" => (13, "\r"),
            "Escape" => (27, ""),
            "Tab" => (9, ""),
            "ArrowRight" => (39, ""),
            "ArrowDown" => (40, ""),
            "End" => (35, ""),
            _ => (0, key),
        };
        await Send(
            "Input.dispatchKeyEvent",
            new
            {
                type = text.Length > 0 ? "keyDown" : "rawKeyDown",
                key,
                code = key,
                windowsVirtualKeyCode = code,
                text,
            }
        );
        await Send(
            "Input.dispatchKeyEvent",
            new
            {
                type = "keyUp",
                key,
                code = key,
                windowsVirtualKeyCode = code,
            }
        );
    }

    /// <summary>Clicks the middle of the first element that fits.</summary>
    public async Task Click(string selector)
    {
        var at = await Evaluate<string>(
            $"(() => {{ const e = document.querySelector('{selector}'); e.scrollIntoView({{ block: 'center' }}); "
                + $"const r = e.getBoundingClientRect(); return (r.x + r.width / 2) + ' ' + (r.y + Math.min(r.height / 2, 10)); }})()"
        );
        var (x, y) = (double.Parse(at.Split(' ')[0]), double.Parse(at.Split(' ')[1]));
        foreach (var type in new[] { "mousePressed", "mouseReleased" })
        {
            await Send(
                "Input.dispatchMouseEvent",
                new
                {
                    type,
                    x,
                    y,
                    button = "left",
                    clickCount = 1,
                }
            );
        }
    }

    public Task Resize(int width, int height) =>
        Send(
            "Emulation.setDeviceMetricsOverride",
            new
            {
                width,
                height,
                deviceScaleFactor = 1,
                mobile = width < 600,
            }
        );

    public Task Scheme(string name) =>
        Send("Emulation.setEmulatedMedia", new { features = new[] { new { name = "prefers-color-scheme", value = name } } });

    private async Task Listen()
    {
        var buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        while (socket.State == WebSocketState.Open)
        {
            var part = await socket.ReceiveAsync(buffer, CancellationToken.None);
            message.Write(buffer, 0, part.Count);
            if (!part.EndOfMessage)
                continue;
            Take(JsonNode.Parse(message.ToArray())!);
            message.SetLength(0);
        }
    }

    private void Take(JsonNode message)
    {
        if (message["id"] is { } id)
        {
            if (waiting.TryRemove(id.GetValue<int>(), out var answer))
                answer.SetResult(message);
            return;
        }

        var (method, parameters) = (message["method"]!.GetValue<string>(), message["params"]!);
        if (
            method == "Runtime.exceptionThrown"
            || method == "Log.entryAdded"
            || (method == "Runtime.consoleAPICalled" && parameters["type"]!.GetValue<string>() != "log")
        )
        {
            problems.Enqueue($"{method}: {parameters.ToJsonString()}");
        }

        if (method == "Network.requestWillBeSent")
            requests.Enqueue(parameters["request"]!["url"]!.GetValue<string>());
    }

    public async ValueTask DisposeAsync()
    {
        await Send("Page.close");
        socket.Dispose();
    }
}
