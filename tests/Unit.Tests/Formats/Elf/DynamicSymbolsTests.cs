using Gfxbake.Formats.Elf;

namespace Gfxbake.Unit.Tests.Formats.Elf;

public sealed class DynamicSymbolsTests
{
    private static readonly ElfBuilder Sample = new()
    {
        Needed = ["libLLVM.so.22.1", "libc.so.6"],
        Symbols =
        [
            new("LLVMCreate", "LLVM_22.1", "libLLVM.so.22.1"),
            new("LLVMTable", "LLVM_22.1", "libLLVM.so.22.1", Type: 1),
            new("own", Type: 2) { IsDefined = true },
            new("copied", "GLIBC_2.2.5", "libc.so.6", Type: 1) { IsDefined = true },
            new("__gmon_start__", Type: 0) { Binding = 2 },
            new("errno", "GLIBC_PRIVATE", "libc.so.6", Type: 6),
        ],
    };

    [Test]
    public void Imports_have_their_library_and_version()
    {
        var symbols = Read(Sample);

        Assert.That(
            symbols.Imports,
            Is.EqualTo(
                new[]
                {
                    new ImportedSymbol("LLVMCreate", "LLVM_22.1", "libLLVM.so.22.1", SymbolKind.Function, IsWeak: false, IsCopy: false),
                    new ImportedSymbol("LLVMTable", "LLVM_22.1", "libLLVM.so.22.1", SymbolKind.Data, IsWeak: false, IsCopy: false),
                    new ImportedSymbol("copied", "GLIBC_2.2.5", "libc.so.6", SymbolKind.Data, IsWeak: false, IsCopy: true),
                    new ImportedSymbol("__gmon_start__", null, null, SymbolKind.Other, IsWeak: true, IsCopy: false),
                    new ImportedSymbol("errno", "GLIBC_PRIVATE", "libc.so.6", SymbolKind.ThreadData, IsWeak: false, IsCopy: false),
                }
            )
        );
        Assert.That(symbols.Exports, Is.EqualTo(new[] { new ExportedSymbol("own", null, true, SymbolKind.Function) }));
        Assert.That(
            symbols.NeededVersions,
            Is.EqualTo(
                new NeededVersion[]
                {
                    new("libLLVM.so.22.1", "LLVM_22.1"),
                    new("libc.so.6", "GLIBC_2.2.5"),
                    new("libc.so.6", "GLIBC_PRIVATE"),
                }
            )
        );
    }

    [Test]
    public void File_without_dynamic_symbols_has_none() =>
        Assert.That(Read(new ElfBuilder { Needed = ["liba.so"] }), Is.EqualTo(new DynamicSymbols()).UsingPropertiesComparer());

    [Test]
    public void Code_of_a_gpu_has_none() => Assert.That(Read(new ElfBuilder { Machine = 224, Symbols = Sample.Symbols }).Imports, Is.Empty);

    // GNU hash tables alone don't say how many symbols there are that nobody can look up.
    [Test]
    public void Without_section_headers_the_hash_table_counts()
    {
        var file = StubWriter.Write(
            new StubLibrary
            {
                SoName = "libx.so",
                Functions = [new("a", null), new("b", null), new("c", "V")],
                Why = "w",
                Next = "n",
            }
        );
        file.AsSpan(40, 8).Clear();
        file.AsSpan(60, 2).Clear();

        Assert.That(Read(file).Exports.Select(e => e.Name), Is.EquivalentTo(new[] { "a", "b", "c" }));
    }

    [Test]
    public void Damaged_file_is_read_or_refused_and_never_more() =>
        Rounds.Run(
            random =>
            {
                byte[] file = random.Next(2) == 0 ? Sample : StubWriter.Write(StubWriterTests.Any(random));
                for (var i = random.Next(1, 6); i > 0; i--)
                {
                    // Most lengths and addresses stand in whole words.
                    var at = random.Next(file.Length / 4) * 4;
                    var value = random.Next(4) switch
                    {
                        0 => 0,
                        1 => -1,
                        2 => random.Next(256),
                        _ => random.Next(),
                    };
                    BitConverter.TryWriteBytes(file.AsSpan(at), value);
                }

                if (random.Next(4) == 0)
                    file = file[..random.Next(file.Length)];
                using var stream = new MemoryStream(file);
                try
                {
                    if (ElfFile.TryRead(stream) is { } elf)
                        DynamicSymbols.Read(stream, elf);
                }
                catch (ElfFormatException)
                {
                    // A reason for people, where it stands in the file.
                }
            },
            cost: 2
        );

    private static DynamicSymbols Read(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return DynamicSymbols.Read(stream, ElfFile.Read(stream));
    }
}
