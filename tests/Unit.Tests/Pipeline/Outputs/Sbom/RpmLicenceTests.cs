using Gfxbake.Formats.Packages;
using Gfxbake.Pipeline.Outputs.Sbom;
using Gfxbake.Unit.Tests.Formats.Rpm;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Sbom;

[TestFixture]
internal sealed class RpmLicenceTests
{
    [TestCase("MIT", "MIT")]
    [TestCase(" MIT AND (Apache-2.0 OR GPL-2.0-or-later) ", "MIT AND (Apache-2.0 OR GPL-2.0-or-later)")]
    [TestCase("((MIT))", "((MIT))")]
    [TestCase("MIT and BSD-3-Clause or Zlib", "MIT AND BSD-3-Clause OR Zlib")]
    [TestCase("LGPL-2.1-or-later WITH GCC-exception-2.0 AND ISC", "LGPL-2.1-or-later WITH GCC-exception-2.0 AND ISC")]
    [TestCase("(MIT)AND(ISC)", "(MIT) AND (ISC)")]
    public void Expression_of_known_names_stays(string field, string expression)
    {
        var reader = new LicenceReader();

        Assert.That(Read(reader, field), Is.EqualTo(new PackageLicence(expression, null)));
        Assert.That(reader.Extracted, Is.Empty);
    }

    [TestCase("MIT and Public Domain", "^MIT AND LicenseRef-Public-Domain-[0-9a-f]{12}$", "Public Domain")]
    [TestCase("(GPLv2+ with exceptions) or MIT", "^\\(LicenseRef-GPLv2-with-exceptions-[0-9a-f]{12}\\) OR MIT$", "GPLv2+ with exceptions")]
    [TestCase("MIT WITH made-up-exception", "^LicenseRef-MIT-WITH-made-up-exception-", "MIT WITH made-up-exception")]
    // What is no expression is one name: no half of it is guessed.
    [TestCase("(MIT", "^LicenseRef-MIT-[0-9a-f]{12}$", "(MIT")]
    [TestCase("MIT)", "^LicenseRef-MIT-[0-9a-f]{12}$", "MIT)")]
    [TestCase("MIT AND", "^LicenseRef-MIT-AND-[0-9a-f]{12}$", "MIT AND")]
    [TestCase("OR MIT", "^LicenseRef-OR-MIT-[0-9a-f]{12}$", "OR MIT")]
    [TestCase("MIT (ISC)", "^LicenseRef-MIT-ISC-[0-9a-f]{12}$", "MIT (ISC)")]
    [TestCase("(MIT) ISC", "^LicenseRef-MIT-ISC-[0-9a-f]{12}$", "(MIT) ISC")]
    [TestCase("MIT) AND (ISC", "^LicenseRef-MIT-AND-ISC-[0-9a-f]{12}$", "MIT) AND (ISC")]
    [TestCase("mine AND (yours", "^LicenseRef-mine-AND-yours-[0-9a-f]{12}$", "mine AND (yours")]
    [TestCase("()", "^LicenseRef-+[0-9a-f]{12}$", "()")]
    public void Other_name_becomes_a_reference(string field, string expression, string name)
    {
        var reader = new LicenceReader();

        Assert.That(Read(reader, field).Expression, Does.Match(expression));
        Assert.That(reader.Extracted.Single().Name, Is.EqualTo(name));
        Assert.That(reader.Extracted.Single().Text, Does.Contain("files that it marks as licences"));
    }

    [TestCase(null)]
    [TestCase(" ")]
    public void Package_without_the_field_says_so(string? field) =>
        Assert.That(Read(new LicenceReader(), field), Is.EqualTo(new PackageLicence(null, "The package has no field License.")));

    [Test]
    public void Any_field_gives_an_expression_with_closed_brackets()
    {
        string[] words = ["(", ")", "and", "OR", "MIT", "x", "WITH", " ", "\t"];
        Rounds.Run(random =>
        {
            var field = string.Join(' ', Enumerable.Range(0, random.Next(12)).Select(_ => words[random.Next(words.Length)]));

            var expression = Read(new LicenceReader(), field).Expression ?? "";

            Assert.That(expression.Count(c => c == '('), Is.EqualTo(expression.Count(c => c == ')')), field);
            Assert.That(expression, Does.Not.Contain("  ").And.Not.Contain("()"), field);
        });
    }

    [Test]
    public void Document_of_an_image_of_rpms_has_their_urls_licences_and_sources()
    {
        using var sample = new SampleSbom(debian: false);
        sample
            .Planned.Image.Text("/etc/os-release", "NAME=Fedora\nID=fedora\n")
            .Text("/usr/share/licenses/tool/MIT", "terms")
            .File(
                "/usr/lib/sysimage/rpm/rpmdb.sqlite",
                RpmDatabaseTests.Database(
                    RpmHeaderBuilder
                        .Package("tool", ("/usr/bin/tool", 0), ("/usr/bin/alias", 0), ("/usr/share/licenses/tool/MIT", 128))
                        .Numbers(1003, 4)
                        .Text(1014, "MIT OR Other")
                        .Text(1044, "toolbox-1-1.src.rpm"),
                    RpmHeaderBuilder.Package("other", ("/usr/bin/other", 0))
                )
            );
        var document = sample.Document;

        var package = document.Packages.Single();
        Assert.Multiple(() =>
        {
            Assert.That(
                $"{package.Name} {package.Version} {package.Source} {package.Purl} {package.Links}",
                Is.EqualTo("tool 4:1-1 toolbox pkg:rpm/fedora/tool@1-1?arch=x86_64&epoch=4 1")
            );
            Assert.That(package.Files.Select(f => f.Path), Is.EqualTo(new[] { "/usr/bin/tool", "/usr/share/licenses/tool/MIT" }));
            Assert.That(package.Licence.Expression, Is.EqualTo("MIT OR " + document.Licences.Single().Id));
            Assert.That(sample.Planned.Causes("/usr/share/licenses/tool/MIT"), Is.EqualTo("LicenceOf tool"));
        });
    }

    private static PackageLicence Read(LicenceReader reader, string? field) =>
        reader.Read(new DeclaredLicence(field, "License", IsExpression: true));
}
