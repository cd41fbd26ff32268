using System.Text;
using Gfxbake.Formats.Offload;

namespace Gfxbake.Unit.Tests.Formats.Offload;

public sealed class LooseCodeTests
{
    [Test]
    public void Target_of_a_bare_code_object_comes_from_its_metadata()
    {
        var code = Read(CodeObject("gfx90a:xnack-", 500))!;

        Assert.That(code.IsBare);
        Assert.That(
            code.Bundle.Entries.Select(e => (e.Id, e.Size)),
            Is.EqualTo(
                new[]
                {
                    ("host-x86_64-unknown-linux-gnu-", 0L),
                    ("hipv4-amdgcn-amd-amdhsa--gfx90a:xnack-", CodeObject("gfx90a:xnack-", 500).Length),
                }
            )
        );
    }

    [TestCase(OffloadForm.Slim)]
    [TestCase(OffloadForm.Raw)]
    public void Bare_code_object_stays_bare(OffloadForm form) => Assert.That(Plan(CodeObject("gfx1151", 500), form), Is.Null);

    [Test]
    public void Bare_code_object_becomes_a_compressed_bundle_and_bare_again()
    {
        var bare = CodeObject("gfx1151", 50_000);

        var packed = Rewrite(bare, OffloadForm.Compress);

        Assert.That(packed, Has.Length.LessThan(bare.Length / 4));
        Assert.That(packed.AsSpan(0, 6).SequenceEqual("CCOB\u0002\0"u8));
        Assert.That(Rewrite(packed, OffloadForm.Raw), Is.EqualTo(bare));
        Assert.That(Rewrite(bare, OffloadForm.Compress), Is.EqualTo(packed), "the same bytes again");
    }

    [TestCase(null, OffloadForm.Slim)]
    [TestCase(3, OffloadForm.Slim)]
    [TestCase(3, OffloadForm.Compress)]
    [TestCase(1, OffloadForm.Compress)]
    public void Bundle_keeps_the_wanted_code_alone(int? version, OffloadForm form)
    {
        var file = (BundleBuilder.For(4000, "gfx900", "gfx1151", "gfx1201") with { Version = version }).Build();

        var slim = Read(Rewrite(file, form))!;

        Assert.That(slim.Bundle.Entries.Select(e => e.Target?.Processor), Is.EqualTo(new[] { null, "gfx1151" }));
        Assert.That(slim.Bundle.Compression?.Version, Is.EqualTo(version is 1 ? 2 : version));
    }

    [Test]
    public void Bundle_without_the_wanted_code_is_refused() =>
        Assert.That(
            () => Plan(BundleBuilder.For("gfx900").Build(), OffloadForm.Slim),
            Throws.TypeOf<OffloadRefusedException>().With.Message.EqualTo("it has no code for gfx1151")
        );

    [TestCase("")]
    [TestCase("TensileLibrary")]
    [TestCase("\u007fELF")]
    public void Other_files_are_no_code(string content) =>
        Assert.That(Read(Encoding.Latin1.GetBytes(content.PadRight(content.Length == 0 ? 0 : 100))), Is.Null);

    [Test]
    public void Code_object_whose_metadata_is_cut_off_is_no_code()
    {
        var code = CodeObject("gfx1151", 500);
        for (var length = 0; length < 64 + 56 + 60; length++)
            Assert.That(Read(code[..length]), Is.Null, $"{length} bytes");
    }

    [Test]
    public void Damaged_compressed_code_is_an_error_and_no_file()
    {
        var file = (BundleBuilder.For(4000, "gfx900", "gfx1151") with { Version = 3 }).Build().With(b => b[^20] ^= 1);

        Assert.That(() => Rewrite(file, OffloadForm.Raw), Throws.TypeOf<OffloadFormatException>());
    }

    /// <summary>A bare code object: an AMDGPU ELF file whose note has the metadata's target, and code that can be compressed.</summary>
    internal static byte[] CodeObject(string target, int size)
    {
        var name = "amdgcn-amd-amdhsa--" + target;
        byte[] text =
        [
            0x82,
            0xad,
            .. "amdhsa.target"u8,
            .. name.Length < 32 ? (byte[])[(byte)(0xa0 | name.Length)] : [0xd9, (byte)name.Length],
            .. Encoding.ASCII.GetBytes(name),
            0xae,
            .. "amdhsa.version"u8,
            0x92,
            1,
            2,
        ];
        byte[] note = [7, 0, 0, 0, .. BitConverter.GetBytes(text.Length), 32, 0, 0, 0, .. "AMDGPU\0\0"u8, .. text];
        byte[] header =
        [
            0x7f,
            (byte)'E',
            (byte)'L',
            (byte)'F',
            2,
            1,
            1,
            64,
            4,
            .. new byte[7],
            3,
            0,
            224,
            0,
            1,
            0,
            0,
            0,
            .. new byte[8],
            64,
            .. new byte[7],
            .. new byte[8],
            .. new byte[4],
            64,
            0,
            56,
            0,
            1,
            0,
            64,
            0,
            0,
            0,
            0,
            0,
        ];
        byte[] program =
        [
            4,
            0,
            0,
            0,
            4,
            0,
            0,
            0,
            .. BitConverter.GetBytes(120L),
            .. BitConverter.GetBytes(120L),
            .. BitConverter.GetBytes(120L),
            .. BitConverter.GetBytes((long)note.Length),
            .. BitConverter.GetBytes((long)note.Length),
            4,
            .. new byte[7],
        ];
        return [.. header, .. program, .. note, .. BundleBuilder.Code(target, size, compressible: true)];
    }

    private static LooseCode? Read(byte[] file) => LooseCode.TryRead(new MemoryStream(file));

    private static LooseRewrite? Plan(byte[] file, OffloadForm form) => LooseRewrite.Plan(Read(file)!, [TargetId.Parse("gfx1151")], form);

    private static byte[] Rewrite(byte[] file, OffloadForm form)
    {
        var output = new MemoryStream();
        Plan(file, form)!.Write(new MemoryStream(file), output);
        return output.ToArray();
    }
}
