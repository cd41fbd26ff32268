using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Gfxbake.Formats.Gguf;

/// <summary>Writes a GGUF version 3 file: metadata in the order it was added, then the tensors.</summary>
/// <remarks>
/// Format: docs/gguf.md of ggml. Little-endian. Same calls, same bytes: nothing of the machine or the time gets in.
/// Bad names and shapes throw <see cref="ArgumentException"/> when they are added, before a byte is written.
/// </remarks>
public sealed class GgufWriter
{
    /// <summary>Every tensor's data, and the data section itself, start at a multiple of this many bytes.</summary>
    public const int Alignment = 32;

    /// <summary>ggml's GGML_MAX_NAME less the zero at the end.</summary>
    public const int MaxTensorNameBytes = 63;

    /// <summary>The format's limit for a metadata key.</summary>
    public const int MaxKeyBytes = 65535;

    private const uint Version = 3;
    private const int MaxDimensions = 4;

    private readonly ArrayBufferWriter<byte> _metadata = new();
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly List<GgufTensor> _tensors = [];
    private readonly HashSet<string> _tensorNames = new(StringComparer.Ordinal);

    private enum ValueType : uint
    {
        UInt32 = 4,
        Int32 = 5,
        Float32 = 6,
        Bool = 7,
        String = 8,
        Array = 9,
    }

    public GgufWriter Add(string key, uint value) => AddValue(key, ValueType.UInt32, () => WriteUInt32(_metadata, value));

    public GgufWriter Add(string key, float value) => AddValue(key, ValueType.Float32, () => WriteSingle(value));

    public GgufWriter Add(string key, bool value) => AddValue(key, ValueType.Bool, () => _metadata.Write(value ? [1] : [0]));

    public GgufWriter Add(string key, string value) => AddValue(key, ValueType.String, () => WriteString(_metadata, value));

    public GgufWriter Add(string key, IReadOnlyList<string> values) =>
        AddArray(key, ValueType.String, values, value => WriteString(_metadata, value));

    public GgufWriter Add(string key, IReadOnlyList<float> values) => AddArray(key, ValueType.Float32, values, WriteSingle);

    public GgufWriter Add(string key, IReadOnlyList<int> values) =>
        AddArray(key, ValueType.Int32, values, value => WriteUInt32(_metadata, unchecked((uint)value)));

    /// <summary>Adds a tensor; its values are asked for in <see cref="WriteTo"/>, one tensor at a time.</summary>
    public GgufWriter Add(GgufTensor tensor)
    {
        var nameBytes = Encoding.UTF8.GetByteCount(tensor.Name);
        if (nameBytes is 0 or > MaxTensorNameBytes)
        {
            throw new ArgumentException(
                $"Tensor name '{tensor.Name}' has {nameBytes} bytes; 1 to {MaxTensorNameBytes} are allowed.",
                nameof(tensor)
            );
        }

        if (tensor.Shape.Count is 0 or > MaxDimensions || tensor.Shape.Any(size => size <= 0))
        {
            throw new ArgumentException(
                $"Tensor '{tensor.Name}' needs 1 to {MaxDimensions} sizes above zero, not [{string.Join(", ", tensor.Shape)}].",
                nameof(tensor)
            );
        }

        var block = TensorEncoding.BlockValues(tensor.Type);
        if (tensor.Shape[0] % block != 0)
        {
            throw new ArgumentException(
                $"Tensor '{tensor.Name}': the first size {tensor.Shape[0]} is no multiple of {block}, the block of {tensor.Type}.",
                nameof(tensor)
            );
        }

        if (!_tensorNames.Add(tensor.Name))
            throw new ArgumentException($"Tensor '{tensor.Name}' was added before.", nameof(tensor));

        _tensors.Add(tensor);
        return this;
    }

    /// <summary>Writes the file from the stream's position on; the stream need not seek and is left open.</summary>
    public void WriteTo(Stream output)
    {
        var head = new ArrayBufferWriter<byte>();
        head.Write("GGUF"u8);
        WriteUInt32(head, Version);
        WriteUInt64(head, (ulong)_tensors.Count);
        WriteUInt64(head, (ulong)_keys.Count);
        head.Write(_metadata.WrittenSpan);
        WriteTensorInfos(head);
        output.Write(head.WrittenSpan);
        Pad(output, head.WrittenCount);
        foreach (var tensor in _tensors)
        {
            var values = tensor.Values();
            if (values.Length != ValueCount(tensor))
                throw new ArgumentException($"Tensor '{tensor.Name}' gave {values.Length} values; its shape needs {ValueCount(tensor)}.");

            var bytes = TensorEncoding.Encode(tensor.Type, values);
            output.Write(bytes);
            Pad(output, bytes.Length);
        }
    }

    private static long ValueCount(GgufTensor tensor) => tensor.Shape.Aggregate(1L, (product, size) => checked(product * size));

    private static void Pad(Stream stream, long length)
    {
        Span<byte> zeros = stackalloc byte[Alignment];
        zeros.Clear();
        stream.Write(zeros[..(int)((Alignment - (length % Alignment)) % Alignment)]);
    }

    private static void WriteUInt32(ArrayBufferWriter<byte> buffer, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.GetSpan(sizeof(uint)), value);
        buffer.Advance(sizeof(uint));
    }

    private static void WriteUInt64(ArrayBufferWriter<byte> buffer, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(buffer.GetSpan(sizeof(ulong)), value);
        buffer.Advance(sizeof(ulong));
    }

    private static void WriteString(ArrayBufferWriter<byte> buffer, string text)
    {
        WriteUInt64(buffer, (ulong)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, buffer);
    }

    private void WriteSingle(float value) => WriteUInt32(_metadata, BitConverter.SingleToUInt32Bits(value));

    private void WriteTensorInfos(ArrayBufferWriter<byte> head)
    {
        var offset = 0L;
        foreach (var tensor in _tensors)
        {
            WriteString(head, tensor.Name);
            WriteUInt32(head, (uint)tensor.Shape.Count);
            foreach (var size in tensor.Shape)
                WriteUInt64(head, (ulong)size);

            WriteUInt32(head, (uint)tensor.Type);
            WriteUInt64(head, (ulong)offset);
            var length = TensorEncoding.ByteCount(tensor.Type, ValueCount(tensor));
            offset = checked(offset + ((length + Alignment - 1) / Alignment * Alignment));
        }
    }

    private GgufWriter AddArray<T>(string key, ValueType type, IReadOnlyList<T> values, Action<T> write) =>
        AddValue(
            key,
            ValueType.Array,
            () =>
            {
                WriteUInt32(_metadata, (uint)type);
                WriteUInt64(_metadata, (ulong)values.Count);
                foreach (var value in values)
                    write(value);
            }
        );

    private GgufWriter AddValue(string key, ValueType type, Action write)
    {
        if (key.Length is 0 or > MaxKeyBytes || !key.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-'))
        {
            throw new ArgumentException(
                $"Metadata key '{key}' must be 1 to {MaxKeyBytes} characters out of a-z, 0-9, '.', '_' and '-'.",
                nameof(key)
            );
        }

        if (!_keys.Add(key))
            throw new ArgumentException($"Metadata key '{key}' was added before.", nameof(key));

        WriteString(_metadata, key);
        WriteUInt32(_metadata, (uint)type);
        write();
        return this;
    }
}
