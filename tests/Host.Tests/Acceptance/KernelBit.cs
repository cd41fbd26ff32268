using System.Buffers.Binary;

namespace Gfxbake.Host.Tests.Acceptance;

/// <summary>Flips one bit of a kernel. The numbers are of AMD's RDNA3 ISA document, "Microcode Formats".</summary>
internal static class KernelBit
{
    // VOP2: the operation in bits 25 to 30, sources in bits 0 to 8 and 9 to 16; VOP3P: the format and the operation in the upper half.
    private const uint Multiply = 8,
        MultiplyAdd = 43,
        VectorRegister = 0x100,
        Matrix = 0xcc40,
        LastMatrix = 0xcc45;

    /// <summary>The first word becomes one of no instruction that is known.</summary>
    public static bool FlipFirst(Span<byte> code)
    {
        code[3] ^= 0x40;
        return true;
    }

    /// <summary>A sum of squares (v_fmac_f32 a, b, b) becomes one of other products.</summary>
    public static bool FlipSquare(Span<byte> code) =>
        Flip(code, 0, word => word >> 25 == MultiplyAdd && (word & VectorRegister) != 0 && (word & 0xff) == (word >> 9 & 0xff));

    /// <summary>The first product of matrices (v_wmma) takes another register, which is the second word's lowest bit.</summary>
    public static bool FlipMatrix(Span<byte> code) => Flip(code, sizeof(uint), word => word >> 16 is >= Matrix and <= LastMatrix);

    /// <summary>A product of floats (v_mul_f32) becomes one of integers (v_mul_i32_i24).</summary>
    public static bool FlipProduct(Span<byte> code) => Flip(code, 3, word => word >> 25 == Multiply, 2);

    private static bool Flip(Span<byte> code, int behind, Func<uint, bool> isMeant, byte bit = 1)
    {
        for (var at = 0; at + behind + sizeof(uint) <= code.Length; at += sizeof(uint))
        {
            if (!isMeant(BinaryPrimitives.ReadUInt32LittleEndian(code[at..])))
                continue;
            code[at + behind] ^= bit;
            return true;
        }

        return false;
    }
}
