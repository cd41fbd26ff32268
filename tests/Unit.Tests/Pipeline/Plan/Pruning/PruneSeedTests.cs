using Gfxbake.Formats.Strace;
using Gfxbake.Pipeline.Plan;

namespace Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

public sealed class PruneSeedTests
{
    private PlannedImage image = null!;

    [SetUp]
    public void Start() => image = new PlannedImage();

    [TearDown]
    public void Stop() => image.Dispose();

    [Test]
    public void Traced_file_is_kept_with_its_directories_and_nothing_else()
    {
        image.Image.Text("/a/b/used", "x").Text("/a/b/unused", "y").Text("/c/unused", "z");
        image.Trace("/a/b/used", AccessOutcome.Found, "w2", "w1");

        Assert.That(image.Kept, Is.EqualTo("/a /a/b /a/b/used"));
        Assert.That(image.Causes("/a/b/used"), Is.EqualTo("Traced w1, w2"));
        Assert.That(image.Causes("/a/b"), Is.EqualTo("DirectoryOf /a/b/used"));
        Assert.That(image.Causes("/a/b/unused"), Is.EqualTo("Unreferenced"));
    }

    [Test]
    public void Directory_that_was_only_stated_is_kept_without_its_content()
    {
        image.Image.Directory("/models").Text("/models/big", "x");
        image.Trace("/models");

        Assert.That(image.Kept, Is.EqualTo("/models"));
        Assert.That(image.Causes("/models"), Is.EqualTo("Traced run"));
    }

    [TestCase(AccessOutcome.Failed, "/a /a/secret")]
    [TestCase(AccessOutcome.Missing, "")]
    public void Outcome_decides_whether_an_existing_path_counts(AccessOutcome outcome, string kept)
    {
        image.Image.Text("/a/secret", "x");
        image.Trace("/a/secret", outcome);

        Assert.That(image.Kept, Is.EqualTo(kept));
    }

    [Test]
    public void Every_link_on_the_way_and_the_target_are_kept()
    {
        image
            .Image.Link("/lib", "usr/lib")
            .Link("/usr/lib/liba.so", "liba.so.1")
            .Link("/usr/lib/liba.so.1", "/opt/liba.so.1.0")
            .Text("/opt/liba.so.1.0", "x");
        image.Trace("/lib/liba.so");

        Assert.That(image.Kept, Is.EqualTo("/lib /opt /opt/liba.so.1.0 /usr /usr/lib /usr/lib/liba.so /usr/lib/liba.so.1"));
    }

    [Test]
    public void Directory_that_a_path_leaves_again_is_kept()
    {
        image
            .Image.Directory("/opt/bin")
            .Text("/opt/lib/x", "x")
            .Link("/way", "opt/share/../lib")
            .Directory("/opt/share")
            .Directory("/opt/other");
        image.Trace("/opt/bin/../lib/x").Trace("/way");

        Assert.That(image.Kept, Is.EqualTo("/opt /opt/bin /opt/lib /opt/lib/x /opt/share /way"));
    }

    [Test]
    public void Dangling_link_that_was_read_stays_as_it_is()
    {
        image.Image.Link("/etc/localtime", "/usr/share/none");
        image.Trace("/etc/localtime");

        Assert.That(image.Kept, Is.EqualTo("/etc /etc/localtime"));
        Assert.That(image.Plan.Problems, Is.Empty);
    }

    [Test]
    public void Directory_in_which_a_run_made_a_file_is_kept_and_the_file_is_listed()
    {
        image.Image.Directory("/root").Directory("/root/other");
        image.Trace("/root/.cache/comgr/blob");

        Assert.That(image.Kept, Is.EqualTo("/root"));
        Assert.That(image.Plan.NotInImage, Is.EqualTo(new[] { "/root/.cache/comgr/blob" }));
    }

    [Test]
    public void Mounted_paths_are_left_out_and_the_place_of_the_mount_stays()
    {
        image.Image.Text("/models/tiny.gguf", "baked in").Directory("/proc").Link("/etc/mounts", "/models/tiny.gguf");
        image
            .Mount("/models")
            .Keep("/models/**")
            .Trace("/models/tiny.gguf")
            .Trace("/models/other")
            .Trace("/proc/self/maps")
            .Trace("/etc/mounts");

        Assert.That(image.Kept, Is.EqualTo("/etc /etc/mounts /models /proc"));
        Assert.That(image.Causes("/models/tiny.gguf"), Is.EqualTo("Excluded /models"));
        Assert.That(image.Causes("/proc"), Is.EqualTo("MountPoint"));
        Assert.That(image.Plan.NotInImage, Is.Empty);
    }

    [Test]
    public void Mount_through_a_link_leaves_the_real_place_out()
    {
        image.Image.Link("/var/run", "/run").Text("/run/pid", "1");
        image.Mount("/var/run").Trace("/var/run/pid");

        Assert.That(image.Kept, Is.EqualTo("/run /var /var/run"));
    }

