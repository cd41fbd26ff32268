using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>
/// The Dockerfiles for AMD's packages and for TheRock's tarball on stand-ins of the same layout: compile, trace, plan, slim, verify.
/// </summary>
[TestFixture("podman")]
[Category(Needs.Engine)]
[NonParallelizable]
public sealed class VendorTests(string engine)
{
    private const string Amd = "/opt/rocm-" + StandIns.RocmVersion,
        TheRock = "/opt/rocm";
    private const string Nothing = "0000000000000000000000000000000000000000";

    private readonly Dictionary<string, KeptFiles> kept = [];
    private Checkout checkout = null!;
    private StandIns standIns = null!;
    private FileServer server = null!;

    [OneTimeSetUp]
    public void Build()
    {
        checkout = new Checkout(engine, fixture: "hip-sample") { Variant = "amd" };
        Passes(checkout.Run("--target=BaseImage", "--provision"));
        checkout.TakeOwnNetwork();
        standIns = StandIns.Make(checkout);
        server = new FileServer(standIns.Folder);
        var recipe = File.ReadAllText(checkout.RecipeFile);
        foreach (
            var (from, to) in new[]
            {
                ("http://stand-in", server.Address),
                ("file:///stand-in/tarball.tar.gz", "file://" + standIns.Tarball),
                ($"\"{new string('0', 64)}\"", standIns.TarballSha256),
                ($"\"{Nothing}\"", standIns.Fingerprint),
            }
        )
        {
            Assert.That(recipe, Does.Contain(from));
            recipe = recipe.Replace(from, to);
        }

        File.WriteAllText(checkout.RecipeFile, recipe);
        foreach (var variant in new[] { "amd", "therock" })
        {
            checkout.Variant = variant;
            Passes(checkout.Run("--target=MinimalImage", "--source=source"));
            kept[variant] = KeptFiles.Of(checkout);
        }
    }

    [OneTimeTearDown]
    public void Delete()
    {
        server?.Dispose();
        checkout.Dispose();
    }

    [TestCase("amd")]
    [TestCase("therock")]
    public void Verification_ran_on_the_cpu_and_on_the_null_gpu(string variant)
    {
        checkout.Variant = variant;
        var verify = RecordFile.TryRead<VerifyRecord>(checkout.Artifact("verify.json"))!;

        Assert.Multiple(() =>
        {
            Assert.That(verify.Passed, Is.True);
            Assert.That(verify.Workloads.Select(w => w.Name), Is.EqualTo(new[] { "files", "configuration", "paths", "cpu", "null" }));
        });
    }

    [TestCase("amd", Amd, "/lib/llvm/lib/clang/[0-9]+/lib/amdgcn$")]
    [TestCase("therock", TheRock, "/lib/llvm/amdgcn$")]
    public void Links_to_the_compiler_and_the_device_libraries_stay_and_lead_somewhere(string variant, string prefix, string amdgcn) =>
        Assert.Multiple(() =>
        {
            Assert.That(kept[variant].LinkAt(prefix + "/llvm"), Is.EqualTo("lib/llvm"));
            Assert.That(kept[variant].Matching($"^{prefix}/lib/llvm$"), Has.Count.EqualTo(1));
            Assert.That(prefix + "/" + kept[variant].LinkAt(prefix + "/amdgcn"), Does.Match(amdgcn));
            Assert.That(kept[variant].Matching($"^{prefix}{amdgcn}"), Has.Count.EqualTo(1));
        });

    [TestCase("amd", Amd, "rocblas")]
    [TestCase("amd", Amd, "hipblaslt")]
    [TestCase("therock", TheRock, "rocblas")]
    [TestCase("therock", TheRock, "hipblaslt")]
    public void Kernel_files_of_the_target_and_of_no_gpu_stay_all_and_no_others(string variant, string prefix, string library)
    {
        checkout.Variant = variant;
        var pattern = $"^{prefix}/lib/{library}/.*\\.(co|dat|hsaco)$";
        using var full = ImageFileSystem.Open(checkout.Artifact("full.tar"));
        var all = full.Entries.Select(e => e.Path).Where(p => System.Text.RegularExpressions.Regex.IsMatch(p, pattern)).ToList();
        var wanted = all.Where(p => Path.GetFileName(p).Contains("gfx1151") || !Path.GetFileName(p).Contains("gfx"))
            .Order(StringComparer.Ordinal)
            .ToList();

        Assert.Multiple(() =>
        {
            Assert.That(wanted, Has.Count.GreaterThan(50).And.Count.LessThan(all.Count), "the stand-in has another GPU's too");
            Assert.That(kept[variant].Matching(pattern), Is.EqualTo(wanted));
        });
    }

