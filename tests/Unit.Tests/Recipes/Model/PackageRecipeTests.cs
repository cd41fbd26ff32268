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
          description: [a sample, for tests]
          programs: [/usr/bin/sample]
          user: sample
          host:
            - {path: /etc/**, why: own}
          links:
            - {path: /usr/share/sample, why: compiled in, optional: true}
          environment: {SAMPLE_MODE: fast}
          host_files: {SSL_CERT_FILE: [/etc/ssl/cert.pem]}
          files:
            - {source: _shared/packages/sample.service, target: /usr/lib/systemd/system/sample.service}
            - {source: _shared/packages/sample.env, target: /etc/sample.env}
          hints: [read the manual]
          arch: {depends: [sh], conflicts: [other]}
          fedora: {recommends: [ca-certificates], rpmlint: [{check: files-duplicated-waste, why: licence texts}]}
        """;

    [Test]
    public void Packages_are_read()
    {
        using var folder = With(Packages);
        var packages = RecipeBook.Open(folder.Root).Read("sample").Packages!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((packages.Release, packages.User, packages.Programs[0]), Is.EqualTo((2, "sample", "/usr/bin/sample")));
            Assert.That(
                packages.Files.Select(f => (f.IsUnit, f.IsConfiguration, f.Name)),
                Is.EqualTo(new[] { (true, false, "sample.service"), (false, true, "sample.env") })
            );
            Assert.That(packages.Links[0], Is.EqualTo(new RuntimePath("/usr/share/sample", "compiled in", Optional: true)));
            Assert.That(packages.Fedora.Rpmlint, Is.EqualTo(new[] { new RpmlintException("files-duplicated-waste", "licence texts") }));
        }
    }

    [Test]
    public void Recipe_without_packages_has_none()
    {
        using var folder = new RecipeFolder();

        Assert.That(RecipeBook.Open(folder.Root).Read("sample").Packages, Is.Null);
    }

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
    [TestCase(", why: licence texts", "", "key 'packages.fedora.rpmlint[0].why' is missing")]
    [TestCase("hints:", "hint:", "unknown key 'packages.hint'")]
    public void Packages_that_would_leave_their_place_are_refused(string from, string to, string message)
    {
        using var folder = With(Packages.Replace(from, to));

        Assert.That(() => RecipeBook.Open(folder.Root).Read("sample"), Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    private static RecipeFolder With(string packages)
    {
        var folder = new RecipeFolder();
        folder.Write(RecipeFolder.Valid + packages);
        return folder;
    }
}
