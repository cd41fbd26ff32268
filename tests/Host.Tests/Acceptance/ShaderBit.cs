using System.Buffers.Binary;

namespace Gfxbake.Host.Tests.Acceptance;

/// <summary>
/// Flips one bit of a shader inside a library, so that an instruction does another arithmetic with the same operands: the shader
/// stays valid and only computes something else. The numbers are of SPIR-V's specification.
/// </summary>
internal static class ShaderBit
{
    private const uint Magic = 0x07230203;

    private const int HeaderBytes = 20,
        ExtendedNumber = 16;

    private const int ExtendedInstruction = 12,
        Add = 129,
        Multiply = 133;

    private const int Exponential = 27,
        Maximum = 40,
        Clamp = 43;

    /// <summary>
    /// Lets the shader that puts the parts of attention together (ggml's flash_attn_split_k_reduce) add where it multiplied. It has no name
    /// in the library, but no other one calls exactly these three functions.
    /// </summary>
    public static void FlipAttention(string file)
    {
        var library = File.ReadAllBytes(file);
        var shaders = Shaders(library).Where(s => s.Functions.SetEquals([Exponential, Maximum, Clamp])).ToList();
        Assert.That(shaders, Has.Count.EqualTo(1), "which shader puts the parts of attention together?");
        library[shaders[0].Multiplications[0]] ^= Multiply ^ Add;
        File.WriteAllBytes(file, library);
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
        var (functions, multiplications) = (new HashSet<int>(), new List<int>());
        while (at + ExtendedNumber + sizeof(uint) <= library.Length && Word(library, at) is var word && word >> 16 > 0 && word != Magic)
        {
            var opcode = word & 0xffff;
            if (opcode == ExtendedInstruction)
                functions.Add((int)Word(library, at + ExtendedNumber));
            if (opcode == Multiply)
                multiplications.Add(at);
            at += checked((int)(word >> 16) * sizeof(uint));
        }

        return new(functions, multiplications);
    }

    private static uint Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    /// <param name="Functions">Mathematical functions that it calls, by their numbers in GLSL.std.450.</param>
    /// <param name="Multiplications">Where the library has a multiplication of floats.</param>
    private sealed record Shader(HashSet<int> Functions, List<int> Multiplications);
}
