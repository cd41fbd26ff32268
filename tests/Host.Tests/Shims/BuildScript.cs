using System.Diagnostics;

namespace Gfxbake.Host.Tests.Shims;

/// <summary>What one start of build.sh gave.</summary>
internal sealed record ScriptResult(int ExitCode, string Out, string Error);

/// <summary>A copy of build.sh in a directory with a space in its name, over a dotnet that only notes what it is asked.</summary>
internal sealed class BuildScript : IDisposable
{
    private const string FakeDotnet = """
        #!/usr/bin/env bash
        case $1 in
          --version) [[ ${FAKE_SDK:-yes} == yes ]]; exit ;;
          restore)
            echo restore >> "$FAKE_LOG"
            case ${FAKE_FEED:-lacks} in
              has) exit 0 ;;
              lacks) echo "error NU1101: Unable to find package Cake.Frosting."; exit 1 ;;
              lacks-docker) echo "error NU1102: Unable to find package Cake.Docker with version (>= 1.5.0)"; exit 1 ;;
              *) echo "error NU1301: Unable to load the service index."; exit 1 ;;
            esac ;;
          build)
            echo "build ${*: -7}" >> "$FAKE_LOG"
            sleep "${FAKE_DELAY:-0}"
            [[ -z ${FAKE_ERROR:-} ]] || { echo "$FAKE_ERROR"; exit 1; }
            while [[ $1 != -o ]]; do shift; done
            mkdir -p "$2"; : > "$2/Gfxbake.Build.dll" ;;
          exec) shift 2; [[ -z ${FAKE_CALLER:-} ]] || printf 'caller=%s ' "$GFXBAKE_CALLER"; printf '<%s>' "$@"; exit "${FAKE_EXIT:-0}" ;;
        esac
        """;

    private const string FakeCurl = """
        #!/usr/bin/env bash
        [[ ${FAKE_NETWORK:-down} == up ]] || exit 6
        while [[ $1 != -o ]]; do shift; done
        cat > "$2" <<'SCRIPT'
        while [[ $1 != --install-dir ]]; do shift; done
        mkdir -p "$2"
        sed 's/FAKE_SDK:-yes/UNUSED:-yes/' "$FAKE_SOURCE" > "$2/dotnet"
        chmod +x "$2/dotnet"
        SCRIPT
        """;

    private readonly string _base = Directory.CreateTempSubdirectory("gfxbake-test-").FullName;

    public BuildScript()
    {
        Root = Path.Combine(_base, "a checkout");
        Directory.CreateDirectory(Path.Combine(Root, "build", "Host"));
        Directory.CreateDirectory(Path.Combine(_base, "bin"));
        File.Copy(Path.Combine(Repository(), "build.sh"), Path.Combine(Root, "build.sh"));
        File.WriteAllText(SourceFile, "// source");
        File.WriteAllText(Path.Combine(Root, "global.json"), "{}");
        WriteTool("dotnet", FakeDotnet);
        WriteTool("curl", FakeCurl);
        WriteTool("wget", "#!/bin/sh\nexit 4\n");
    }

    public string Root { get; }

    public string SourceFile => Path.Combine(Root, "build", "Host", "Program.cs");

    public string Answer => Path.Combine(Root, "artifacts", "dotnet", "cake-packages");

    public Dictionary<string, string> Variables { get; } = [];

    private string LogFile => Path.Combine(_base, "log");

    /// <summary>The dotnet commands that ran, but for <c>--version</c> and <c>exec</c>.</summary>
    public string[] Commands => File.Exists(LogFile) ? [.. File.ReadAllLines(LogFile).Select(line => line.Split(' ')[0])] : [];

    public string Log => File.ReadAllText(LogFile);

    public ScriptResult Run(params string[] args) => RunAsync(args).GetAwaiter().GetResult();

    public Task<ScriptResult> RunAsync(params string[] args) => StartAsync(Path.Combine(Root, "build.sh"), args);

    /// <summary>Starts the script through a link elsewhere, from the root folder.</summary>
    public ScriptResult RunLink(params string[] args)
    {
        var link = Path.Combine(_base, "bin", "gfxbake");
        File.CreateSymbolicLink(link, Path.Combine(Root, "build.sh"));
        return StartAsync(link, args).GetAwaiter().GetResult();
    }

    private async Task<ScriptResult> StartAsync(string script, string[] args)
    {
        var start = new ProcessStartInfo(script, args)
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = $"{Path.Combine(_base, "bin")}:/usr/bin:/bin";
        start.Environment["HOME"] = _base;
        start.Environment["FAKE_LOG"] = LogFile;
        start.Environment["FAKE_SOURCE"] = Path.Combine(_base, "bin", "dotnet");
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ScriptResult(process.ExitCode, await output, await error);
    }

    public void Dispose() => Directory.Delete(_base, recursive: true);

    private static string Repository()
    {
        var at = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(at, "build.sh")))
            at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("build.sh is not above the tests.");

        return at;
    }

    private void WriteTool(string name, string text)
    {
        var path = Path.Combine(_base, "bin", name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
