using Gfxbake.Formats.Rooted;
using Gfxbake.Pipeline.Switching;

namespace Gfxbake.Unit.Tests.Pipeline.Switching;

/// <summary>A root with an Ollama in one of its layouts, and a ROCm beside it; what is in the libraries does not matter here.</summary>
internal sealed class SwitchTree : IDisposable
{
    private const string Lib = "/usr/lib/ollama";
    private const string DropIns = "/etc/systemd/system/ollama.service.d";

    private static readonly string[] Names = ["libamdhip64.so.7", "libhipblas.so.3", "librocblas.so.5", "libamd_comgr.so.3"];

    /// <summary>Folders of the bundled ROCm and of libggml-hip in each layout, and what takes another one.</summary>
    private static readonly Dictionary<string, (string Bundle, string Hip, SwitchWay Way)> Layouts = new()
    {
        ["A"] = ("", "/runners/rocm_avx/libggml_rocm.so", SwitchWay.Runner),
        ["B"] = ("/rocm", "/rocm/libggml-hip.so", SwitchWay.Mount),
        ["C"] = ("/rocm", "/libggml-hip.so", SwitchWay.Mount),
        ["D"] = ("/rocm", "/rocm/libggml-hip.so", SwitchWay.Sibling),
        ["E"] = ("/rocm_v7_2", "/rocm_v7_2/libggml-hip.so", SwitchWay.Sibling),
        ["F"] = ("/rocm_v7_14", "/rocm_v7_14/libggml-hip.so", SwitchWay.Sibling),
    };

    private readonly string layout;
    private readonly bool isMine;

    private SwitchTree(string layout, string root, bool isMine) => (this.layout, Root, this.isMine) = (layout, root, isMine);

    public SwitchTree(string layout, bool withDropIns = false)
        : this(layout, Directory.CreateTempSubdirectory("gfxbake-switch").FullName, isMine: true)
    {
        var (bundle, hip, _) = Layouts[layout];
        Write("/usr/bin/ollama", "#!/bin/sh\n");
        foreach (var name in Names)
        {
            Write($"{Lib}{bundle}/{name}.1.2", "bundled " + name);
            File.CreateSymbolicLink(At($"{Lib}{bundle}/{name}"), name + ".1.2");
            Write($"/opt/rocm-7.2.4/lib/{name}", "system " + name);
        }

        Write($"{Lib}{bundle}/rocblas/library/TensileLibrary_lazy_gfx1151.dat", "bundled");
        Write("/opt/rocm-7.2.4/lib/rocblas/library/TensileLibrary_lazy_gfx1151.dat", "system");
        Write(Lib + hip, "hip");
        Write($"{Lib}/vulkan/libggml-vulkan.so", "vulkan");
        Write("/etc/systemd/system/ollama.service", "[Service]\n");
        Directory.CreateDirectory(At("/var/lib"));
        if (withDropIns)
            Write(DropIns + "/override.conf", "[Service]\nEnvironment=OLLAMA_HOST=0.0.0.0\n");
        // Old times, so that one that is lost is seen.
        var entries = Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories);
        foreach (var entry in entries.Where(e => new FileInfo(e).LinkTarget is null))
            File.SetLastWriteTimeUtc(entry, new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(entry.Length));
    }

    public static IEnumerable<string> All => Layouts.Keys;

    public string Root { get; }

    /// <summary>A tree that another process made.</summary>
    public static SwitchTree Of(string layout, string root) => new(layout, root, isMine: false);

    public SwitchOllama Ollama =>
        new()
        {
            Library = Lib,
            Program = "/usr/bin/ollama",
            Way = Layouts[layout].Way,
            Hip = Lib + Layouts[layout].Hip,
            Bundle = Names
                .Select(n => (Name: n, Path: $"{Lib}{Layouts[layout].Bundle}/{n}.1.2"))
                .Append((Name: "rocblas", Path: $"{Lib}{Layouts[layout].Bundle}/rocblas"))
                .ToDictionary(b => b.Name, b => b.Path),
            Vulkan = Lib + "/vulkan",
            Reads = ["OLLAMA_LLM_LIBRARY"],
            DropIns = DropIns,
            HasDropIns = Directory.Exists(At(DropIns)),
        };

    public static SwitchRocm Rocm { get; } =
        new(
            "system",
            "/opt/rocm-7.2.4/lib",
            Names.ToDictionary(n => n, n => "/opt/rocm-7.2.4/lib/" + n),
            new Dictionary<string, string> { ["rocblas"] = "/opt/rocm-7.2.4/lib/rocblas" }
        );

    public SwitchPlan Plan() => SwitchPlanner.ToRocm("system", Ollama, Rocm);

    public string At(string path) => Root + path;

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    /// <summary>Everything that can be seen of the tree, a line for each path.</summary>
    /// <param name="withTimes">Whether times of the folders above the journal count.</param>
    public string Picture(bool withTimes = true)
    {
        using var root = new RootFolder(Root);
        List<string> lines = [];
        Look("");
        return string.Join('\n', lines);

        void Look(string folder)
        {
            foreach (var path in root.Names(folder.Length == 0 ? "/" : folder).Select(n => $"{folder}/{n}"))
            {
                var entry = root.Look(path)!;
                var time = withTimes || path is not "/var/lib" ? $"{entry.Time}" : "";
                var content = entry.Kind == RootEntryKind.File ? root.Sha256(path) : entry.Target;
                lines.Add($"{path} {entry.Kind} {Convert.ToString(entry.Mode, 8)} {entry.Owner}:{entry.Group} {time} {content}");
                if (entry.Kind == RootEntryKind.Folder)
                    Look(path);
            }
        }
    }

    public SwitchJournal Switch(Action<string>? before = null)
    {
        using var root = new RootFolder(Root, before);
        using var ledger = SwitchLedger.Open(root);
        var run = new SwitchRun(root, ledger);
        var journal = run.Apply(Plan());
        run.Keep(journal);
        return journal;
    }

    public IReadOnlyList<string> Undo(Action<string>? before = null, bool edited = false)
    {
        using var root = new RootFolder(Root, before);
        return SwitchLedger.Undo(root, (run, journal) => run.Undo(journal, edited)) ?? [];
    }

    public void Dispose()
    {
        if (isMine)
            Directory.Delete(Root, recursive: true);
    }
}
