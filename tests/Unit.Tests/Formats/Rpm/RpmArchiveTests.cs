using Gfxbake.Formats.Rpm;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Unit.Tests.Formats.Rpm;

public class RpmArchiveTests
{
    // A cpio with ./usr/hello, compressed by xz.
    private const string Packed =
        "/Td6WFoAAAFpIt42AgAhARYAAAB0L+Wj4AD7AEFdABgN3QRjnHIbdqHAKPF1LqvuwBhGdv8BKkb3pVEhEPof/iMgXBwVvxGF"
        + "HvNcNXXcgwlAczX2b3V0lmMlFwZnbAMAAAAAAC9gbE8AAVn8AQAAANtXrN0+MA2LAgAAAAABWVo=";

    [Test]
    public void Package_compressed_by_xz_gives_its_files()
    {
        using var stream = new MemoryStream(Package("xz", Convert.FromBase64String(Packed)));

        var files = RpmArchive.Open(stream).Files().Select(f => (f.Path, f.Kind, Text: new StreamReader(f.Content).ReadToEnd())).ToList();

        Assert.That(files, Is.EqualTo(new[] { ("./usr/hello", CpioKind.File, "hi\n") }));
    }

    [Test]
    public void Cut_or_damaged_xz_is_an_error()
    {
        var whole = Convert.FromBase64String(Packed);
        Rounds.Run(random =>
        {
            byte[] payload = [.. whole];
            if (random.Next(2) == 0)
                payload = payload[..random.Next(payload.Length)];
            else
                payload[random.Next(payload.Length)] ^= (byte)(1 << random.Next(8));
            using var stream = new MemoryStream(Package("xz", payload));
            try
            {
                // What was not needed to reach the last entry may be damaged.
                Assert.That(RpmArchive.Open(stream).Files().Count(), Is.LessThanOrEqualTo(1));
            }
            catch (Exception error) when (error is FormatException or CompressionException) { }
        });
    }

    [Test]
    public void Other_compression_is_refused_by_name()
    {
        using var stream = new MemoryStream(Package("lzma", []));

        Assert.That(() => RpmArchive.Open(stream).Files().Count(), Throws.TypeOf<FormatException>().With.Message.Contains("lzma"));
    }

    private static byte[] Package(string compressor, byte[] payload)
    {
        var lead = new byte[96];
        new byte[] { 0xED, 0xAB, 0xEE, 0xDB }.CopyTo(lead, 0);
        byte[] magic = [0x8E, 0xAD, 0xE8, 0x01, 0, 0, 0, 0];
        byte[] signature = [.. magic, .. new byte[8]];
        var header = RpmHeaderBuilder.Package("p").Text(1125, compressor).Build();
        return [.. lead, .. signature, .. magic, .. header, .. payload];
    }
}
