using System.Text.RegularExpressions;
using Gfxbake.Formats.Offload;

namespace Gfxbake.Unit.Tests.Formats.Offload.RealTools;

/// <summary>Libraries and programs of real linkers are rewritten, loaded, and read by real tools.</summary>
[TestFixtureSource(typeof(Linked), nameof(Linked.All))]
[Category(Needs.Compiler)]
public sealed partial class LinkedTests(Linked how)
{
    private string original = "";
    private string[] wanted = [];
    private bool movesTable;

    [OneTimeSetUp]
    public void Rewrite()
    {
        original = Workshop.At(how.Name.Replace(' ', '-'));
        Workshop.Link(how, original);
        wanted = [.. Workshop.Lines(how, original).Where(IsKept)];
        foreach (var form in new[] { OffloadForm.Slim, OffloadForm.Raw, OffloadForm.Compress })
            movesTable = Rewrite(original, At(form), form, BundleFiles.Kept).MovesTable;
    }

    [Test]
    public void Program_prints_the_same_for_what_stays([Values(OffloadForm.Slim, OffloadForm.Raw, OffloadForm.Compress)] OffloadForm form)
    {
        Assert.That(wanted, Has.Length.EqualTo(16), "two lines of C++, and two for each of seven bundles");
        Assert.That(Workshop.Lines(how, At(form)), Is.EqualTo(wanted));
    }

    [Test]
    public void File_is_smaller([Values(OffloadForm.Slim, OffloadForm.Raw, OffloadForm.Compress)] OffloadForm form) =>
        Assert.That(new FileInfo(At(form)).Length, Is.LessThan(new FileInfo(original).Length - 1_000_000));

    [Test]
    public void Readelf_reads_it_without_a_new_warning([Values(OffloadForm.Slim, OffloadForm.Raw, OffloadForm.Compress)] OffloadForm form)
    {
        var expected = Warnings(original);

        Assert.That(Warnings(At(form)), Is.EqualTo(expected));
    }

    [Test]
    public void Readelf_finds_the_same_notes([Values(OffloadForm.Slim, OffloadForm.Raw, OffloadForm.Compress)] OffloadForm form) =>
        Assert.That(Notes(At(form)), Is.EqualTo(Notes(original)));

    [Test]
    public void Ldd_finds_the_same_libraries([Values(OffloadForm.Slim, OffloadForm.Raw, OffloadForm.Compress)] OffloadForm form) =>
        Assert.That(Libraries(At(form)), Is.EqualTo(Libraries(original)));

    [Test]
    public void Stripped_file_prints_the_same_and_has_not_grown(
        [Values(OffloadForm.Slim, OffloadForm.Raw, OffloadForm.Compress)] OffloadForm form,
        [Values("strip --strip-unneeded", "strip --strip-all", "llvm-objcopy --strip-all")] string command
    )
    {
        // What the plan warns of, and llvm-objcopy 14 does not take any static program of GNU ld.
        if (movesTable && command.StartsWith("strip", StringComparison.Ordinal))
            return;
        if (Strip(command, original).Status != 0)
            return;
        var (status, output) = Strip(command, At(form));
        var stripped = At(form) + ".stripped";

        Assert.That(status, Is.Zero, output);
        Assert.Multiple(() =>
        {
            Assert.That(Workshop.Lines(how, stripped), Is.EqualTo(wanted));
            Assert.That(new FileInfo(stripped).Length, Is.LessThanOrEqualTo(new FileInfo(At(form)).Length));
        });
    }

    [Test]
    public void Table_of_program_headers_moves_only_where_no_header_can_go() =>
        Assert.That(movesTable, Is.EqualTo(how.HasNoNote && how.Name.StartsWith("bfd", StringComparison.Ordinal)));

    [Test]
    public void File_that_was_rewritten_can_be_rewritten_for_fewer_GPUs()
    {
        var (both, one) = (original + ".both", original + ".one");
        Rewrite(original, both, OffloadForm.Slim, BundleFiles.Kept, BundleFiles.Also);
        if (movesTable)
        {
            Assert.That(
                () => Rewrite(both, one, OffloadForm.Slim, BundleFiles.Kept),
                Throws.TypeOf<OffloadRefusedException>().With.Message.Contains("do not stand before")
            );
            return;
        }

        var plan = Rewrite(both, one, OffloadForm.Slim, BundleFiles.Kept);

        Assert.Multiple(() =>
        {
            Assert.That(Workshop.Lines(how, one), Is.EqualTo(wanted));
            Assert.That(new FileInfo(one).Length, Is.LessThanOrEqualTo(new FileInfo(At(OffloadForm.Slim)).Length));
            Assert.That(plan.MovesTable, Is.False, "its segment is split already");
        });
    }

    [Test]
    public void Rewritten_file_needs_no_rewriting([Values(OffloadForm.Slim, OffloadForm.Raw, OffloadForm.Compress)] OffloadForm form)
    {
        using var source = File.OpenRead(At(form));

        Assert.That(OffloadPlanner.Plan(FatBinaryReader.TryRead(source)!, [TargetId.Parse(BundleFiles.Kept)], form), Is.Null);
    }

    private static OffloadRewrite Rewrite(string from, string to, OffloadForm form, params IEnumerable<string> targets)
    {
        using var source = File.OpenRead(from);
        var fat = FatBinaryReader.TryRead(source)!;
        var plan = OffloadPlanner.Plan(fat, [.. targets.Select(TargetId.Parse)], form)!;
        Assert.That(plan.Note, Is.Null);
        File.Copy(from, to); // for its mode
        OffloadResult result;
        using (var output = new FileStream(to, FileMode.Truncate, FileAccess.ReadWrite))
            result = OffloadWriter.Write(() => File.OpenRead(from), plan, output);
        OffloadCheck.Verify(() => File.OpenRead(from), plan, () => File.OpenRead(to), result);
        return plan;
    }

    private static (int Status, string Output) Strip(string command, string file)
    {
        var words = command.Split(' ');
        return Toolchain.Try(
            words[0],
            words[0] == "strip" ? [words[1], "-o", file + ".stripped", file] : [words[1], file, file + ".stripped"]
        );
    }

    private string At(OffloadForm form) => $"{original}.{form}";

    // The bundle without exact code has only the generic object that serves.
    private static bool IsKept(string line) =>
        !line.StartsWith("object ", StringComparison.Ordinal)
        || line.Contains(" host-", StringComparison.Ordinal)
        || line.Contains($"--{BundleFiles.Kept} ", StringComparison.Ordinal)
        || line.StartsWith("object 5 hipv4-amdgcn-amd-amdhsa--gfx11-generic ", StringComparison.Ordinal);

    private static string[] Warnings(string file) =>
        [
            .. Toolchain
                .Run("readelf", "-lSW", file)
                .Split('\n')
                .Where(l => l.Contains("readelf:", StringComparison.Ordinal))
                .Select(l => l.Replace(file, "", StringComparison.Ordinal)),
        ];

    private static string Notes(string file) => Toolchain.Run("readelf", "-nW", file);

    private static string Libraries(string file) => Address().Replace(Toolchain.Try("ldd", file).Output, "");

    [GeneratedRegex(@" \(0x[0-9a-f]+\)")]
    private static partial Regex Address();
}