    [Test]
    public void Rule_that_names_only_mounted_files_is_a_problem()
    {
        image.Image.Text("/models/tiny.gguf", "x");
        image.Mount("/models").Keep("/models/*.gguf");

        Assert.That(image.Plan.Problems, Has.Exactly(1).Contains("'/models/*.gguf'").And.One.Contains("below the mount /models"));
    }

    [TestCase("/etc/ssl/**", "/etc /etc/ssl /etc/ssl/certs /etc/ssl/certs/a.pem /etc/ssl/certs/b.crt /etc/ssl/conf")]
    [TestCase("/etc/ssl/certs/*.pem", "/etc /etc/ssl /etc/ssl/certs /etc/ssl/certs/a.pem")]
    [TestCase("/etc/ssl/*", "/etc /etc/ssl /etc/ssl/certs /etc/ssl/conf")]
    [TestCase("/etc/ssl/certs", "/etc /etc/ssl /etc/ssl/certs")]
    [TestCase("/**/b.crt", "/etc /etc/ssl /etc/ssl/certs /etc/ssl/certs/b.crt")]
    [TestCase("/alias/certs/?.crt", "/alias /etc /etc/ssl /etc/ssl/certs /etc/ssl/certs/b.crt")]
    public void Keep_rule_keeps_what_it_names(string rule, string kept)
    {
        image.Image.Text("/etc/ssl/certs/a.pem", "a").Text("/etc/ssl/certs/b.crt", "b").Text("/etc/ssl/conf", "c").Text("/other", "d");
        if (rule.StartsWith("/alias", StringComparison.Ordinal))
            image.Image.Link("/alias", "etc/ssl");

        image.Keep(rule);

        Assert.That(image.Kept, Is.EqualTo(kept));
    }

    [Test]
    public void Link_under_a_rule_brings_its_target()
    {
        image.Image.Link("/opt/llvm", "./lib/llvm").Text("/opt/lib/llvm/bin/clang", "x");
        image.Keep("/opt/llvm");

        Assert.That(image.Kept, Is.EqualTo("/opt /opt/lib /opt/lib/llvm /opt/llvm"));
        Assert.That(image.Causes("/opt/llvm"), Is.EqualTo("RecipeKeep /opt/llvm"));
        Assert.That(image.Causes("/opt/lib/llvm"), Is.EqualTo("SymlinkTarget /opt/llvm"));
    }

    [Test]
    public void Dangling_link_under_a_rule_is_a_problem()
    {
        image.Image.Link("/opt/amdgcn", "lib/llvm/lib/clang/20/lib/amdgcn").Link("/etc/mtab", "../proc/self/mounts");
        image.Keep("/opt/amdgcn").Keep("/etc/**");

        Assert.That(
            image.Plan.Problems,
            Is.EqualTo(
                new[]
                {
                    "/opt/amdgcn is kept by a rule of the recipe and dangles: 'lib/llvm/lib/clang/20/lib/amdgcn' is not in the image; "
                        + "narrow the rule, or install what the link names",
                }
            )
        );
    }

    [Test]
    public void Rule_that_names_nothing_is_a_problem()
    {
        image.Image.Text("/a", "x");
        image.Keep("/usr/share/libdrm/amdgpu.ids");

        Assert.That(image.Plan.Problems, Has.Exactly(1).Contains("'/usr/share/libdrm/amdgpu.ids'"));
    }

    [Test]
    public void Hard_link_brings_the_entry_that_holds_its_content()
    {
        image.Image.Text("/bin/first", "x").HardLink("/bin/second", "/bin/first").HardLink("/bin/third", "/bin/first");
        image.Trace("/bin/second");

        Assert.That(image.Kept, Is.EqualTo("/bin /bin/first /bin/second"));
        Assert.That(image.Causes("/bin/first"), Is.EqualTo("HardLinkTarget /bin/second"));
        Assert.That(image.Plan.Totals, Is.EqualTo(new PlanTotals(2, 1, 0, 2, 1, 0)));
    }

    [Test]
    public void Other_name_of_a_kept_directory_in_the_root_is_kept()
    {
        image.Image.Link("/lib", "usr/lib").Link("/sbin", "usr/sbin").Text("/usr/lib/x", "x").Text("/usr/sbin/y", "y");
        image.Trace("/usr/lib/x");

        Assert.That(image.Kept, Is.EqualTo("/lib /usr /usr/lib /usr/lib/x"));
        Assert.That(image.Causes("/lib"), Is.EqualTo("AliasOf /usr/lib"));
    }

    [TestCase("relative/*")]
    [TestCase("/a/../b")]
    [TestCase("/a//b")]
    public void Malformed_rule_is_refused(string rule)
    {
        image.Image.Text("/a", "x");
        image.Keep(rule);

        Assert.That(() => image.Plan, Throws.TypeOf<FormatException>().With.Message.Contains($"'{rule}'"));
    }

    [TestCase("/")]
    [TestCase("models")]
    [TestCase("/a/../b")]
    public void Malformed_mount_is_refused(string destination)
    {
        image.Image.Text("/a", "x");
        image.Mount(destination);

        Assert.That(() => image.Plan, Throws.ArgumentException.With.Message.Contains($"'{destination}'"));
    }
}
