using Iced.Intel;

namespace Gfxbake.Formats.Elf;

/// <summary>A call of a function that a file imports.</summary>
/// <param name="Function">Its name.</param>
/// <param name="Address">Where the call is.</param>
/// <param name="StackArguments">
/// What is put on the stack for it, the first such argument first; null where it is no number in the code. On x86-64 these are the
/// seventh integer argument and those after it.
/// </param>
public sealed record ImportCall(string Function, ulong Address, IReadOnlyList<long?> StackArguments);

/// <summary>Reads in a program's machine code how it calls what it imports.</summary>
/// <remarks>
/// Arguments are pushed right before a call by every compiler that was seen. What is pushed before a place that a jump leads to counts as
/// unknown: compilers join equal ends of two ways. System V ABI, AMD64 supplement, 3.2.3.
/// </remarks>
public static class ImportCalls
{
    private const ulong JumpRelocations = 23,
        JumpRelocationBytes = 2,
        Relocations = 7,
        RelocationBytes = 8,
        Symbols = 6;
    private const uint Direct64 = 1,
        GlobalData = 6,
        JumpSlot = 7;
    private const int RelocationSize = 24,
        SymbolSize = 24,
        Window = 64,
        EndBranchBytes = 4;
    private const long MostRelocationBytes = 256L << 20,
        MostCodeBytes = 512L << 20;

    /// <summary>All calls, in the order of their addresses.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="elf">What was read of it.</param>
    /// <param name="isWanted">Whether an imported function is.</param>
    /// <param name="unclear">Gets a sentence for each use that is no call: then somebody else may call it.</param>
    /// <exception cref="ElfFormatException">A table is malformed, or there is more code than any program has.</exception>
    public static IReadOnlyList<ImportCall> Read(Stream stream, ElfFile elf, Func<string, bool> isWanted, ICollection<string> unclear)
    {
        var bytes = new ElfBytes(stream);
        if (elf.IsForeign || DynamicTable.Read(bytes, elf.Segments) is not { } table)
            return [];
        var slots = Slots(bytes, table, isWanted, unclear);
        if (slots.Count == 0)
            return [];
        var tables = ElfSections.Read(stream, elf).Where(s => s.Name.StartsWith(".plt", StringComparison.Ordinal)).ToList();
        var parts = elf
            .Segments.Where(s => s.Type == ElfSegment.Load && s.IsExecutable && s.FileSize > 0)
            .Select(s => (Segment: s, Code: bytes.Read((ulong)s.Offset, (ulong)s.FileSize, (ulong)MostCodeBytes, "code")))
            .ToList();
        var reader = new CodeReader(slots);
        foreach (var (segment, code) in parts)
        {
            // Elsewhere such a jump ends a function, and another one has its arguments.
            bool IsLinkage(ulong address)
            {
                var at = segment.Offset + (long)(address - segment.VirtualAddress);
                return tables.Any(t => at >= t.Offset && at - t.Offset < t.Size);
            }

            reader.Survey(code, segment.VirtualAddress, IsLinkage);
        }

        var calls = new List<ImportCall>();
        foreach (var (segment, code) in parts)
            reader.Collect(code, segment.VirtualAddress, calls, unclear);
        return calls;
    }

    /// <summary>The names by the address of the pointer through which each is called.</summary>
    private static Dictionary<ulong, string> Slots(
        ElfBytes bytes,
        DynamicTable table,
        Func<string, bool> isWanted,
        ICollection<string> unclear
    )
    {
        var slots = new Dictionary<ulong, string>();
        foreach (var (tag, sizeTag) in new[] { (Relocations, RelocationBytes), (JumpRelocations, JumpRelocationBytes) })
        {
            if (table.Find(tag) is not { } place || table.Find(sizeTag) is not { } size)
                continue;
            var (start, end) = table.RangeOf(place.Value, place.At, "the relocations");
            if (size.Value > (ulong)(end - start))
                throw new ElfFormatException(size.At, "the relocations are more than their PT_LOAD holds", size.Value);
            var rows = bytes.Read((ulong)start, size.Value, (ulong)MostRelocationBytes, "the relocations");
            for (var at = 0; at + RelocationSize <= rows.Length; at += RelocationSize)
            {
                var (address, type, symbol) = (ElfBytes.U64(rows, at), ElfBytes.U32(rows, at + 8), ElfBytes.U32(rows, at + 12));
                if (symbol == 0 || type is not (Direct64 or GlobalData or JumpSlot) || NameOf(bytes, table, symbol) is not { } name)
                    continue;
                if (!isWanted(name))
                    continue;
                if (type == Direct64)
                    unclear.Add($"the address of {name} stands in a table");
                else
                    slots[address] = name;
            }
        }

        return slots;
    }

