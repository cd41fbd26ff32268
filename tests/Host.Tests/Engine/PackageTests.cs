using System.Security.Cryptography;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Outputs.Package;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>Packages of a small program that finds its things in each way that an installation at another place can break.</summary>
[TestFixtureSource(typeof(Engines))]
[Category(Needs.Engine)]
[NonParallelizable]
public sealed partial class PackageTests(string engine)
{
    private Checkout checkout = null!;
    private string more = "";

    [OneTimeSetUp]
    public void Build()
    {
        checkout = new Checkout(engine, fixture: "package-sample");
        // Files of a source, which only a local checkout can give here.
        checkout.Change(
            "variants:\n",
            $"sources: {{more: {{repository: 'https://example.org/more', tag: v1, commit: {new string('0', 40)}}}}}\nvariants:\n"
        );
        checkout.Change(
            "  trees:\n",
            "  trees:\n    - {from: more, source: texts, files: ['/*.txt'], target: /usr/share/more, license: Apache-2.0}\n"
        );
        KnowStandIn();
        more = $"--source=more={checkout.Source}";
        Succeeds("--target=Packages", "--provision");
    }

    [OneTimeTearDown]
    public void Delete() => checkout.Dispose();

    [TestCase("arch", "-x86_64.pkg.tar.zst")]
    [TestCase("fedora", ".x86_64.rpm")]
    public void Package_lies_where_its_record_says(string format, string ending)
    {
        var record = Record(format);
        var file = checkout.Artifact("packages", record.File);

        Assert.Multiple(() =>
        {
            Assert.That(record.File, Does.StartWith($"{checkout.Recipe}-debian-").And.EndsWith("-1" + ending));
            Assert.That(Sha256(file), Is.EqualTo(record.Sha256));
            Assert.That(new FileInfo(file).Length, Is.EqualTo(record.Bytes));
            Assert.That(Packages(), Is.EquivalentTo(new[] { Record("arch").File, Record("fedora").File }), "nothing else");
            Assert.That(checkout.HalfDone(), Is.Empty);
        });
    }

    [TestCase("arch", @"^pacman -U: no error or warning")]
    [TestCase("arch", @"^pacman -Qkk, fresh: [1-9]\d+ files, 0 altered$")]
    [TestCase(
        "arch",
        @"^owners and modes: [1-9]\d+ paths of root, none for others to write, 4 files with their modes; 1 units, 1 configs in backup=$"
    )]
    [TestCase("arch", @"^sysusers\.d: all of 1 users, groups and memberships are there")]
    [TestCase("arch", @"^removal of .*-1: nothing is left but 1 edited configs as \.pacsave$")]
    [TestCase("fedora", @"^required of the host: /bin/sh$")]
    [TestCase("fedora", @"^rpm -V after rpm --install: nothing altered$")]
    [TestCase("fedora", @"^rpm -V after an edit: nothing altered but /etc/sample\.env$")]
    [TestCase("fedora", @"^modes and owners as the recipe wants them, nothing setuid or writable by others$")]
    [TestCase("fedora", @"^user sample \(\d{3}\), group sample, home /, ")]
    [TestCase("fedora", @"^rpm --erase: nothing left but /etc/sample\.env\.rpmsave$")]
    [TestCase("fedora", @"^rpm -V after dnf install: nothing altered$")]
    [TestCase("fedora", @"^dnf remove: nothing left$")]
    public void Record_says_what_was_proven(string format, string line) => Assert.That(Record(format).Proven, Has.Some.Match(line));

    [TestCase("arch")]
    [TestCase("fedora")]
    public void Installed_program_does_what_the_image_does(string format)
    {
        var workloads = Record(format).Workloads;

        Assert.Multiple(() =>
        {
            Assert.That(workloads.Select(w => w.Name), Is.EqualTo(new[] { "finds", "set-already" }));
            Assert.That(workloads.SelectMany(w => w.Problems), Is.Empty);
        });
    }

    [Test]
    public void Second_run_changes_nothing()
    {
        var before = Times();
        var output = Succeeds("--target=Packages");

        Assert.Multiple(() =>
        {
            Assert.That(
                output,
                Does.Contain("PackageBundle: unchanged").And.Contain("ArchPackage: unchanged").And.Contain("FedoraPackage: unchanged")
            );
            Assert.That(output, Does.Not.Contain("STEP"), "nothing was built");
            Assert.That(Times(), Is.EqualTo(before));
        });
    }