    [TestCase("amd", Amd)]
    [TestCase("therock", TheRock)]
    public void No_code_of_another_gpu_stays(string variant, string prefix) =>
        Assert.Multiple(() =>
        {
            Assert.That(kept[variant].NamesOfOtherGpus("gfx1151"), Is.Empty);
            Assert.That(kept[variant].CodeIn(prefix + "/lib/librocblas.so.5.2"), Is.EqualTo(new[] { "gfx1151" }));
        });

    [Test]
    public void Tarball_keeps_its_own_system_libraries_and_the_kernel_packs_of_the_target() =>
        Assert.Multiple(() =>
        {
            Assert.That(
                kept["therock"].Matching("^/opt/rocm/lib/rocm_sysdeps/lib/lib").Select(p => Path.GetFileName(p)),
                Is.SupersetOf(
                    new[]
                    {
                        "librocm_sysdeps_drm.so.2",
                        "librocm_sysdeps_drm_amdgpu.so.1",
                        "librocm_sysdeps_elf.so.1",
                        "librocm_sysdeps_numa.so.1",
                        "librocm_sysdeps_zstd.so.1",
                    }
                )
            );
            Assert.That(kept["therock"].ReasonsFor("/opt/rocm/lib/librocm_kpack.so.0"), Is.Not.Empty);
            Assert.That(kept["therock"].ReasonsFor("/opt/rocm/.kpack/blas_lib_gfx1151.kpack"), Does.Contain("KernelOfTarget"));
            Assert.That(kept["therock"].Matching(@"[^/]\.kpack$"), Has.Count.EqualTo(1));
            Assert.That(kept["therock"].Matching("/lib(elf|drm|numa)[._-]"), Is.Empty, "the distribution's are not there");
        });

    [TestCase("amd", "hip-runtime-amd", "70204-93~24.04")]
    [TestCase("therock", "therock", StandIns.RocmVersion)]
    public void Package_database_knows_where_rocm_is_from(string variant, string package, string version)
    {
        checkout.Variant = variant;

        Assert.That(
            RecordFile.TryRead<FullRecord>(checkout.Artifact("full.json"))!.Packages.Single(p => p.Name == package).Version,
            Does.EndWith(version)
        );
    }

    [Test]
    public void Another_signing_key_than_the_recipes_is_refused()
    {
        checkout.Variant = "amd";
        using (checkout.Change(standIns.Fingerprint, Nothing.Replace('0', 'A')))
            Fails(checkout.Run("--target=FullImage", "--source=source"), "has no key AAAA", standIns.Fingerprint, "logs/full.log");
    }

    [Test]
    public void Repository_that_was_changed_after_it_was_signed_is_refused()
    {
        checkout.Variant = "amd";
        var dists = Path.Combine(standIns.Folder, "changed", "apt", StandIns.RocmVersion);
        Directory.CreateDirectory(dists);
        Command.Run("cp", "-a", Path.Combine(standIns.Folder, "rocm", "apt", StandIns.RocmVersion, "dists"), dists);
        foreach (
            var file in Directory
                .EnumerateFiles(dists, "InRelease", SearchOption.AllDirectories)
                .Concat(Directory.EnumerateFiles(dists, "Release", SearchOption.AllDirectories))
        )
        {
            File.WriteAllText(file, File.ReadAllText(file).Replace("Label: repo.radeon.com", "Label: repo.radeon.net"));
        }

        using (checkout.Change(server.Address + "/rocm/apt", server.Address + "/changed/apt"))
            Fails(checkout.Run("--target=FullImage", "--source=source"), "signature", "logs/full.log");
    }

    [Test]
    public void Tarball_with_another_checksum_is_not_unpacked()
    {
        checkout.Variant = "therock";
        var other = new string('a', 64);
        using (checkout.Change(standIns.TarballSha256, other))
        {
            var outcome = checkout.Run("--target=FullImage", "--source=source");

            Fails(outcome, standIns.TarballSha256, other, "archive.sha256", $"artifacts/downloads/{other}.tar.gz");
            Assert.That(outcome.Output, Does.Not.Contain("STEP"));
        }
    }

    private static void Passes(Outcome outcome) => Assert.That(outcome.Status, Is.Zero, outcome.Output);

    private static void Fails(Outcome outcome, params string[] said) =>
        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Not.Zero);
            foreach (var words in said)
                Assert.That(outcome.Output, Does.Contain(words));
        });
}
