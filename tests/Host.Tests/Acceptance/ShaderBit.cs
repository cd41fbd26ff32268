using System.Buffers.Binary;

namespace Gfxbake.Host.Tests.Acceptance;

/// <summary>
/// Flips one bit of a shader inside a library, so that an instruction does another arithmetic with the same operands: the shader stays valid
/// and only computes something else. The numbers are of SPIR-V's specification.
/// </summary>
internal static class ShaderBit
{
    private const uint Magic = 0x07230203;

    private const int HeaderBytes = 20,
        ExtendedNumber = 16;

    private const int ExtendedInstruction = 12,
        Add = 129,
        Subtract = 131,
        Multiply = 133;

    private const uint InverseSquareRoot = 32;

    /// <summary>
    /// Lets the RMS norm add where it multiplied. ggml has no names of its own in its shaders, but divides by a root in no other that
    /// subtracts nothing; of those the plain one has the fewest additions, the others do more than the norm at once.
    /// </summary>
    /// <returns>What was flipped, for messages.</returns>
    public static string FlipRootMeanSquare(string file)
    {
        var library = File.ReadAllBytes(file);
        var norms = Shaders(library)
            .Where(s => s.DividesByRoot && s.Count(Subtract) == 0 && s.Count(Multiply) > 0)
            .OrderBy(s => s.Count(Add))
            .Take(2)
            .ToList();
        Assert.That(norms, Has.Count.EqualTo(2));
        Assert.That(norms[0].Count(Add), Is.LessThan(norms[1].Count(Add)), "which shader is the plain norm?");
        var at = norms[0].Instructions.First(i => i.Opcode == Multiply).Offset;
        library[at] ^= Multiply ^ Add;
        File.WriteAllBytes(file, library);
        return $"0x{at:x}";
    }

    private static IEnumerable<Shader> Shaders(byte[] library)
    {
        for (var at = 0; at + HeaderBytes <= library.Length; at += sizeof(uint))
        {
            // Beside the magic number: version 1.x, and a word that is always 0.
            if (Word(library, at) == Magic && Word(library, at + 4) >> 16 == 1 && Word(library, at + 16) == 0)
                yield return Read(library, at + HeaderBytes);
        }
    }

    /// <summary>A module does not say how long it is: it ends where the next one begins, or something that is no instruction.</summary>
    private static Shader Read(byte[] library, int at)
    {
        var instructions = new List<Instruction>();
        var dividesByRoot = false;
        while (at + ExtendedNumber + sizeof(uint) <= library.Length && Word(library, at) is var word && word >> 16 > 0 && word != Magic)
        {
            var opcode = (int)(word & 0xffff);
            instructions.Add(new(at, opcode));
            dividesByRoot |= opcode == ExtendedInstruction && Word(library, at + ExtendedNumber) == InverseSquareRoot;
            at += checked((int)(word >> 16) * sizeof(uint));
        }

        return new(instructions, dividesByRoot);
    }

    private static uint Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private sealed record Shader(List<Instruction> Instructions, bool DividesByRoot)
    {
        public int Count(int opcode) => Instructions.Count(i => i.Opcode == opcode);
    }

    private readonly record struct Instruction(int Offset, int Opcode);
}
