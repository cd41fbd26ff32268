using System.Text.RegularExpressions;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;
using Gfxbake.Unit.Tests.Recipes.Reading;

namespace Gfxbake.Unit.Tests.Recipes.Model;

public sealed class PackageRecipeTests
{
    private const string Packages = """

        packages:
          release: 2
          epoch: 1
          description: [a sample, for tests]
          programs: [/usr/bin/sample]
          user: sample
          inner_programs:
            - {path: /usr/lib/sample/*, why: sample starts them, optional: true}
          host:
            - {path: /etc/**, why: own}
          links:
            - {path: /usr/share/sample, why: compiled in, optional: true}
          environment: {SAMPLE_MODE: fast}
          host_files: {SSL_CERT_FILE: [/etc/ssl/cert.pem]}
          files:
            - {source: _shared/packages/sample.service, target: /usr/lib/systemd/system/sample.service}
            - {source: _shared/packages/sample.env, target: /etc/sample.env}
          trees:
            - {from: air, source: air_llm/air, files: [/*.py], target: /usr/share/sample/air, license: Apache-2.0}
            - {source: sample/start, target: '{home}/usr/lib/sample/inner', replaced: inner-ordinary, variants: [debian]}
          hints: [read the manual]
          formats:
            arch:
              relations: {depends: [sh], conflicts: [other]}
            fedora:
              relations: {recommends: [ca-certificates]}
              lint: [{check: files-duplicated-waste, why: licence texts}]

        sources:
          air: {repository: 'https://example.org/air', tag: v1, commit: 0123456789012345678901234567890123456789}
        """;

