using Gfxbake.Pipeline.Outputs.Sbom;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Sbom;

[TestFixture]
internal sealed class LicenceReaderTests
{
    [TestCase("Expat", "MIT")]
    [TestCase("GPL-2", "GPL-2.0-only")]
    [TestCase("GPL-2+", "GPL-2.0-or-later")]
    [TestCase("GPL-3.0-or-later", "GPL-3.0-or-later")]
    [TestCase("LGPL-2.1+", "LGPL-2.1-or-later")]
    [TestCase("lgpl-3", "LGPL-3.0-only")]
    [TestCase("GFDL-1.3", "GFDL-1.3-only")]
    [TestCase("GFDL-NIV-1.3+", "GFDL-1.3-no-invariants-or-later")]
    [TestCase("BSD-3-clause", "BSD-3-Clause")]
    [TestCase("Apache-2.0 with LLVM exception", "Apache-2.0 WITH LLVM-exception")]
    [TestCase("GPL-2+ or MIT", "GPL-2.0-or-later OR MIT")]
    [TestCase("GPL-2+ or MIT and Zlib", "GPL-2.0-or-later OR (MIT AND Zlib)")]
    [TestCase("GPL-2+ or MIT, and Zlib", "(GPL-2.0-or-later OR MIT) AND Zlib")]
    [TestCase("MIT and Zlib, or ISC", "(MIT AND Zlib) OR ISC")]
    public void Known_names_become_expressions(string declared, string expression)
    {
        var reader = new LicenceReader();

        Assert.That(Read(reader, declared), Is.EqualTo(new PackageLicence(expression, null)));
        Assert.That(reader.Extracted, Is.Empty);
    }

    // No version, no such version, an exception nobody named, a word of a whole family: which licence it is, is not guessed.
    [TestCase("GPL")]
    [TestCase("GPL-9+")]
    [TestCase("LGPL-2.5")]
    [TestCase("GPL-2+ with OpenSSL exception")]
    [TestCase("GPL-NIV-2")]
    [TestCase("BSD")]
    [TestCase("public-domain")]
    [TestCase("Artistic")]
    [TestCase("MIT and Zlib, or ISC, and X11")]
    public void Other_names_become_references_with_their_text(string declared)
    {
        var reader = new LicenceReader();

        var licence = Read(reader, declared, "As it is.");

        Assert.That(licence.Expression, Does.Match("^LicenseRef-[A-Za-z0-9.-]+$"));
        Assert.That(reader.Extracted, Is.EqualTo(new[] { new ExtractedLicence(licence.Expression!, declared, "As it is.") }));
    }

    [Test]
    public void One_name_with_two_texts_is_two_licences()
    {
        var reader = new LicenceReader();

        Assert.That(Read(reader, "mine", "first").Expression, Is.Not.EqualTo(Read(reader, "mine", "second").Expression));
        Assert.That(reader.Extracted, Has.Count.EqualTo(2));
    }

    [Test]
    public void Name_without_a_text_says_so()
    {
        var reader = new LicenceReader();
        Read(reader, "mine");

        Assert.That(reader.Extracted.Single().Text, Does.Contain("no text"));
    }

    [Test]
    public void Licences_of_all_files_hold_together()
    {
        var text = Format + "\nFiles: a\nLicense: MIT or ISC\n\nFiles: b\nLicense: Zlib\n\nFiles: c\nLicense: Expat\n";

        Assert.That(new LicenceReader().Read("/c", text).Expression, Is.EqualTo("MIT AND (MIT OR ISC) AND Zlib"));
    }

    [TestCase(null, "The image has no /c.")]
    [TestCase("Copyright me.", "/c is not in Debian's machine-readable format")]
    public void Text_that_declares_nothing_gives_no_expression(string? text, string note)
    {
        var licence = new LicenceReader().Read("/c", text);

        Assert.That((licence.Expression, licence.Note), Is.EqualTo(((string?)null, licence.Note)));
        Assert.That(licence.Note, Does.StartWith(note));
    }

    private const string Format = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n";

    private static PackageLicence Read(LicenceReader reader, string declared, string? text = null) =>
        reader.Read("/c", $"{Format}\nFiles: *\nLicense: {declared}\n" + (text is null ? "" : $"\nLicense: {declared}\n {text}\n"));
}
