using System.Diagnostics;

namespace Gfxbake.Host.Tests.Browser;

/// <summary>A headless Chromium with a profile of its own, driven over the DevTools protocol.</summary>
internal sealed class Chromium : IDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser"];

    private static readonly string[] Flags =
    [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-sync",
        "--remote-debugging-port=0",
        "--window-size=1280,900",
        "about:blank",
    ];

    private readonly string profile = Directory.CreateTempSubdirectory("gfxbake-chromium-").FullName;
    private readonly Process process;

    private Chromium(string program)
    {
        var info = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true };
        info.ArgumentList.Add("--user-data-dir=" + profile);
        foreach (var flag in Flags)
            info.ArgumentList.Add(flag);
        process = Process.Start(info)!;
        // A pipe that nobody reads fills up, and the browser stands still.
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public static Chromium Start()
    {
        var program = Environment
            .GetEnvironmentVariable("PATH")!
            .Split(':')
            .SelectMany(d => Names.Select(n => Path.Combine(d, n)))
            .FirstOrDefault(File.Exists);
        if (program is null)
        {
            Assert.Fail(
                "chromium is missing: apt-get install --yes --no-install-recommends chromium, or ./build.sh --target=Test --provision"
            );
        }

        return new Chromium(program!);
    }

    /// <summary>Opens an empty page.</summary>
    public async Task<BrowserPage> OpenPage()
    {
        var file = Path.Combine(profile, "DevToolsActivePort");
        for (var patience = Stopwatch.StartNew(); !File.Exists(file) || (await File.ReadAllLinesAsync(file)).Length < 2; )
        {
            if (process.HasExited)
                Assert.Fail($"chromium ended with status {process.ExitCode} before it listened");
            if (patience.Elapsed > TimeSpan.FromSeconds(60))
                Assert.Fail("chromium did not listen within a minute");
            await Task.Delay(50);
        }

        var port = (await File.ReadAllLinesAsync(file))[0];
        using var http = new HttpClient();
        using var answer = await http.PutAsync($"http://127.0.0.1:{port}/json/new?about:blank", null);
        using var target = System.Text.Json.JsonDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        return await BrowserPage.Connect(new Uri(target.RootElement.GetProperty("webSocketDebuggerUrl").GetString()!));
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        for (var attempt = 0; Directory.Exists(profile) && attempt < 20; attempt++)
        {
            try
            {
                Directory.Delete(profile, recursive: true);
            }
            catch (IOException)
            {
                // Its helper processes end a little later than it does.
                Thread.Sleep(100);
            }
        }
    }
}
