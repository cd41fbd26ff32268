using System.Buffers.Binary;

namespace Gfxbake.Formats.Elf;

/// <summary>
/// The machine code of a stand-in. It calls no library, so it works in any thread, in a signal handler and before main: three system
/// calls write the line and send SIGABRT to the calling thread.
/// </summary>
internal static class StubCode
{
    /// <summary>Bytes from one function to the next.</summary>
    public const int FunctionSize = 24;

    private const byte Breakpoint = 0xcc;

    /// <summary>A function: its name's address and length into registers, then on to the common part.</summary>
    /// <param name="at">Address of the function.</param>
    /// <param name="name">Address of its name.</param>
    /// <param name="length">Bytes of its name.</param>
    /// <param name="common">Address of the common part.</param>
    public static byte[] Function(ulong at, ulong name, int length, ulong common)
    {
        var code = new List<byte>();
        code.AddRange([0xf3, 0x0f, 0x1e, 0xfa]); // endbr64
        Lea(code, [0x48, 0x8d, 0x35], at, name); // lea rsi, [name]
        code.Add(0xba); // mov edx, length
        code.AddRange(Word(length));
        code.Add(0xe9); // jmp common
        code.AddRange(Word(Distance(at + (ulong)code.Count + 4, common)));
        while (code.Count < FunctionSize)
            code.Add(Breakpoint);
        return [.. code];
    }

    /// <summary>What all functions end in.</summary>
    /// <param name="at">Its address.</param>
    /// <param name="start">What stands before the name: address and length.</param>
    /// <param name="end">What stands behind it.</param>
    /// <param name="mask">Address of a signal set with SIGABRT in it.</param>
    public static byte[] Common(ulong at, (ulong Address, int Length) start, (ulong Address, int Length) end, ulong mask)
    {
        var code = new List<byte>();
        code.AddRange([0x48, 0x83, 0xec, 0x48]); // sub rsp, 72: three iovec
        Lea(code, [0x48, 0x8d, 0x05], at, start.Address); // lea rax, [start]
        code.AddRange([0x48, 0x89, 0x04, 0x24]); // mov [rsp], rax
        code.AddRange([0x48, 0xc7, 0x44, 0x24, 0x08, .. Word(start.Length)]); // mov qword [rsp+8], length
        code.AddRange([0x48, 0x89, 0x74, 0x24, 0x10]); // mov [rsp+16], rsi
        code.AddRange([0x48, 0x89, 0x54, 0x24, 0x18]); // mov [rsp+24], rdx
        Lea(code, [0x48, 0x8d, 0x05], at, end.Address); // lea rax, [end]
        code.AddRange([0x48, 0x89, 0x44, 0x24, 0x20]); // mov [rsp+32], rax
        code.AddRange([0x48, 0xc7, 0x44, 0x24, 0x28, .. Word(end.Length)]); // mov qword [rsp+40], length
        code.AddRange([0xbf, .. Word(2), 0x48, 0x89, 0xe6, 0xba, .. Word(3)]); // mov edi, 2; mov rsi, rsp; mov edx, 3
        Call(code, 20); // writev

        // A handler may have blocked it.
        code.AddRange([0xbf, .. Word(1)]); // mov edi, SIG_UNBLOCK
        Lea(code, [0x48, 0x8d, 0x35], at, mask); // lea rsi, [mask]
        code.AddRange([0x31, 0xd2, 0x41, 0xba, .. Word(8)]); // xor edx, edx; mov r10d, 8
        Call(code, 14); // rt_sigprocmask

        Call(code, 39); // getpid
        code.AddRange([0x89, 0xc7]); // mov edi, eax
        Call(code, 186); // gettid
        code.AddRange([0x89, 0xc6, 0xba, .. Word(6)]); // mov esi, eax; mov edx, SIGABRT
        Call(code, 234); // tgkill

        // Who ignores it, or has a handler that returns, ends with the status that shells give for it.
        code.AddRange([0xbf, .. Word(128 + 6)]); // mov edi, 134
        Call(code, 231); // exit_group
        code.AddRange([0x0f, 0x0b]); // ud2
        return [.. code];
    }

    private static void Call(List<byte> code, int number) => code.AddRange([0xb8, .. Word(number), 0x0f, 0x05]); // mov eax, n; syscall

    private static void Lea(List<byte> code, byte[] instruction, ulong at, ulong address)
    {
        code.AddRange(instruction);
        code.AddRange(Word(Distance(at + (ulong)code.Count + 4, address)));
    }

    private static int Distance(ulong from, ulong to) => checked((int)((long)to - (long)from));

    private static byte[] Word(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
