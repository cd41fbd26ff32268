using System.Buffers.Binary;
using System.Text;

namespace Gfxbake.Unit.Tests.Formats.Gguf;

/// <summary>Reads back what a GGUF writer wrote, as the format's text says and not as the writer does it.</summary>
internal sealed class GgufFile
{
    private readonly byte[] _bytes;
    private int _position;

    public GgufFile(byte[] bytes)
    {
        _bytes = bytes;
        Magic = Encoding.ASCII.GetString(bytes, 0, 4);
        _position = 4;
        Version = UInt32();
        var tensors = UInt64();
        var keys = UInt64();
        for (var i = 0UL; i < keys; i++)
        {
            var key = String();
            Metadata.Add(key, Value(UInt32()));
        }

        for (var i = 0UL; i < tensors; i++)
        {
            var name = String();
            var shape = Enumerable.Range(0, (int)UInt32()).Select(_ => (int)UInt64()).ToArray();
            Tensors.Add(new Tensor(name, shape, UInt32(), (long)UInt64()));
        }

        InfoEnd = _position;
        DataStart = (_position + 31) / 32 * 32;
    }

    public string Magic { get; }

    public uint Version { get; }

    public Dictionary<string, object> Metadata { get; } = [];

    public List<Tensor> Tensors { get; } = [];

    public int InfoEnd { get; }

    public int DataStart { get; }

    public Tensor this[string name] => Tensors.Single(tensor => tensor.Name == name);

    public ReadOnlySpan<byte> Data(Tensor tensor) => _bytes.AsSpan(DataStart + (int)tensor.Offset);

    private uint UInt32()
    {
        _position += 4;
        return BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(_position - 4));
    }

    private ulong UInt64()
    {
        _position += 8;
        return BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(_position - 8));
    }

    private string String()
    {
        var length = (int)UInt64();
        _position += length;
        return Encoding.UTF8.GetString(_bytes, _position - length, length);
    }

    private object Value(uint type) =>
        type switch
        {
            4 => UInt32(),
            5 => unchecked((int)UInt32()),
            6 => BitConverter.UInt32BitsToSingle(UInt32()),
            7 => _bytes[_position++] == 1,
            8 => String(),
            9 => Array(),
            _ => throw new InvalidDataException($"Value type {type} at {_position}."),
        };

    private object[] Array()
    {
        var type = UInt32();
        return Enumerable.Range(0, (int)UInt64()).Select(_ => Value(type)).ToArray();
    }

    public sealed record Tensor(string Name, int[] Shape, uint Type, long Offset);
}
