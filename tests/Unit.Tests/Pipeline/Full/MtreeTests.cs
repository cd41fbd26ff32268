using Gfxbake.Pipeline.Full;
using Gfxbake.Unit.Tests.Pipeline.Proof;

namespace Gfxbake.Unit.Tests.Pipeline.Full;

public sealed class MtreeTests
{
    [Test]
    public void Table_comes_back_as_it_was_written()
    {
        var table = SampleTree.Table(SampleTree.Kept());

        var back = Read(Text(table));

        Assert.Multiple(() =>
        {
            Assert.That(Text(back), Is.EqualTo(Text(table)));
            Assert.That(back.Find("/" + SampleTree.Alias)!.Entry.LinkTarget, Is.EqualTo("/" + SampleTree.Slim), "the hard link");
            Assert.That(SampleTree.Proof().Differences(back), Is.Empty);
        });
    }

    [Test]
    public void Line_is_what_other_programs_read() =>
        Assert.That(
            Text(SampleTree.Table([new Node('0', "a b#=\\ü", "x", 0x9ed, 1, 2)])),
            Does.Contain(
                "./a\\040b\\043\\075\\134\\303\\274 type=file mode=4755 uid=1 gid=2 size=1 inode=1 "
                    + "sha256digest=2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\n"
            )
        );

    [Test]
    public void Any_name_comes_back() =>
        Rounds.Run(
            random =>
            {
                var names = Enumerable
                    .Range(0, 20)
                    .Select(i =>
                        $"{i}"
                        + string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => (char)random.Next(1, 0x800))).Replace('/', '_')
                    );
                var table = SampleTree.Table(names.Select(n => new Node('0', n, n)));

                Assert.That(Read(Text(table)).Entries.Select(e => e.Entry.Path), Is.EqualTo(table.Entries.Select(e => e.Entry.Path)));
            },
            cost: 20
        );

    [TestCase("", "line 1 is not '#mtree'")]
    [TestCase("#mtree\n", "the root is missing")]
    [TestCase("#mtree\n. type=dir mode=755 uid=0 gid=0\n. type=dir mode=755 uid=0 gid=0\n", "same key")]
    [TestCase("#mtree\n/etc type=dir mode=755 uid=0 gid=0\n", "line 2: the path '/etc' is not below '.'")]
    [TestCase("#mtree\n. type=door mode=755 uid=0 gid=0\n", "line 2: unknown type 'door'")]
    [TestCase("#mtree\n. type=dir mode=955 uid=0 gid=0\n", "line 2: ")]
    [TestCase("#mtree\n. type=dir uid=0 gid=0\n", "line 2: ")]
    [TestCase("#mtree\n. type=dir mode=755 mode=755 uid=0 gid=0\n", "line 2: ")]
    [TestCase("#mtree\n. type=dir mode=755 uid=-1 gid=0\n", "line 2: ")]
    [TestCase("#mtree\n. type=dir mode=755 uid=0 gid=99999999999999999999\n", "line 2: ")]
    [TestCase("#mtree\n./a type=file mode=644 uid=0 gid=0 size=1 inode=1\n", "line 2: a file needs a digest")]
    [TestCase("#mtree\n./\\09 type=dir mode=755 uid=0 gid=0\n", "line 2: ")]
    [TestCase("#mtree\n./\\04 type=dir mode=755 uid=0 gid=0\n", "line 2: ")]
    [TestCase("#mtree\n. type=dir mode=755 uid=0 gid=0 nochange\n", "line 2: 'nochange' has no value")]
    public void Broken_table_is_refused_with_its_line(string text, string message) =>
        Assert.That(() => Read(text), Throws.TypeOf<FormatException>().With.Message.Contains(message));

    [Test]
    public void Cut_off_table_is_refused_or_shorter([Range(1, 400, 13)] int length)
    {
        var whole = Text(SampleTree.Table(SampleTree.Kept()));
        try
        {
            Assert.That(Read(whole[..length]).Entries, Has.Count.LessThan(SampleTree.Kept().Count));
        }
        catch (FormatException)
        {
            // Refused: as good.
        }
    }

    private static string Text(FileTable table)
    {
        using var text = new StringWriter();
        Mtree.Write(table, text);
        return text.ToString();
    }

    private static FileTable Read(string text) => Mtree.Read(new StringReader(text));
}
