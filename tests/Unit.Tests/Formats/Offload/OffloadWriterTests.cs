using Gfxbake.Formats.Offload;

namespace Gfxbake.Unit.Tests.Formats.Offload;

public sealed class OffloadWriterTests
{
    private static readonly string[] Targets =
    [
        "gfx803",
        "gfx90a:xnack+",
        "gfx90a:xnack-",
        "gfx1100",
        "gfx1151",
        "gfx11-generic",
        "amdgcnspirv",
    ];

    [Test]
    public void Kept_code_reaches_the_runtime_unchanged_and_all_other_memory_stays(
        [Values("plain", "v1 zstd", "v2 zstd", "v3 zstd", "v1 zlib", "v2 zlib", "v3 zlib", "mixed")] string form,
        [Values(OffloadForm.Slim, OffloadForm.Raw, OffloadForm.Compress)] OffloadForm wanted,
        [Values] Pointers pointers
    )
    {
        byte[] old = new FatLibraryBuilder { Bundles = BundlesOf(form), Pointers = pointers };

        var written = Offloading.Rewrite(old, "gfx1151 gfx90a", wanted);

        Assert.That(written, Has.Length.LessThan(old.Length));
        AssertSameProgram(old, written, ["gfx90a:xnack+", "gfx90a:xnack-", "gfx1151"]);
    }

    [Test]
    public void Layouts_of_other_linkers_are_split_too(
        [Values(0, 1, 2)] int notes,
        [Values] bool property,
        [Values] bool table,
        [Values] bool tail,
        [Values] bool fullPages,
        [Values(OffloadForm.Slim, OffloadForm.Raw, OffloadForm.Compress)] OffloadForm form
    )
    {
        byte[] old = new FatLibraryBuilder
        {
            Bundles = [BundleBuilder.For(5000, Targets), BundleBuilder.For(4096, Targets) with { Version = 3 }],
            Notes = notes,
            GnuProperty = property,
            TableHeader = table,
            Tail = tail,
            FullPages = fullPages,
        };

        var written = Offloading.Rewrite(old, "gfx1100", form);

        Assert.That(written, Has.Length.LessThan(old.Length));
        AssertSameProgram(old, written, ["gfx1100"]);
    }

    [TestCase("plain", OffloadForm.Slim, null)]
    [TestCase("plain", OffloadForm.Raw, null)]
    [TestCase("plain", OffloadForm.Compress, 2)]
    [TestCase("v1 zstd", OffloadForm.Slim, 2)]
    [TestCase("v2 zlib", OffloadForm.Slim, 2)]
    [TestCase("v3 zstd", OffloadForm.Slim, 3)]
    [TestCase("v3 zstd", OffloadForm.Compress, 3)]
    [TestCase("v3 zstd", OffloadForm.Raw, null)]
    public void Bundles_are_written_in_the_form_that_is_wanted(string form, OffloadForm wanted, int? version)
    {
        byte[] old = new FatLibraryBuilder { Bundles = BundlesOf(form) };

        var bundles = Offloading.Read(Offloading.Rewrite(old, "gfx1151", wanted)).Bundles;

        Assert.That(bundles.Select(b => b.Compression?.Version), Is.All.EqualTo(version));
        Assert.That(bundles.Select(b => b.Compression?.Method), Is.All.EqualTo(version is null ? null : BundleMethod.Zstd));
    }

    [Test]
    public void Library_is_the_same_whenever_it_is_written(
        [Values(OffloadForm.Slim, OffloadForm.Raw, OffloadForm.Compress)] OffloadForm form
    )
    {
        byte[] old = new FatLibraryBuilder { Bundles = BundlesOf("mixed") };
        var rewrite = Offloading.Plan(old, "gfx1151", form)!;

        var (first, second) = (Offloading.Write(old, rewrite).Bytes, Offloading.Write(old, rewrite).Bytes);

        Assert.That(second, Is.EqualTo(first));
    }

    // Bundles that are packed on other cores come late, early or one after the other.
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void Library_is_the_same_in_whatever_order_the_cores_finish(int order)
    {
        byte[] old = new FatLibraryBuilder
        {
            Bundles = [.. Enumerable.Range(0, 12).Select(i => BundleBuilder.For(2000 + (i * 600), Targets) with { Version = 2 })],
        };
        var rewrite = Offloading.Plan(old, "gfx1151")!;
        using var one = new SemaphoreSlim(1);
        var opened = 0;
        Stream Open()
        {
            var turn = Interlocked.Increment(ref opened);
            if (order == 1 && turn % 2 == 0)
                Thread.Sleep(20);
            return order == 2 && turn > 1 ? new GatedStream(old, one) : new MemoryStream(old, writable: false);
        }

        var output = new MemoryStream();
        OffloadWriter.Write(Open, rewrite, output);

        Assert.That(output.ToArray(), Is.EqualTo(Offloading.Write(old, rewrite).Bytes));
    }

    [Test]
    public void Progress_counts_the_bundles()
    {
        byte[] old = new FatLibraryBuilder { Bundles = BundlesOf("mixed") };
        var told = new List<int>();

        OffloadWriter.Write(() => new MemoryStream(old), Offloading.Plan(old, "gfx1151")!, new MemoryStream(), new Told(told));

        Assert.That(told, Is.EqualTo(Enumerable.Range(1, BundlesOf("mixed").Length)));
    }

