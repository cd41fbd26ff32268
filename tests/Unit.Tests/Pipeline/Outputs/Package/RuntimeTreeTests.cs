using System.Formats.Tar;
using System.Security.Cryptography;
using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Unit.Tests.Formats.Elf;
using Gfxbake.Unit.Tests.Formats.Images;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Package;

public sealed class RuntimeTreeTests
{
    private const long Epoch = 1_763_596_800;

    private static TarBuilder Patched =>
        new TarBuilder()
            .File("usr/bin/tool", "patched program", mode: 0x1ed)
            .File("usr/lib/x86_64-linux-gnu/tool/libtool.so.1.2", "patched library");

    [Test]
    public void Tar_holds_the_patched_files_in_place_of_the_images()
    {
        using var sample = new SampleRuntime();

        Assert.That(Read(Write(sample, Patched))["./usr/lib/tool-gpu/usr/bin/tool"], Is.EqualTo("patched program"));
    }

    [Test]
    public void Tar_holds_the_files_of_trees_with_their_modes()
    {
        using var sample = new SampleRuntime();
        sample.Trees =
        [
            new TreeFile("/usr/lib/tool-gpu/usr/bin/tool", 0x1ed, "a script"u8.ToArray(), "tool-ordinary"),
            new TreeFile("/usr/share/tool/a.py", 0x1a4, "a module"u8.ToArray()),
            new TreeFile("/usr/share/tool/b.py", 0x1a4, []),
        ];
        var tar = Write(sample, Patched);
        var texts = Read(tar);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(texts["./usr/lib/tool-gpu/usr/bin/tool"], Is.EqualTo("a script"));
            Assert.That(texts["./usr/lib/tool-gpu/usr/bin/tool-ordinary"], Is.EqualTo("patched program"));
            Assert.That((texts["./usr/share/tool/a.py"], texts["./usr/share/tool/b.py"]), Is.EqualTo(("a module", "")));
            var modes = Entries(tar).ToDictionary(e => e.Name.TrimStart('.', '/'), e => ((int)e.Mode, e.EntryType));
            Assert.That(modes["usr/lib/tool-gpu/usr/bin/tool"], Is.EqualTo((0x1ed, TarEntryType.RegularFile)));
            Assert.That(modes["usr/share/tool/b.py"], Is.EqualTo((0x1a4, TarEntryType.RegularFile)));
        }
    }

    [Test]
    public void Tar_is_the_same_for_the_same_input()
    {
        using var first = new SampleRuntime();
        using var second = new SampleRuntime();

        Assert.That(SHA256.HashData(Write(first, Patched)), Is.EqualTo(SHA256.HashData(Write(second, Patched))));
    }

    [Test]
    public void Everything_belongs_to_root_is_writable_by_nobody_else_and_no_later_than_the_epoch()
    {
        using var sample = new SampleRuntime();
        using (Assert.EnterMultipleScope())
        {
            foreach (var written in Entries(Write(sample, Patched)))
            {
                Assert.That((written.Uid, written.Gid), Is.EqualTo((0, 0)), written.Name);
                // A link's own mode means nothing.
                if (written.EntryType != TarEntryType.SymbolicLink)
                    Assert.That((int)written.Mode & 0xe12, Is.Zero, written.Name);
                Assert.That(written.ModificationTime.ToUnixTimeSeconds(), Is.LessThanOrEqualTo(Epoch).And.GreaterThan(0), written.Name);
            }
        }
    }

    [Test]
    public void File_with_every_bit_set_loses_those_that_give_rights_away()
    {
        using var image = new TarBuilder()
            .Entry('0', "usr/bin/tool", content: Program(), mode: 0xfff, uid: 7, gid: 7)
            .Directory("usr/lib64")
            .Entry('0', "usr/lib64/ld.so", content: new ElfBuilder { SoName = "ld.so" }.Build())
            .Open();
        var runtime = RuntimePlanner.Plan(
            image,
            _ => true,
            new Gfxbake.Recipes.Model.PackageRecipe
            {
                Programs = ["/usr/bin/tool"],
                User = "u",
                Description = [],
            },
            "p",
            [],
            []
        );

        Assert.That(
            runtime.Contents.Select(e => (e.Entry.Mode, e.Entry.Uid, e.Entry.Gid)),
            Is.EqualTo(new[] { (0x1ed, 0, 0), (0x1a4, 0, 0) })
        );
    }

    [Test]
    public void File_that_patchelf_lost_is_an_error()
    {
        using var sample = new SampleRuntime();

        Assert.That(
            () => Write(sample, new TarBuilder().File("usr/bin/tool", "patched")),
            Throws.TypeOf<PackageException>().With.Message.Contains("libtool.so.1.2 did not come back")
        );
    }

    [Test]
    public void Parts_are_only_the_files_to_patch_at_their_places_in_the_image()
    {
        using var sample = new SampleRuntime();
        using var output = new MemoryStream();
        sample.Plan().WriteParts(sample.FileSystem, output, Epoch, default);

        Assert.That(
            Entries(output.ToArray()).Where(e => e.EntryType == TarEntryType.RegularFile).Select(e => e.Name),
            Is.EqualTo(new[] { "usr/bin/tool", "usr/lib/x86_64-linux-gnu/tool/libtool.so.1.2" })
        );
    }

    private static byte[] Program() => new ElfBuilder { Interpreter = "/usr/lib64/ld.so" }.Build();

    private static byte[] Write(SampleRuntime sample, TarBuilder patched)
    {
        using var files = patched.Open();
        using var output = new MemoryStream();
        sample.Plan().Write(sample.FileSystem, files, output, Epoch, null, default);
        return output.ToArray();
    }

    private static List<TarEntry> Entries(byte[] tar)
    {
        var entries = new List<TarEntry>();
        using var reader = new TarReader(new MemoryStream(tar));
        while (reader.GetNextEntry(copyData: true) is { } entry)
            entries.Add(entry);
        return entries;
    }

    private static Dictionary<string, string> Read(byte[] tar) =>
        Entries(tar)
            .Where(e => e.EntryType == TarEntryType.RegularFile)
            .ToDictionary(e => "./" + e.Name.TrimStart('.', '/'), e => new StreamReader(e.DataStream ?? Stream.Null).ReadToEnd());
}
