using System.Collections.Concurrent;
using System.Diagnostics;
using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Offload;

namespace Gfxbake.Unit.Tests.Formats.Offload;

public sealed class OffloadPropertyTests
{
    private static readonly TargetId[] Wanted = [TargetId.Parse("gfx1151")];

    private readonly ConcurrentDictionary<string, int> outcomes = new();

    [Test]
    public void Damaged_libraries_are_refused_or_rewritten_right()
    {
        var libraries = Libraries().Select(l => (Bytes: l, Places: Places(l))).ToArray();
        outcomes.Clear();
        var clock = Stopwatch.StartNew();

        var rounds = Rounds.Run(
            random =>
            {
                var (bytes, places) = libraries[random.Next(libraries.Length)];
                Try(new Mutations(random).Of(bytes, places), (OffloadForm)random.Next(1, 4));
            },
            threads: 2
        );

        TestContext.Out.WriteLine(
            $"{clock.Elapsed.TotalSeconds:f1} s; " + string.Join(", ", outcomes.OrderBy(o => o.Key).Select(o => $"{o.Key} {o.Value:N0}"))
        );
        Assert.That(outcomes.Values.Sum(), Is.EqualTo(rounds));
        string[] expected =
        [
            "no code",
            "read: ElfFormatException",
            "read: OffloadFormatException",
            "plan: nothing to do",
            "plan: OffloadRefusedException",
            "write: OffloadFormatException",
            "rewritten Slim",
            "rewritten Raw",
            "rewritten Compress",
        ];
        Assert.That(outcomes.Keys, Is.SubsetOf(expected.Concat(["write: OffloadRefusedException", "check: OffloadFormatException"])));
        if (!Rounds.AreMany)
            return;
        foreach (var outcome in expected)
            Assert.That(outcomes.GetValueOrDefault(outcome), Is.GreaterThan(rounds / 200), outcome);
        Assert.That(outcomes.GetValueOrDefault("check: OffloadFormatException"), Is.LessThan(rounds / 1000));
    }