    private static string? NameOf(ElfBytes bytes, DynamicTable table, uint symbol)
    {
        if (table.Find(Symbols) is not { } symbols)
            return null;
        var (start, end) = table.RangeOf(symbols.Value, symbols.At, "the dynamic symbols");
        var at = start + (symbol * (long)SymbolSize);
        if (at + SymbolSize > end)
            throw new ElfFormatException(symbols.At, "a relocation names a symbol that is not there", symbol);
        return table.String(ElfBytes.U32(bytes.Read((ulong)at, SymbolSize, SymbolSize, "a symbol"), 0), at);
    }

    private sealed class CodeReader(Dictionary<ulong, string> slots)
    {
        private readonly Dictionary<ulong, string> stubs = [];
        private readonly HashSet<ulong> targets = [];

        /// <summary>Finds the stubs of the procedure linkage table, and where jumps lead to.</summary>
        public void Survey(byte[] code, ulong address, Func<ulong, bool> isLinkage)
        {
            Instruction last = default;
            foreach (var instruction in Instructions(code, address))
            {
                if (instruction.Code == Code.Jmp_rm64 && Slot(instruction) is { } name && isLinkage(instruction.IP))
                {
                    stubs[instruction.IP] = name;
                    if (last.Code == Code.Endbr64 && last.NextIP == instruction.IP)
                        stubs[instruction.IP - EndBranchBytes] = name;
                }
                else if (instruction.FlowControl is FlowControl.ConditionalBranch or FlowControl.UnconditionalBranch)
                {
                    targets.Add(instruction.NearBranchTarget);
                }

                last = instruction;
            }
        }

        public void Collect(byte[] code, ulong address, List<ImportCall> calls, ICollection<string> unclear)
        {
            var before = new Queue<Instruction>(Window);
            foreach (var instruction in Instructions(code, address))
            {
                if (Called(instruction) is { } function)
                    calls.Add(new(function, instruction.IP, Pushed(before)));
                else if (Otherwise(instruction) is { } name)
                    unclear.Add($"{name} is used without a call at 0x{instruction.IP:x}");
                if (before.Count == Window)
                    before.Dequeue();
                before.Enqueue(instruction);
            }
        }

        private static IEnumerable<Instruction> Instructions(byte[] code, ulong address)
        {
            var decoder = Decoder.Create(64, new ByteArrayCodeReader(code), address);
            var end = address + (ulong)code.Length;
            while (decoder.IP < end)
                yield return decoder.Decode();
        }

        private string? Slot(in Instruction instruction) =>
            instruction.IsIPRelativeMemoryOperand ? slots.GetValueOrDefault(instruction.IPRelativeMemoryAddress) : null;

        private string? Called(in Instruction instruction) =>
            instruction.FlowControl switch
            {
                FlowControl.Call => stubs.GetValueOrDefault(instruction.NearBranchTarget),
                FlowControl.IndirectCall => Slot(instruction),
                _ => null,
            };

        /// <summary>A function that somebody takes the address of, or ends with: another one has its arguments.</summary>
        private string? Otherwise(in Instruction instruction)
        {
            if (stubs.ContainsKey(instruction.IP))
                return null;
            if (instruction.FlowControl is FlowControl.ConditionalBranch or FlowControl.UnconditionalBranch)
                return stubs.GetValueOrDefault(instruction.NearBranchTarget);
            return Slot(instruction)
                ?? (instruction.IsIPRelativeMemoryOperand ? stubs.GetValueOrDefault(instruction.IPRelativeMemoryAddress) : null);
        }

        private List<long?> Pushed(IEnumerable<Instruction> before)
        {
            var pushed = new List<long?>();
            foreach (var instruction in before.Reverse())
            {
                if (instruction.Mnemonic == Mnemonic.Push)
                    pushed.Add(Value(instruction));
                else if (instruction.FlowControl != FlowControl.Next || instruction.StackPointerIncrement != 0 || ChangesStack(instruction))
                    break;
                // Whoever jumps here pushed something else before.
                if (targets.Contains(instruction.IP))
                    break;
            }

            return pushed;
        }

        private static long? Value(in Instruction push) =>
            push.Op0Kind.ToString().StartsWith("Immediate", StringComparison.Ordinal) ? (long)push.GetImmediate(0) : null;

        private static bool ChangesStack(in Instruction instruction) =>
            instruction.Op0Kind == OpKind.Register && instruction.Op0Register is Register.RSP or Register.ESP;
    }
}
