using Path = System.IO.Path;

namespace Gfxbake.Host.Tests.Fakes;

/// <summary>
/// An engine that is a shell script: a container is a process of this machine that runs the entry point. Each call is logged, so that
/// a test sees what was asked of it.
/// </summary>
internal sealed class ScriptEngine
{
    private const string Script = """
        #!/bin/bash
        state=$(dirname "$0")
        printf '%s\n' "$*" >> "$state/calls"
        alive() { [[ -f $state/$1 ]] && kill -0 "$(cat "$state/$1")" 2>/dev/null; }
        missing() { echo "no container with name $1 found" >&2; exit 125; }
        case $1 in
          --version) echo "script engine 1.0" ;;
          run)
            shift
            while [[ $1 == --* ]]; do
              case $1 in
                --rm|--no-healthcheck) shift; continue ;;
                --name) name=$2 ;;
                --entrypoint) program=$2 ;;
                --volume) [[ $2 != *:/gfxbake-trace:rw ]] || export TRACE=${2%:/gfxbake-trace:rw} ;;
              esac
              shift 2
            done
            shift
            [[ ${program-} ]] || exit 0
            if [[ $program == strace ]]; then
              [[ ! -x $state/trace ]] || "$state/trace"
              while [[ $1 != -- ]]; do shift; done
              program=$2; shift 2
            fi
            echo $$ > "$state/$name"
            cp "$state/$name" "$state/last"
            exec "$program" "$@" > "$state/$name.out" 2> "$state/$name.err" ;;
          logs) [[ -f $state/$2.out ]] || missing "$2"; cat "$state/$2.out"; cat "$state/$2.err" >&2 ;;
          rm)
            [[ ! -e $state/broken ]] || { echo "storage is broken" >&2; exit 1; }
            [[ -f $state/${!#} ]] || missing "${!#}"
            ! alive "${!#}" || kill -9 "$(cat "$state/${!#}")"
            rm "$state/${!#}" ;;
          kill) alive "${!#}" || missing "${!#}"; kill -TERM "$(cat "$state/${!#}")" ;;
          exec) alive "$2" || missing "$2"; shift 2; exec "$@" ;;
          info) echo /none/overlay-containers ;;
          pull)
            [[ -s ${3#docker-archive:} ]] || missing "$3"
            printf '%s' "$TMPDIR" > "$state/tmpdir"
            [[ ! -e $state/full ]] || { echo "Error: write /x: no space left on device" >&2; exit 125; } ;;
          port) alive "$2" || missing "$2"; cat "$state/port" ;;
        esac
        """;

    private readonly string folder;

    public ScriptEngine(SampleBuild build)
    {
        build.Fixture.AddTool("podman").RealProcesses = true;
        folder = build.PathOf("bin");
        WriteScript("podman", Script);
    }

    public IReadOnlyList<string> Calls => File.ReadAllLines(Path.Combine(folder, "calls"));

    /// <summary>The host address of the server that stands for the container's.</summary>
    public void Publish(string address) => File.WriteAllText(Path.Combine(folder, "port"), address + "\n");

    /// <summary>Lets every removal fail.</summary>
    public void Break() => File.WriteAllText(Path.Combine(folder, "broken"), "");

    /// <summary>What strace does before the program starts; the folder for its log is in $TRACE.</summary>
    public void Trace(string script) => WriteScript("trace", "#!/bin/bash\n" + script);

    /// <summary>Ends the container's process as a crash would.</summary>
    public void Crash()
    {
        using var process = System.Diagnostics.Process.GetProcessById(LastProcess);
        process.Kill();
        process.WaitForExit(TimeSpan.FromSeconds(5));
    }

    /// <summary>Lets the engine's disk be full for images.</summary>
    public void Fill() => File.WriteAllText(Path.Combine(folder, "full"), "");

    /// <summary>The folder for temporary files that the last load was given.</summary>
    public string TemporaryOfLoad => File.ReadAllText(Path.Combine(folder, "tmpdir"));

    public bool Runs => Directory.Exists($"/proc/{LastProcess}");

    private int LastProcess => int.Parse(File.ReadAllText(Path.Combine(folder, "last")));

    private void WriteScript(string name, string text)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
    }
}