    private void Try(byte[] file, OffloadForm form)
    {
        var (clock, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
        string outcome;
        try
        {
            outcome = Outcome(file, form);
        }
        catch (Exception error) when (error is not AssertionException)
        {
            throw new InvalidOperationException($"{form}: {error.GetType().Name}: {error.Message}", error);
        }

        outcomes.AddOrUpdate(outcome, 1, (_, n) => n + 1);
        if (GC.GetAllocatedBytesForCurrentThread() - before > 4_000_000)
            throw new InvalidOperationException($"{form}: {GC.GetAllocatedBytesForCurrentThread() - before:N0} bytes allocated, {outcome}");
        if (clock.Elapsed > TimeSpan.FromSeconds(2))
            throw new InvalidOperationException($"{form}: {clock.Elapsed}, {outcome}");
    }

    private static string Outcome(byte[] file, OffloadForm form)
    {
        var step = "read";
        try
        {
            if (Offloading.TryRead(file) is not { } fat)
                return "no code";
            step = "plan";
            var plans = new[] { OffloadForm.Slim, OffloadForm.Raw, OffloadForm.Compress }.ToDictionary(
                f => f,
                f => OffloadPlanner.Plan(fat, Wanted, f)
            );
            if (plans[form] is not { } plan)
                return "plan: nothing to do";
            step = "write";
            var (bytes, result) = Offloading.Write(file, plan);
            step = "check";
            Offloading.Verify(file, plan, bytes, result);
            AssertSameObjects(file, fat, bytes);
            return $"rewritten {form}";
        }
        catch (Exception error)
            when (IsDocumented(error, step) || (error is OffloadFormatException && step == "check" && HasTableInCode(file)))
        {
            return $"{step}: {error.GetType().Name}";
        }
    }

    private static bool IsDocumented(Exception error, string step) =>
        step switch
        {
            "read" => error is ElfFormatException or OffloadFormatException,
            "plan" => error is OffloadRefusedException,
            "write" => error is OffloadFormatException or OffloadRefusedException,
            _ => false,
        };

    // Nobody but the check can know what else of a library should be in its GPU code.
    private static bool HasTableInCode(byte[] file)
    {
        var fat = Offloading.Read(file);
        var dynamic = fat.Layout.ProgramHeaders.First(p => p.Type == ProgramHeader.Dynamic);
        return Enumerable
            .Range(0, (int)dynamic.FileSize / 16)
            .Select(i => file.Get((long)dynamic.Offset + (i * 16) + 8))
            .Any(a => a >= fat.Section.Address && a < fat.Section.Address + fat.Section.Length);
    }

    // By bytes, not by the hashes with which the check compares.
    private static void AssertSameObjects(byte[] old, FatBinary source, byte[] written)
    {
        var found = Offloading.Read(written);
        foreach (var (before, after) in source.Wrappers.Zip(found.Wrappers))
        {
            var from = source.Bundles.Single(b => b.Address == before.Address);
            var to = found.Bundles.Single(b => b.Address == after.Address);
            foreach (var entry in to.Entries.Where(e => e.Size > 0))
            {
                var original = from.Entries.Single(e => e.Id == entry.Id);
                if (!Content(old, from, original).SequenceEqual(Content(written, to, entry)))
                    throw new InvalidOperationException($"{entry.Id} differs");
            }
        }
    }

    private static ReadOnlySpan<byte> Content(byte[] file, OffloadBundle bundle, BundleEntry entry)
    {
        if (bundle.Compression is not { } header)
            return file.AsSpan((int)(bundle.Offset + entry.Offset), (int)entry.Size);
        var plain = BundleBuilder.Unpack(
            file.AsSpan((int)bundle.Offset + header.HeaderBytes, (int)(header.TotalBytes ?? bundle.Slot) - header.HeaderBytes).ToArray(),
            header.Method
        );
        return plain.AsSpan((int)entry.Offset, (int)entry.Size);
    }

    private static IEnumerable<byte[]> Libraries()
    {
        foreach (var pointers in Enum.GetValues<Pointers>())
        {
            yield return new FatLibraryBuilder { Pointers = pointers, Bundles = Bundles(null, BundleMethod.Zstd) };
            yield return new FatLibraryBuilder { Pointers = pointers, Bundles = [BundleBuilder.For("gfx1151")] };
            yield return new FatLibraryBuilder
            {
                Pointers = pointers,
                Bundles = Bundles(3, BundleMethod.Zstd),
                Notes = 0,
            };
            yield return new FatLibraryBuilder
            {
                Pointers = pointers,
                Bundles = Bundles(2, BundleMethod.Zstd),
                Tail = false,
            };
            yield return new FatLibraryBuilder
            {
                Pointers = pointers,
                Bundles = Bundles(1, BundleMethod.Zlib),
                Notes = 1,
                Wrappers = [0, 1, 0],
            };
        }
    }

    private static BundleBuilder[] Bundles(int? version, BundleMethod method) =>
        [
            .. new[] { 4500, 700 }.Select(size =>
                BundleBuilder.For(size, "gfx803", "gfx1151", "gfx1100") with
                {
                    Version = version,
                    Method = method,
                }
            ),
        ];

    /// <summary>Tables, and in the bundles the start of each page, where headers are.</summary>
    private static List<(int Start, int Length)> Places(byte[] file)
    {
        var loaded = new LoadedLibrary(file);
        var (_, code, length) = loaded.FindSection(".hip_fatbin");
        var wrappers = loaded.FindSection(".hipFatBinSegment");
        var dynamic = loaded.FindSection(".dynamic");
        var places = new List<(int, int)>
        {
            (0, 64),
            (64, 560),
            ((int)file.Get(40), file[60] * 64),
            (file.SectionRow(".hip_fatbin"), 64),
            (file.SectionRow(".hipFatBinSegment"), 64),
            (64, 1400),
            (wrappers.Offset, wrappers.Length),
            (dynamic.Offset, dynamic.Length),
            (0, file.Length),
            (code, length),
        };
        foreach (var bundle in Offloading.Read(file).Bundles)
        {
            places.AddRange([
                ((int)bundle.Offset, 48),
                ((int)bundle.Offset, 48),
                ((int)bundle.Offset, 240),
                ((int)bundle.Offset, (int)bundle.Slot),
            ]);
        }

        return places;
    }
}
