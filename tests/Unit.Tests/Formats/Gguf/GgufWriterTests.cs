using Gfxbake.Formats.Gguf;

namespace Gfxbake.Unit.Tests.Formats.Gguf;

public sealed class GgufWriterTests
{
    [Test]
    public void Header_carries_magic_version_and_counts_when_the_file_is_empty()
    {
        Assert.That(Bytes(new GgufWriter()), Is.EqualTo("GGUF\x03\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"u8.ToArray()));
    }

    [Test]
    public void Metadata_reads_back_in_every_value_type()
    {
        var file = Read(
            new GgufWriter()
                .Add("u", 7u)
                .Add("f", 1.5f)
                .Add("b", true)
                .Add("s", "▁é")
                .Add("as", ["x", ""])
                .Add("af", [0.5f, -1f])
                .Add("ai", [-3, 4])
        );

        using (Assert.EnterMultipleScope())
        {
            Assert.That(file.Metadata["u"], Is.EqualTo(7u));
            Assert.That(file.Metadata["f"], Is.EqualTo(1.5f));
            Assert.That(file.Metadata["b"], Is.True);
            Assert.That(file.Metadata["s"], Is.EqualTo("▁é"));
            Assert.That(file.Metadata["as"], Is.EqualTo(new object[] { "x", "" }));
            Assert.That(file.Metadata["af"], Is.EqualTo(new object[] { 0.5f, -1f }));
            Assert.That(file.Metadata["ai"], Is.EqualTo(new object[] { -3, 4 }));
        }
    }

    [Test]
    public void Tensors_start_at_multiples_of_32_when_their_sizes_are_odd()
    {
        var bytes = Bytes(new GgufWriter().Add(Tensor("a", 3)).Add(Tensor("b", 9)).Add(Tensor("c", 1)));
        var file = new GgufFile(bytes);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(file.Tensors.Select(tensor => tensor.Offset), Is.EqualTo(new long[] { 0, 32, 96 }));
            Assert.That(bytes, Has.Length.EqualTo(file.DataStart + 128));
            Assert.That(bytes[file.InfoEnd..file.DataStart], Is.All.Zero);
            Assert.That(file.Data(file["b"])[..4].ToArray(), Is.EqualTo(BitConverter.GetBytes(1f)));
        }
    }

    [Test]
    public void Shape_is_written_with_the_fastest_running_size_first()
    {
        var file = Read(new GgufWriter().Add(new GgufTensor("m", GgufTensorType.F16, [4, 2], () => new float[8])));

        Assert.That(file["m"].Shape, Is.EqualTo(new[] { 4, 2 }));
        Assert.That(file["m"].Type, Is.EqualTo(1u));
    }

    [TestCase("")]
    [TestCase("Upper.case")]
    [TestCase("with space")]
    [TestCase("line\nbreak")]
    [TestCase("umläut")]
    public void Key_is_refused_when_it_has_other_characters_than_the_format_allows(string key)
    {
        Assert.That(() => new GgufWriter().Add(key, 1u), Throws.ArgumentException.With.Message.Contains("Metadata key"));
    }

    [TestCase(65535, true)]
    [TestCase(65536, false)]
    public void Key_may_have_65535_characters(int length, bool allowed)
    {
        Assert.That(() => new GgufWriter().Add(new string('k', length), 1u), allowed ? Throws.Nothing : Throws.ArgumentException);
    }

    [TestCase(0, false)]
    [TestCase(63, true)]
    [TestCase(64, false)]
    public void Tensor_name_must_fit_into_64_bytes_with_a_zero(int length, bool allowed)
    {
        Assert.That(() => new GgufWriter().Add(Tensor(new string('t', length), 1)), allowed ? Throws.Nothing : Throws.ArgumentException);
    }

    [Test]
    public void Tensor_name_is_counted_in_bytes_not_in_characters()
    {
        Assert.That(() => new GgufWriter().Add(Tensor(new string('é', 32), 1)), Throws.ArgumentException.With.Message.Contains("64 bytes"));
    }

    [TestCase(new int[0])]
    [TestCase(new[] { 0 })]
    [TestCase(new[] { 2, -1 })]
    [TestCase(new[] { 1, 1, 1, 1, 1 })]
    public void Shape_is_refused_when_it_has_no_1_to_4_positive_sizes(int[] shape)
    {
        Assert.That(() => new GgufWriter().Add(new GgufTensor("t", GgufTensorType.F32, shape, () => [])), Throws.ArgumentException);
    }

    [Test]
    public void Q8_tensor_is_refused_when_its_rows_are_no_multiple_of_32()
    {
        Assert.That(
            () => new GgufWriter().Add(new GgufTensor("t", GgufTensorType.Q8, [48], () => new float[48])),
            Throws.ArgumentException.With.Message.Contains("48 is no multiple of 32")
        );
    }

    [Test]
    public void Key_or_tensor_is_refused_when_it_comes_twice()
    {
        var writer = new GgufWriter().Add("k", 1u).Add(Tensor("t", 1));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => writer.Add("k", 2u), Throws.ArgumentException.With.Message.Contains("before"));
            Assert.That(() => writer.Add(Tensor("t", 1)), Throws.ArgumentException.With.Message.Contains("before"));
        }
    }

    [Test]
    public void WriteTo_fails_when_a_tensor_gives_other_than_the_promised_number_of_values()
    {
        var writer = new GgufWriter().Add(new GgufTensor("t", GgufTensorType.F32, [2, 2], () => new float[3]));

        Assert.That(
            () => writer.WriteTo(new MemoryStream()),
            Throws.ArgumentException.With.Message.Contains("3 values; its shape needs 4")
        );
    }

    private static GgufTensor Tensor(string name, int count) =>
        new(name, GgufTensorType.F32, [count], () => Enumerable.Repeat(1f, count).ToArray());

    private static GgufFile Read(GgufWriter writer) => new(Bytes(writer));

    private static byte[] Bytes(GgufWriter writer)
    {
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        return stream.ToArray();
    }
}