    [Test]
    public void Result_says_what_the_file_holds()
    {
        byte[] old = new FatLibraryBuilder { Bundles = BundlesOf("mixed") };
        var (bytes, result) = Offloading.Write(old, Offloading.Plan(old, "gfx1151")!);

        Assert.That(result.Length, Is.EqualTo(bytes.Length));
        Assert.That(result.Bundles.Select(b => b.Address), Is.EqualTo(new LoadedLibrary(bytes).Pointers()));
        Assert.That(
            result.Bundles.SelectMany(b => b.Objects),
            Is.EqualTo(
                new LoadedLibrary(bytes)
                    .Bundles()
                    .SelectMany(b => b.Where(e => e.Code.Length > 0))
                    .Select(e => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(e.Code)))
            )
        );
    }

    [Test]
    public void Wrappers_of_one_bundle_still_share_it([Values] Pointers pointers)
    {
        byte[] old = new FatLibraryBuilder
        {
            Bundles = BundlesOf("mixed"),
            Wrappers = [3, 0, 1, 0, 2, 3, 4, 5],
            Pointers = pointers,
        };

        var written = Offloading.Rewrite(old, "gfx1151");

        var addresses = new LoadedLibrary(written).Pointers();
        Assert.That((addresses[1], addresses[0]), Is.EqualTo((addresses[3], addresses[5])));
        Assert.That(addresses.Distinct().Count(), Is.EqualTo(6));
        AssertSameProgram(old, written, ["gfx1151"]);
    }

    [Test]
    public void Many_bundles_are_rewritten([Values] Pointers pointers)
    {
        byte[] old = new FatLibraryBuilder
        {
            Bundles =
            [
                .. Enumerable
                    .Range(0, 50)
                    .Select(i => BundleBuilder.For(500 + (i * 90), "gfx1100", "gfx1151") with { Version = i % 3 == 0 ? 3 : null }),
            ],
            Pointers = pointers,
        };

        AssertSameProgram(old, Offloading.Rewrite(old, "gfx1100"), ["gfx1100"]);
    }

    [Test]
    public void Bundles_that_take_more_room_than_they_had_are_refused()
    {
        // They end in their last page, which the tail shares, and random bytes don't get smaller.
        byte[] old = new FatLibraryBuilder
        {
            Bundles = [.. new[] { 100, 9000 }.Select(size => BundleBuilder.For(size, "gfx1100") with { Alignment = 16 })],
        };
        var rewrite = Offloading.Plan(old, "gfx1100", OffloadForm.Compress);

        Assert.That(rewrite, Is.Not.Null);
        Assert.That(
            () => Offloading.Write(old, rewrite!),
            Throws.TypeOf<OffloadRefusedException>().With.Message.Matches("^its 2 bundles take more than the [0-9,]+ bytes that they had$")
        );
    }

    internal static BundleBuilder[] BundlesOf(string form)
    {
        if (form == "mixed")
            return [.. new[] { "plain", "v1 zlib", "v2 zstd", "v3 zstd", "plain", "v3 zlib" }.SelectMany(f => BundlesOf(f)[..1])];
        int? version = form == "plain" ? null : form[1] - '0';
        var method = form.EndsWith("zlib", StringComparison.Ordinal) ? BundleMethod.Zlib : BundleMethod.Zstd;
        return [.. new[] { 3001, 8192, 1 }.Select(size => BundleBuilder.For(size, Targets) with { Version = version, Method = method })];
    }

    internal static void AssertSameProgram(byte[] old, byte[] written, string[] kept)
    {
        var (before, after) = (new LoadedLibrary(old), new LoadedLibrary(written));
        string[] ids = [BundleBuilder.Host, .. kept.Select(BundleBuilder.IdOf)];
        Assert.That(after.Bundles(), Is.EqualTo(before.Bundles().Select(b => b.Where(e => ids.Contains(e.Id)).ToList())));

        // Wherever the process looks, but in the bundles, their pointers and the tables, it finds what it found before.
        var (start, _, length) = before.FindSection(".hip_fatbin");
        var (x, y) = (before.Memory, after.Memory);
        Assert.That(y, Has.Length.EqualTo(x.Length));
        foreach (var memory in new[] { x, y })
        {
            memory.AsSpan((int)start, length).Clear();
            memory.AsSpan(0, 64 + (10 * 56)).Clear();
            var (wrappers, _, bytes) = before.FindSection(".hipFatBinSegment");
            for (var at = 8; at < bytes; at += 24)
                memory.AsSpan((int)wrappers + at, 8).Clear();
            if (old.AsSpan(16, 1)[0] == 2 || !HasRela(before))
                continue;
            var (rela, _, size) = before.FindSection(".rela.dyn");
            for (var at = 16 + 48; at < size; at += 24)
                memory.AsSpan((int)rela + at, 8).Clear();
        }

        Assert.That(x.AsSpan().SequenceEqual(y), Is.True, $"memory differs at 0x{x.AsSpan().CommonPrefixLength(y):x}");
        Assert.That(after.Section(".comment"), Is.EqualTo(before.Section(".comment")));
        foreach (var load in before.Headers.Where(h => h.Type == 1))
            Assert.That(after.Headers.Any(h => h.Type == 1 && h.Address == load.Address && h.Flags == load.Flags), Is.True);
    }

    private static bool HasRela(LoadedLibrary library)
    {
        try
        {
            return library.FindSection(".rela.dyn").Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private sealed class Told(List<int> numbers) : IProgress<int>
    {
        public void Report(int value) => numbers.Add(value);
    }

    /// <summary>Lets one user in at a time.</summary>
    private sealed class GatedStream : MemoryStream
    {
        private readonly SemaphoreSlim gate;

        public GatedStream(byte[] bytes, SemaphoreSlim gate)
            : base(bytes, writable: false)
        {
            this.gate = gate;
            gate.Wait();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                gate.Release();
            base.Dispose(disposing);
        }
    }
}
