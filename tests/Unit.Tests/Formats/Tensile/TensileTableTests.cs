using Gfxbake.Formats.Tensile;

namespace Gfxbake.Unit.Tests.Formats.Tensile;

public sealed class TensileTableTests
{
    [Test]
    public void Placeholders_are_the_tables_that_it_names()
    {
        var table = Read(TableBuilder.Lazy("a_gfx1100", new string('b', 70), "a_gfx1100"));

        Assert.That(table.Tables, Is.EqualTo(new[] { "a_gfx1100", new string('b', 70) }));
        Assert.That((table.HasSourceKernels, table.HasAssembledKernels), Is.EqualTo((false, false)));
    }

    [TestCase(new[] { true }, true, false)]
    [TestCase(new[] { false }, false, true)]
    [TestCase(new[] { true, false }, true, true)]
    [TestCase(new bool[0], false, false)]
    public void Kernels_say_which_kind_of_file_they_are_in(bool[] kernels, bool source, bool assembled)
    {
        var table = Read(TableBuilder.Kernels(kernels));

        Assert.That((table.HasSourceKernels, table.HasAssembledKernels), Is.EqualTo((source, assembled)));
    }

    [Test]
    public void Value_may_come_before_its_type() =>
        Assert.That(
            Read(TableBuilder.Map(("value", TableBuilder.Text("t")), ("type", TableBuilder.Text("Placeholder")))).Tables,
            Is.EqualTo(new[] { "t" })
        );

    [Test]
    public void Items_across_the_ends_of_the_buffer_are_read()
    {
        // 70,000 texts of odd lengths, so that every kind of seam occurs.
        var names = Enumerable.Range(0, 20_000).Select(i => new string('n', i % 37) + i).ToArray();

        Assert.That(Read(TableBuilder.Lazy(names)).Tables, Is.EqualTo(names));
    }

    [TestCase(new byte[] { }, "ends in the middle")]
    [TestCase(new byte[] { 0x81, 0xa1, (byte)'a' }, "ends in the middle")]
    [TestCase(new byte[] { 0x05 }, "neither a map nor a list")]
    [TestCase(new byte[] { 0xc1 }, "starts no item")]
    [TestCase(new byte[] { 0xdd, 0xff, 0xff, 0xff, 0xff }, "do not fit")]
    [TestCase(new byte[] { 0xdf, 0x7f, 0xff, 0xff, 0xff, 1, 1 }, "do not fit")]
    [TestCase(new byte[] { 0x91, 0xdb, 0xff, 0xff, 0xff, 0xff }, "ends in the middle")]
    [TestCase(new byte[] { 0x91, 0xc6, 0x7f, 0xff, 0xff, 0xff }, "ends in the middle")]
    public void Malformed_table_is_refused(byte[] bytes, string expected) =>
        Assert.That(() => Read(bytes), Throws.TypeOf<TensileFormatException>().With.Message.Contains(expected));

    [Test]
    public void Deep_table_is_refused() =>
        Assert.That(() => Read([.. Enumerable.Repeat((byte)0x91, 100_000)]), Throws.TypeOf<TensileFormatException>());

    [Test]
    public void Damaged_table_is_read_or_refused()
    {
        byte[][] samples = [TableBuilder.Lazy("a_gfx1100", "b_fallback", "c"), TableBuilder.Kernels(true, false, true)];
        Rounds.Run(random =>
        {
            var bytes = samples[random.Next(samples.Length)].ToArray();
            for (var i = random.Next(1, 6); i > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            try
            {
                Read(bytes);
            }
            catch (TensileFormatException)
            {
                // Nothing else is allowed.
            }
        });
    }

    private static TensileTable Read(byte[] bytes) => TensileTable.Read(new MemoryStream(bytes));
}
