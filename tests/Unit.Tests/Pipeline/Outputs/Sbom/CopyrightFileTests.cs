using Gfxbake.Pipeline.Outputs.Sbom;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Sbom;

[TestFixture]
internal sealed class CopyrightFileTests
{
    private const string Header = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n";

    [Test]
    public void Licences_of_files_are_declared_and_stand_alone_ones_give_texts()
    {
        var file = CopyrightFile.TryParse(
            Header
                + """

                Files: *
                Copyright: 2020 Somebody
                License: GPL-2+

                Files: lib/*
                Copyright: 2021 Somebody else
                License: custom
                 You may.
                 .
                   And you must.

                License: GPL-2+
                 See /usr/share/common-licenses/GPL-2.

                License: unused
                 Nothing here has it.
                """
        )!;

        Assert.That(file.Declared, Is.EqualTo(new[] { "GPL-2+", "custom" }));
        Assert.That(file.Texts["custom"], Is.EqualTo("You may.\n\n  And you must."));
        Assert.That(file.Texts["GPL-2+"], Is.EqualTo("See /usr/share/common-licenses/GPL-2."));
    }

    [TestCase("")]
    [TestCase("This package was debianized by hand.\n\nLicense: GPL-2\n")]
    [TestCase("Format: something else\nLicense: MIT\n")]
    [TestCase(Header)]
    [TestCase(Header + "\nLicense: MIT\n text\n")]
    public void Other_texts_declare_nothing(string text) => Assert.That(CopyrightFile.TryParse(text), Is.Null);

    [Test]
    public void Any_mutation_is_read_without_an_error()
    {
        var text = (Header + "\nFiles: *\nLicense: A or B, and C\n x\n .\n\nLicense: A\n y\n").ToCharArray();
        const string Characters = "\n\t :.,#\0\u00e9LF";
        Rounds.Run(random =>
        {
            var mutated = (char[])text.Clone();
            for (var i = random.Next(1, 6); i > 0; i--)
                mutated[random.Next(mutated.Length)] = Characters[random.Next(Characters.Length)];

            Assert.That(() => new LicenceReader().Read("/copyright", new string(mutated)), Throws.Nothing);
        });
    }
}