    // Packages are built without the engine's cache, so this is a second build and no copy of the first.
    [Test]
    public void Packages_built_again_are_the_same_bytes()
    {
        var before = Packages().ToDictionary(f => f, f => Sha256(checkout.Artifact("packages", f)));
        Directory.Delete(checkout.Artifact("packages"), recursive: true);
        Directory.Delete(checkout.Artifact("bundle"), recursive: true);
        var output = Succeeds("--target=Packages");

        Assert.Multiple(() =>
        {
            foreach (var step in new[] { "PackageBundle", "ArchPackage", "FedoraPackage" })
                Assert.That(output, Does.Contain(step + ": again, because its result is gone"));
            Assert.That(output, Does.Contain("RUN bash /src/arch-build.sh").And.Contain("RUN bash /src/fedora-build.sh"));
            Assert.That(Packages().ToDictionary(f => f, f => Sha256(checkout.Artifact("packages", f))), Is.EquivalentTo(before));
        });
    }

    [Test]
    public void Srcinfo_is_what_makepkg_prints()
    {
        var printed = InTools(
            "arch-tools",
            "arch",
            "env",
            "BUILDDIR=/build",
            "PKGDEST=/build",
            "SRCDEST=/build",
            "SRCPKGDEST=/build",
            "LOGDEST=/build",
            "makepkg",
            "--printsrcinfo"
        );

        Assert.That(
            File.ReadAllText(checkout.Artifact("packages", "arch", ".SRCINFO")),
            Is.EqualTo(printed).And.Contains($"pkgname = {checkout.Recipe}-debian\n")
        );
    }

    [Test]
    public void Rpm_offers_and_asks_for_no_library_of_the_bundle()
    {
        var provides = Rpm("--provides");
        var requires = Rpm("--requires");

        Assert.Multiple(() =>
        {
            Assert.That(provides, Has.Some.Match(@"^bundled\(glibc\) = 2\.\d+$"));
            Assert.That(provides.Concat(requires), Has.None.Match(@"\.so|ld-linux|GLIBC"));
            Assert.That(requires, Does.Contain("/bin/sh"));
        });
    }

    [TestCase("/etc/sample.env", "-rw-r--r-- root root c")]
    [TestCase("/usr/bin/sample", "-rwxr-xr-x root root ")]
    [TestCase("/usr/lib/systemd/system/sample.service", "-rw-r--r-- root root ")]
    [TestCase("/usr/lib/sysusers.d/sample.conf", "-rw-r--r-- root root ")]
    [TestCase("/usr/share/sample", "lrwxrwxrwx root root ")]
    [TestCase("/usr/share/more/one.txt", "-rw-r--r-- root root ")]
    [TestCase("/usr/lib/{name}/usr/lib/sample-inner/inner", "-rwxr-xr-x root root ")]
    [TestCase("/usr/lib/{name}/usr/lib/sample-inner/inner-ordinary", "-rwxr-xr-x root root ")]
    public void Rpm_holds_a_file_of_the_recipe(string path, string how) =>
        Assert.That(
            Rpm("--queryformat=[%{FILENAMES} %{FILEMODES:perms} %{FILEUSERNAME} %{FILEGROUPNAME} %{FILEFLAGS:fflags}\n]"),
            Has.Some.StartsWith($"{path.Replace("{name}", checkout.Recipe + "-debian")} {how}")
        );

    [Test]
    public void Package_holds_of_a_source_what_the_recipe_names() =>
        Assert.Multiple(() =>
        {
            Assert.That(Rpm("--list"), Has.None.Contains("notes.md").And.Some.EqualTo("/usr/share/more"));
            Assert.That(Rpm("--provides"), Does.Contain("bundled(more) = local"));
            Assert.That(Rpm("--queryformat=%{LICENSE}")[0], Does.StartWith("MIT AND Apache-2.0 AND "));
        });

    [Test]
    public void Epoch_is_told_in_the_way_of_each_format() =>
        Assert.Multiple(() =>
        {
            Assert.That(Record("arch").File, Does.Match(@"-debian-1:2\.\d+-1-x86_64\."));
            Assert.That(File.ReadAllText(checkout.Artifact("packages", "arch", ".SRCINFO")), Does.Contain("\tepoch = 1\n"));
            Assert.That(Record("fedora").File, Does.Match(@"-debian-2\.\d+-1\.x86_64\."));
            Assert.That(Rpm("--queryformat=%{EPOCH}"), Is.EqualTo(new[] { "1" }));
            Assert.That(Rpm("--provides"), Has.Some.Match($@"^{checkout.Recipe} = 1:2\.\d+$"));
        });

    [TestCase("arch")]
    [TestCase("fedora")]
    public void Unit_runs_as_the_user_that_the_package_makes(string format)
    {
        var unit = File.ReadAllLines(checkout.Artifact("packages", format, "sample.service"));
        var users = File.ReadAllText(checkout.Artifact("packages", format, "sample.conf"));

        Assert.Multiple(() =>
        {
            Assert.That(
                unit,
                Does.Contain("User=sample")
                    .And.Contain("EnvironmentFile=/etc/sample.env")
                    .And.Contain($"Description=Sample ({checkout.Recipe}-debian)")
            );
            Assert.That(users, Does.StartWith("u sample "));
        });
    }

