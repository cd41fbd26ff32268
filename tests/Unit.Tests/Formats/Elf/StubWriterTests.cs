using Gfxbake.Formats.Elf;

namespace Gfxbake.Unit.Tests.Formats.Elf;

public sealed class StubWriterTests
{
    private static readonly StubLibrary Sample = new()
    {
        SoName = "libLLVM.so.22.1",
        Functions = [new("LLVMInitialize", "LLVM_22.1"), new("plain", null), new("old", "LLVM_1", IsDefault: false), new("old", "LLVM_2")],
        Versions = ["LLVM_3"],
        Why = "nobody calls it",
        Next = "take the real one",
    };

    [Test]
    public void Library_has_the_functions_under_their_versions()
    {
        var (elf, symbols) = Read(StubWriter.Write(Sample));

        Assert.That(elf.SoName, Is.EqualTo("libLLVM.so.22.1"));
        Assert.That(elf.Needed, Is.Empty);
        Assert.That(
            symbols.Exports.OrderBy(e => (e.Name, e.Version)),
            Is.EqualTo(
                new[]
                {
                    new ExportedSymbol("LLVMInitialize", "LLVM_22.1", true, SymbolKind.Function),
                    new ExportedSymbol("old", "LLVM_1", false, SymbolKind.Function),
                    new ExportedSymbol("old", "LLVM_2", true, SymbolKind.Function),
                    new ExportedSymbol("plain", null, true, SymbolKind.Function),
                }
            )
        );
        Assert.That(symbols.Imports, Is.Empty);
        Assert.That(symbols.NeededVersions, Is.Empty);
    }

    [Test]
    public void Nothing_is_both_writable_and_executable_and_dynamic_becomes_read_only()
    {
        using var stream = new MemoryStream(StubWriter.Write(Sample));
        var layout = ElfLayout.Read(stream);

        Assert.That(layout.ProgramHeaders.Where(p => (p.Flags & 3) == 3), Is.Empty);
        Assert.That(layout.Loads.Select(p => p.Flags), Is.EqualTo(new[] { 4u, 5u, 6u }));
        Assert.That(layout.ProgramHeaders.Single(p => p.Type == 0x6474e551).Flags, Is.EqualTo(6u), "the stack");
        var relocated = layout.ProgramHeaders.Single(p => p.Type == 0x6474e552);
        Assert.That((relocated.Address % 4096, relocated.MemorySize % 4096), Is.EqualTo((0ul, 0ul)), "whole pages become read-only");
        Assert.That(relocated.Address, Is.EqualTo(layout.Loads.Last().Address));
        Assert.That(layout.Loads.All(p => p.Offset % 4096 == p.Address % 4096));
    }

    [Test]
    public void Variables_are_names_in_memory_without_any_right()
    {
        using var stream = new MemoryStream(StubWriter.Write(Sample with { Data = [new("table", "LLVM_2"), new("other", null)] }));
        var (elf, layout) = (ElfFile.Read(stream), ElfLayout.Read(stream));

        Assert.That(
            DynamicSymbols.Read(stream, elf).Exports.Where(e => e.Kind == SymbolKind.Data).Select(e => (e.Name, e.Version)),
            Is.EquivalentTo(new[] { ("table", "LLVM_2"), ("other", (string?)null) })
        );
        var last = layout.Loads.Last();
        Assert.That((last.Flags, last.FileSize, last.MemorySize), Is.EqualTo((0u, 0ul, 2ul << 16)));
        Assert.That(stream.Length, Is.LessThan(StubWriter.Write(Sample).Length + 400));
    }

    [Test]
    public void Same_functions_in_another_order_give_the_same_bytes() =>
        Assert.That(
            StubWriter.Write(Sample with { Functions = [.. Sample.Functions.Reverse()], Versions = ["LLVM_3", "LLVM_1"] }),
            Is.EqualTo(StubWriter.Write(Sample))
        );

    [Test]
    public void Library_as_large_as_that_of_llvm_under_radv_takes_few_bytes() =>
        Assert.That(
            StubWriter.Write(
                Sample with
                {
                    Functions = [.. Enumerable.Range(0, 224).Select(i => new StubSymbol($"LLVMBuildSomeInstruction{i}", "LLVM_22.1"))],
                }
            ),
            Has.Length.LessThan(40_000)
        );