    [Test]
    public void Packages_are_read()
    {
        using var folder = With(Packages);
        var book = RecipeBook.Open(folder.Root);
        var packages = book.Read("sample").Packages!;
        var places = book.Packaging.Format("arch").Places;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((packages.Release, packages.User, packages.Programs[0]), Is.EqualTo((2, "sample", "/usr/bin/sample")));
            Assert.That(
                packages.Files.Select(f => (places.IsUnit(f.Target), places.IsConfiguration(f.Target), f.Name)),
                Is.EqualTo(new[] { (true, false, "sample.service"), (false, true, "sample.env") })
            );
            Assert.That(packages.Links[0], Is.EqualTo(new RuntimePath("/usr/share/sample", "compiled in", Optional: true)));
            Assert.That((packages.Epoch, packages.InnerPrograms[0].Path), Is.EqualTo((1, "/usr/lib/sample/*")));
            Assert.That(
                packages.Trees.Select(t => (t.From, t.Source, t.Target, t.Replaced, t.License, t.IsOf("native"))),
                Is.EqualTo(
                    new (string?, string, string, string?, string?, bool)[]
                    {
                        ("air", "air_llm/air", "/usr/share/sample/air", null, "Apache-2.0", true),
                        (null, "sample/start", "{home}/usr/lib/sample/inner", "inner-ordinary", null, false),
                    }
                )
            );
            Assert.That(packages.Formats["arch"].Relations["depends"], Is.EqualTo(new[] { "sh" }));
            Assert.That(
                packages.Formats["fedora"].Lint,
                Is.EqualTo(new[] { new LintException("files-duplicated-waste", "licence texts") })
            );
        }
    }

    [Test]
    public void File_with_the_name_of_a_program_gets_another_where_the_package_is_made()
    {
        using var folder = With(Packages.Replace("target: /etc/sample.env", "target: /etc/default/sample, as: sample.default"));

        Assert.That(RecipeBook.Open(folder.Root).Read("sample").Packages!.Files[1].Name, Is.EqualTo("sample.default"));
    }

    [Test]
    public void Recipe_without_packages_has_none()
    {
        using var folder = new RecipeFolder();

        Assert.That(RecipeBook.Open(folder.Root).Read("sample").Packages, Is.Null);
    }

    [TestCase("target: /etc/sample.env", "target: /etc/sample.env, as: a/b", "'a/b' is no file name")]
    [TestCase("target: /etc/sample.env", "target: /etc/sample.env, as: ..", "'..' is no file name")]
    [TestCase("target: /etc/sample.env", "target: /etc/x, as: sample", "two files are called 'sample'")]
    [TestCase("epoch: 1", "epoch: -1", "the epoch must be 0 to 99")]
    [TestCase("path: /usr/lib/sample/*", "path: 'sample/*'", "is not absolute")]
    [TestCase("from: air,", "from: water,", "unknown source 'water'; known: air (the recipe's 'sources')")]
    [TestCase("source: air_llm/air,", "source: ../air,", "must be a file or folder below recipes/ or in the source, without '..'")]
    [TestCase("source: air_llm/air,", "source: a/../../b,", "must be a file or folder below recipes/ or in the source, without '..'")]
    [TestCase("source: sample/start", "source: /etc/shadow", "must be a file or folder below recipes/ or in the source, without '..'")]
    [TestCase("files: [/*.py]", "files: ['*.py']", "is not absolute")]
    [TestCase("files: [/*.py]", "files: [/../*.py]", "has an empty, '.' or '..' component")]
    [TestCase("target: /usr/share/sample/air", "target: /etc/air", "must begin with /usr/, {home}/ or {licenses}/")]
    [TestCase("target: /usr/share/sample/air", "target: /usr/../root", "must begin with /usr/, {home}/ or {licenses}/")]
    [TestCase("'{home}/usr/lib/sample/inner'", "'{home}/../x'", "must begin with /usr/, {home}/ or {licenses}/")]
    [TestCase("'{home}/usr/lib/sample/inner'", "'{home}/a b'", "must begin with /usr/, {home}/ or {licenses}/")]
    [TestCase("'{home}/usr/lib/sample/inner'", "/usr/lib/sample/inner", "files of the image lie below {home}, and the target does not")]
    [TestCase("replaced: inner-ordinary", "replaced: ../inner", "must be another name for the image's file")]
    [TestCase("replaced: inner-ordinary", "replaced: inner", "must be another name for the image's file")]
    [TestCase("license: Apache-2.0", "license: 'a; b'", "'a; b' is no SPDX expression")]
    [TestCase("variants: [debian]}", "variants: [gentoo]}", "unknown variant 'gentoo'; known: debian")]
    [TestCase("release: 2", "release: 0", "the release must be 1 to 9999")]
    [TestCase(
        "a sample,",
        "an all too long line that is in no list of packages shown whole and may not be here,",
        "must be one line of at most 79 characters"
    )]
    [TestCase("[/usr/bin/sample]", "[]", "at least one program is needed")]
    [TestCase("/usr/bin/sample", "/usr/bin/a b", "'/usr/bin/a b' must be an absolute path of letters")]
    [TestCase("/usr/bin/sample", "/usr/bin/$(date)", "must be an absolute path of letters")]
    [TestCase("/usr/bin/sample", "bin/sample", "must be an absolute path of letters")]
    [TestCase("user: sample", "user: 'a b'", "'a b' is no user name")]
    [TestCase("/usr/share/sample, why", "/usr/../etc, why", "must be an absolute path of letters")]
    [TestCase("/usr/share/sample, why", "/var/sample, why", "'/var/sample' is not below /usr/ or /etc/")]
    [TestCase("path: /etc/**", "path: 'etc/**'", "is not absolute")]
    [TestCase("SAMPLE_MODE", "'A B'", "'A B' is no name of a variable")]
    [TestCase("SSL_CERT_FILE", "'A;B'", "'A;B' is no name of a variable")]
    [TestCase("/etc/ssl/cert.pem", "/etc/ssl/../x", "must be an absolute path of letters")]
    [TestCase("_shared/packages/sample.env", "../secret", "must be a file below recipes/")]
    [TestCase("_shared/packages/sample.env", "/etc/shadow", "must be a file below recipes/")]
    [TestCase("_shared/packages/sample.env", "a/../../b", "must be a file below recipes/")]
    [TestCase("target: /etc/sample.env", "target: /root/.ssh/authorized_keys", "is not below /usr/ or /etc/")]
    [TestCase("target: /etc/sample.env", "target: /etc/sample", "two files are called 'sample'")]
    [TestCase("read the manual", "\"read\\nthe manual\"", "must be one line of text")]
    [TestCase("depends: [sh]", "depends: [\"sh\\nx\"]", "must be one line of text")]
    [TestCase("check: files-duplicated-waste", "check: '.*'", "'.*' is no error of rpmlint")]
    [TestCase("why: licence texts", "why: \"two\\nlines\"", "must be one line of text")]
    [TestCase(", why: licence texts", "", "key 'packages.formats.fedora.lint[0].why' is missing")]
    [TestCase("    arch:", "    debian:", "unknown package format 'debian'; known: arch, fedora (recipes/_shared/packages.yml)")]
    [TestCase(
        "recommends:",
        "enhances:",
        "unknown relation of fedora 'enhances'; known: conflicts, provides, recommends, requires, suggests (recipes/_shared/packages.yml)"
    )]
    [TestCase(
        "conflicts: [other]}",
        "conflicts: [other]}\n      lint: [{check: a, why: b}]",
        "packages of arch are looked through by no program"
    )]
    [TestCase("hints:", "hint:", "unknown key 'packages.hint'")]
    public void Packages_that_would_leave_their_place_are_refused(string from, string to, string message)
    {
        using var folder = With(Packages.Replace(from, to));

        Assert.That(() => RecipeBook.Open(folder.Root).Read("sample"), Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    [Test]
    public void Summary_that_no_package_may_have_is_refused()
    {
        using var folder = With(Packages);
        folder.Write(Regex.Replace(RecipeFolder.Valid, "(?m)^summary: .*$", "summary: " + new string('x', 80)) + Packages);

        Assert.That(
            () => RecipeBook.Open(folder.Root).Read("sample"),
            Throws.TypeOf<RecipeException>().With.Message.Contains("must have at most 79 characters")
        );
    }

    private static RecipeFolder With(string packages)
    {
        var folder = new RecipeFolder();
        folder.Share("packages", File.ReadAllText(Path.Combine(RepositoryRoot.Path, "recipes", "_shared", "packages.yml")));
        folder.Write(RecipeFolder.Valid + packages);
        return folder;
    }
}