    [Test]
    public void Newer_release_proves_its_upgrade_and_takes_the_place_of_the_older()
    {
        using var kept = new Kept(checkout);
        using var release = checkout.Change("release: 1", "release: 2");
        using var settings = Checkout.ChangeFile(
            Path.Combine(checkout.SharedPackages, "sample.env"),
            "SAMPLE_MODE=service",
            "SAMPLE_MODE=newer"
        );
        Succeeds("--target=Packages");

        Assert.Multiple(() =>
        {
            Assert.That(
                Record("arch").Proven,
                Has.One.Match(@"^upgrade from .*-1: 1 edited configs kept, 1 new defaults beside them as \.pacnew$")
            );
            Assert.That(
                Record("fedora").Proven,
                Has.One.Match(@"^upgrade from .*-1\.x86_64: the edited /etc/sample\.env stays, beside it /etc/sample\.env\.rpmnew$")
            );
            Assert.That(Record("fedora").Proven, Has.One.Match("^rpm --erase after the upgrade: nothing left but"));
            Assert.That(Packages(), Has.Count.EqualTo(2).And.All.Match(@"-2[.-]x86_64\."));
        });
    }

    // Nothing but the epoch is higher, and that is enough.
    [Test]
    public void Version_that_begins_anew_is_an_upgrade()
    {
        using var kept = new Kept(checkout);
        using var epoch = checkout.Change("  epoch: 1\n", "  epoch: 2\n");
        Succeeds("--target=ArchPackage");
        Succeeds("--target=FedoraPackage");

        Assert.Multiple(() =>
        {
            Assert.That(Record("arch").Proven, Has.One.Match(@"^upgrade from 1:.*-1: 1 edited configs kept, 0 new defaults"));
            Assert.That(Packages(), Has.Count.EqualTo(2).And.Some.Match("-2:.*zst$"), "the older one of each format has gone");
        });
    }

    [Test]
    public void Package_without_configuration_is_proven_too()
    {
        using var kept = new Kept(checkout);
        using var without = checkout.Change("    - {source: _shared/packages/sample.env, target: /etc/sample.env}\n", "");
        Succeeds("--target=Packages");

        Assert.Multiple(() =>
        {
            Assert.That(Record("arch").Proven, Has.One.Match(@"^removal of .*: nothing is left$"));
            Assert.That(Record("fedora").Proven, Has.One.Match("^rpm --erase: nothing left$"));
        });
    }

    private string Succeeds(params string[] arguments)
    {
        var outcome = checkout.Run([.. arguments, more]);
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        return outcome.Output;
    }

    private PackageRecord Record(string format) => RecordFile.TryRead<PackageRecord>(checkout.Artifact($"package-{format}.json"))!;

    private List<string> Packages() => [.. Directory.EnumerateFiles(checkout.Artifact("packages")).Select(f => Path.GetFileName(f))];

    private Dictionary<string, DateTime> Times() =>
        Directory
            .EnumerateFiles(checkout.Artifact("packages"), "*", SearchOption.AllDirectories)
            .ToDictionary(f => f, File.GetLastWriteTimeUtc);

    private string[] Rpm(string question) =>
        InTools("fedora-tools", "", "rpm", "-qp", question, Record("fedora").File).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What a tool of the distribution says, run below packages/.</summary>
    private string InTools(string image, string folder, params string[] command)
    {
        var outcome = checkout.Engine([
            "run",
            "--rm",
            "--network=none",
            $"--volume={checkout.Artifact("packages", folder)}:/packages:ro",
            "--workdir=/packages",
            "--user=builder",
            checkout.Image(image),
            .. command,
        ]);
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        return outcome.Output;
    }

    private static string Sha256(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Puts packages and records back, so that the other tests see those of the recipe as it was.</summary>
    private sealed class Kept : IDisposable
    {
        private static readonly string[] Names = ["packages", "package-arch.json", "package-fedora.json", "bundle", "bundle.json"];

        private readonly Checkout checkout;
        private readonly string copy;

        public Kept(Checkout checkout)
        {
            (this.checkout, copy) = (checkout, Directory.CreateDirectory(Path.Combine(checkout.Root, "kept")).FullName);
            foreach (var name in Names)
                Copy(checkout.Artifact(name), copy);
        }

        public void Dispose()
        {
            foreach (var folder in Names.Select(n => checkout.Artifact(n)).Where(Directory.Exists))
                Directory.Delete(folder, recursive: true);
            foreach (var name in Names)
                Copy(Path.Combine(copy, name), checkout.Build);
        }

        private static void Copy(string from, string to)
        {
            var outcome = Command.Run("cp", "--archive", from, to);
            Assert.That(outcome.Status, Is.Zero, outcome.Output);
        }
    }
}