    [Test]
    public void Its_texts_name_no_library_that_a_program_could_open()
    {
        using var stream = new MemoryStream(StubWriter.Write(Sample));

        Assert.That(ElfLibraryNames.Find(stream, ElfFile.Read(stream)), Is.Empty);
    }

    [TestCase("a b", "is no name that a stand-in can have")]
    [TestCase("a@b", "is no name that a stand-in can have")]
    [TestCase("", "is no name that a stand-in can have")]
    [TestCase("a\nb", "is no name that a stand-in can have")]
    [TestCase("a\ufffd", "is no name that a stand-in can have")]
    [TestCase("old", "old and old@@LLVM_2 can't both be what a program gets that names no version")]
    public void Function_that_can_not_be_is_refused(string name, string problem) =>
        Assert.That(
            () => StubWriter.Write(Sample with { Functions = [new(name, null), .. Sample.Functions] }),
            Throws.ArgumentException.With.Message.Contains(problem)
        );

    [Test]
    public void Function_that_is_there_twice_is_refused() =>
        Assert.That((Sample with { Functions = [new("a", "V"), new("a", "V")] }).Problem(), Is.EqualTo("a@@V is there twice"));

    [TestCase("")]
    [TestCase("two\nlines")]
    [TestCase("\u001b[2J")]
    public void Sentence_that_is_not_one_line_is_refused(string text)
    {
        Assert.That((Sample with { Why = text }).Problem(), Is.EqualTo("the sentences that a stand-in writes must be of one line"));
        Assert.That((Sample with { Next = text }).Problem(), Is.EqualTo("the sentences that a stand-in writes must be of one line"));
    }

    [TestCase("f")]
    [TestCase("f@@V_1.0")]
    [TestCase("f@V_1.0")]
    public void Function_is_read_as_it_is_written(string text) => Assert.That(StubSymbol.Parse(text).ToString(), Is.EqualTo(text));

    [Test]
    public void Any_names_and_versions_are_read_back() =>
        Rounds.Run(
            random =>
            {
                var library = Any(random);
                var (elf, symbols) = Read(StubWriter.Write(library));

                Assert.That(elf.SoName, Is.EqualTo(library.SoName));
                Assert.That(
                    symbols.Exports.Select(e => new StubSymbol(e.Name, e.Version, e.IsDefault).ToString()),
                    Is.EquivalentTo(library.Functions.Concat(library.Data).Select(f => f.ToString()))
                );
                Assert.That(
                    symbols.Exports.Where(e => e.Kind == SymbolKind.Data).Select(e => e.Name).Distinct(),
                    Is.EquivalentTo(library.Data.Select(f => f.Name).Distinct())
                );
            },
            cost: 4
        );

    internal static StubLibrary Any(Random random)
    {
        var versions = Enumerable.Range(0, random.Next(4)).Select(i => Word(random) + "_" + i).ToList();
        var functions = Enumerable
            .Range(0, random.Next(random.Next(2) == 0 ? 4 : 400))
            .Select(_ => Word(random))
            .Distinct()
            .SelectMany(name =>
                versions.Count == 0 || random.Next(5) == 0
                    ? [new StubSymbol(name, null)]
                    : versions.Take(1 + random.Next(versions.Count)).Select((v, i) => new StubSymbol(name, v, IsDefault: i == 0))
            )
            .ToList();
        var data = functions.Where(_ => random.Next(10) == 0).ToHashSet();
        return Sample with
        {
            SoName = Word(random),
            Functions = [.. functions.Where(f => !data.Contains(f))],
            Data = [.. data],
            Versions = versions,
        };
    }

    private static string Word(Random random) =>
        string.Concat(
            Enumerable.Range(0, 1 + random.Next(random.Next(10) == 0 ? 300 : 12)).Select(_ => "abcXYZ019_.$\u00e9"[random.Next(13)])
        );

    private static (ElfFile Elf, DynamicSymbols Symbols) Read(byte[] file)
    {
        using var stream = new MemoryStream(file);
        var elf = ElfFile.Read(stream);
        return (elf, DynamicSymbols.Read(stream, elf));
    }
}
