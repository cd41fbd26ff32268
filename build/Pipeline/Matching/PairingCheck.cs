using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Matching;

/// <summary>Proves or refutes that an Ollama loads with a ROCm, and has code for the machine's GPUs.</summary>
/// <param name="facts">What belongs together.</param>
/// <param name="hosts">Which ROCr gets on with which kernel.</param>
/// <param name="tree">The machine.</param>
/// <param name="found">What lies on it.</param>
public sealed class PairingCheck(OllamaFacts facts, HostFacts hosts, MachineTree tree, MachineFindings found)
{
    public const string Bundled = "bundled",
        System = "system";

    private const string PathVariable = "LD_LIBRARY_PATH";

    private readonly PaperLoader files = new(tree.Files, null);
    private readonly KernelCheck kernels = new(facts.Rocm, tree, found);

    /// <summary>Every backend of every Ollama with what it brings, and with each ROCm of the machine.</summary>
    public IReadOnlyList<Pairing> All() =>
        [
            .. found.Ollamas.SelectMany(o =>
                o.Backends.SelectMany(b =>
                    found.Rocms.Where(r => r.Libraries != b.Rocm).Select(r => Of(o, b, r.Libraries)).Prepend(Of(o, b, null))
                )
            ),
        ];

    /// <param name="ollama">The Ollama.</param>
    /// <param name="backend">One of its backends.</param>
    /// <param name="rocm">The folder of ROCm's libraries; null: as Ollama starts it.</param>
    public Pairing Of(OllamaInstallation ollama, OllamaBackend backend, string? rocm)
    {
        // With another ROCm the backend lies in a folder of its own beside the bundle's: nothing of the bundle is found then.
        IEnumerable<string> search = rocm is null
            ? backend.Search
            : [.. backend.Search.Where(s => s != backend.Rocm && s != Folder(backend)), rocm];
        var path = string.Join(':', search.Concat(Users()));
        var loader = files.With(path);
        var seenAt = rocm is null
            ? backend.Library
            : $"{ollama.Folder}/rocm_other/{backend.Library[(backend.Library.LastIndexOf('/') + 1)..]}";
        var process = backend.Process is { } program && IsElf(program) ? program : null;
        var link = loader.Open(backend.Library, process, seenAt);
        var where = rocm ?? backend.Rocm;
        var reasons = new MatchReasons(tree, where, rocm is null ? Bundled : System);
        List<string> cannot = [.. reasons.Of(link)];
        List<string> mismatched = cannot.Count > 0 ? [] : [.. MatchReasons.Mismatched(link, facts.Rocm.Unit)];
        var code = cannot.Count > 0 ? KernelCheck.Nothing : kernels.Of(backend.Library, Of(link, facts.Rocm.Blas)?.Path);
        List<string> fails = cannot.Count > 0 ? [] : [.. code.Problems, .. Comgr(loader, link), .. Kernel(link)];
        List<string> lacks = [.. code.Gpus.Where(g => !g.HasKernels).Select(g => MatchReasons.NoKernels(g, code))];
        var (verdict, sentence) =
            cannot.Count > 0 ? (PairingVerdict.CannotLoad, $"cannot load: {cannot[0]}")
            : mismatched.Count > 0 ? (PairingVerdict.Mismatched, $"loads, and must not be used: {mismatched[0]}")
            : fails.Count > 0 ? (PairingVerdict.Fails, $"loads, and fails later: {fails[0]}")
            : lacks.Count > 0 ? (PairingVerdict.NoKernels, $"loads, {lacks[0]}")
            : (PairingVerdict.Loads, MatchReasons.Loads(code));
        return new()
        {
            Kind = rocm is null ? Bundled : System,
            Ollama = ollama.Folder,
            Backend = backend.Name,
            Library = backend.Library,
            Rocm = where,
            Verdict = verdict,
            Sentence = PlainText.Visible(sentence),
            Reasons = [.. cannot.Concat(mismatched).Concat(fails).Concat(lacks).Concat(code.Notes).Select(PlainText.Visible)],
            Gpus = code.Gpus,
            Libraries = [.. link.Objects.Select(o => new LoadedLibrary(o.Name, o.Path))],
            LibraryPath = path,
            IsOtherRocm = verdict == PairingVerdict.Mismatched || reasons.IsOtherRocm(link),
        };
    }

    private static string Folder(OllamaBackend backend) => ImagePath.Parent(backend.Library);

    private IEnumerable<string> Users() => found.Variables.Where(v => v.Name == PathVariable).Select(v => v.Value);

    private bool IsElf(string program)
    {
        try
        {
            using var stream = tree.Files.OpenFile(tree.Files.Resolve(program).Target!);
            return ElfFile.TryRead(stream) is { IsForeign: false, Needed.Count: > 0 };
        }
        catch (Exception error) when (error is ElfFormatException or IOException)
        {
            return false;
        }
    }

    private static LinkedObject? Of(LinkResult link, string pattern) =>
        link.Objects.FirstOrDefault(o => PathGlob.Matches(pattern, o.SoName ?? o.Name[(o.Name.LastIndexOf('/') + 1)..]));

    /// <summary>HIP opens comgr by a name that stands in its data.</summary>
    private IEnumerable<string> Comgr(PaperLoader loader, LinkResult link)
    {
        if (Of(link, facts.Rocm.Library) is not { } hip)
            yield break;
        IReadOnlyList<string> names;
        using (var stream = tree.Files.OpenFile(tree.Files.Resolve(hip.Path).Target!))
        {
            names = ElfLibraryNames.Find(stream, ElfFile.Read(stream));
        }

        foreach (var pattern in facts.Rocm.Opened)
        {
            // HIP tries the names that it has one after the other.
            var tries = names
                .Where(n => !n.Contains('/') && PathGlob.Matches(pattern, n))
                .Select(n => (Name: n, Link: loader.Open(n, hip.OpenedPath)))
                .ToList();
            if (tries.Count > 0 && !tries.Exists(t => t.Link.Loads))
                yield return $"HIP can't load {tries[0].Name}: {new MatchReasons(tree, null, System).Of(tries[0].Link).First()}";
        }
    }

    /// <summary>Whether ROCr and the kernel have the same half of a fix.</summary>
    private IEnumerable<string> Kernel(LinkResult link)
    {
        if (Of(link, hosts.Library) is not { } rocr)
            yield break;
        foreach (var gpu in found.Gpus.DistinctBy(g => g.Name))
        {
            if (hosts.RuleOf(gpu.Name) is not { } rule || !gpu.Properties.Contains(rule.Property))
                continue;
            using var stream = tree.Files.OpenFile(tree.Files.Resolve(rocr.Path).Target!);
            if (!RocrCheck.HasFix(stream, rule))
                yield return $"{rocr.Path} has no '{rule.Property}' and this kernel shows it for {gpu.Name}: {rule.Why} (docs/hosts.md)";
        }
    }
}
