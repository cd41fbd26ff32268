using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Elf;

/// <summary>
/// Does on paper what glibc's loader does for dlopen(RTLD_NOW): finds what is needed, breadth first, looks at versions, and looks every
/// symbol up in the order of the scope. Nothing is run.
/// </summary>
/// <remarks>
/// glibc's elf/dl-load.c, dl-version.c and dl-lookup.c. Which symbols relocations really use is not read: every undefined one counts, as
/// linkers leave no others in.
/// </remarks>
/// <param name="tree">The machine's files.</param>
/// <param name="libraryPath">LD_LIBRARY_PATH of the process, or null.</param>
public sealed class PaperLoader(IFileTree tree, string? libraryPath)
{
    private readonly IFileTree tree = tree;
    private Dictionary<string, LoadedFile> files = new(StringComparer.Ordinal);
    private LibrarySearch? search;

    /// <summary>The same files for a process with another LD_LIBRARY_PATH: what was read is not read again.</summary>
    public PaperLoader With(string? path) => new(tree, path) { files = files };

    /// <summary>What happens when a program is started and then opens a library.</summary>
    /// <param name="library">A path, or a name that is looked for.</param>
    /// <param name="program">The program; null where its own libraries are not known.</param>
    /// <param name="seenAt">Path by which the library is opened, where it does not lie there yet.</param>
    public LinkResult Open(string library, string? program = null, string? seenAt = null)
    {
        search ??= new LibrarySearch(tree, libraryPath, f => !FileAt(f).IsForeign, isExact: true);
        var process = new Process(this);
        Mapped? main = null;
        if (program is not null)
        {
            main = process.Map(program, program, null);
            process.MapNeeded();
        }

        var global = process.All.Count;
        var opened = process.Map(seenAt ?? library, library, main);
        process.MapNeeded();
        if (process.Problems.Count == 0 && opened is not null)
            process.Resolve(opened, global);
        return new([.. process.All.Select(m => m.Linked)], process.Problems);
    }

    private LoadedFile FileAt(ImageEntry entry)
    {
        if (!files.TryGetValue(entry.Path, out var known))
            files[entry.Path] = known = LoadedFile.Read(tree, entry);
        return known;
    }

    /// <summary>A mapped file, and what it asked for.</summary>
    private sealed record Mapped(LinkedObject Linked, LoadedFile File, LibraryUser User)
    {
        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        public List<Mapped> Needs { get; } = [];
    }

    /// <summary>The files of one process.</summary>
    private sealed class Process(PaperLoader loader)
    {
        private int resolved;

        public List<Mapped> All { get; } = [];

        public List<LinkProblem> Problems { get; } = [];

        /// <summary>Maps a path or a name; null when it can't be.</summary>
        public Mapped? Map(string name, string at, Mapped? by)
        {
            var user = by?.Linked.Path;
            if (!name.Contains('/') && All.Find(m => m.Names.Contains(name)) is { } loaded)
                return loaded;
            var path =
                at.StartsWith('/') ? at
                : loader.search!.Find(at, by?.User ?? Nobody) is [var first, ..] ? first
                : null;
            if (path is null || loader.tree.Resolve(path).Target is not { Kind: EntryKind.File or EntryKind.HardLink } entry)
            {
                Problems.Add(new(LinkFault.Missing, user ?? name, name));
                return null;
            }

            if (All.Find(m => m.Linked.Path == entry.Path) is { } same)
            {
                same.Names.Add(name);
                return same;
            }

            var file = loader.FileAt(entry);
            if (file.Elf is null || file.IsForeign)
            {
                Problems.Add(new(LinkFault.Broken, entry.Path, file.Broken ?? "it is no library of x86-64"));
                return null;
            }

            var openedPath = name.StartsWith('/') ? name : path;
            var mapped = new Mapped(
                new(name, openedPath, entry.Path, file.Elf.SoName, user),
                file,
                new LibraryUser(openedPath, entry.Path, file.Elf, by?.User)
            );
            mapped.Names.Add(name);
            if (file.Elf.SoName is { } soName)
                mapped.Names.Add(soName);
            All.Add(mapped);
            return mapped;
        }

        public void MapNeeded()
        {
            for (; resolved < All.Count; resolved++)
            {
                var user = All[resolved];
                foreach (var name in user.File.Elf!.Needed)
                {
                    if (Map(name, name, user) is { } needed)
                        user.Needs.Add(needed);
                }
            }
        }

        /// <summary>Looks at versions and symbols of everything that was mapped for the library.</summary>
        public void Resolve(Mapped opened, int global)
        {
            var own = Scope(opened);
            var program = All.Take(global).ToList();
            List<Mapped> scope = [.. program, .. own.Except(program)];
            foreach (var user in All)
            {
                if (user.File.SymbolsBroken is { } broken)
                    Problems.Add(new(LinkFault.Broken, user.Linked.Path, broken));
            }

            if (Problems.Count > 0)
                return;
            foreach (var user in All)
                CheckVersions(user);
            // The loader gives up at the first version; symbols are not looked at then.
            if (Problems.Count > 0)
                return;
            foreach (var user in program)
                CheckSymbols(user, program);
            foreach (var user in All.Skip(global))
                CheckSymbols(user, scope);
        }

        /// <summary>The library and what it needs, breadth first.</summary>
        private static List<Mapped> Scope(Mapped opened)
        {
            List<Mapped> scope = [opened];
            for (var i = 0; i < scope.Count; i++)
                scope.AddRange(scope[i].Needs.Where(n => !scope.Contains(n)).Distinct());
            return scope;
        }

        private void CheckVersions(Mapped user)
        {
            foreach (var needed in user.File.Symbols.NeededVersions)
            {
                var provider = All.Find(m => m.Names.Contains(needed.Library));
                // A library without any version is taken for an old one that has everything.
                if (provider is null || provider.File.Symbols.DefinedVersions.Count == 0 || needed.IsWeak)
                    continue;
                if (!provider.File.Versions.Contains(needed.Version))
                    Problems.Add(new(LinkFault.VersionMissing, user.Linked.Path, needed.Version, provider.Linked.Path));
            }
        }

        private void CheckSymbols(Mapped user, List<Mapped> scope)
        {
            foreach (var import in user.File.Symbols.Imports.Where(i => !i.IsCopy))
            {
                var provider = scope.Find(m => m.File.Has(import.Name, import.Version));
                if (provider is null && import.IsWeak)
                    continue;
                if (provider is null)
                {
                    var name = import.Version is null ? import.Name : $"{import.Name}@{import.Version}";
                    Problems.Add(new(LinkFault.SymbolMissing, user.Linked.Path, name, Named(import.Library)));
                }
                else if (import.Library is { } named && !provider.File.Symbols.HasVersionTable && provider.Names.Contains(named))
                {
                    // The LSB lets it serve; glibc takes it for damaged and ends the program.
                    Problems.Add(new(LinkFault.VersionMissing, user.Linked.Path, import.Version!, provider.Linked.Path));
                }
            }
        }

        private string? Named(string? library) => library is null ? null : All.Find(m => m.Names.Contains(library))?.Linked.Path ?? library;

        private static LibraryUser Nobody =>
            new(
                "/",
                "/",
                new ElfFile
                {
                    Bits = 64,
                    BigEndian = false,
                    Machine = ElfFile.X8664,
                },
                null
            );
    }
}
