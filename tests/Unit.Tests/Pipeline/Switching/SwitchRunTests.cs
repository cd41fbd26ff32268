using Gfxbake.Formats.Files;
using Gfxbake.Formats.Rooted;
using Gfxbake.Pipeline.Switching;

namespace Gfxbake.Unit.Tests.Pipeline.Switching;

/// <summary>A switch leaves nothing behind when it is undone, wherever it ended.</summary>
[TestFixture]
internal sealed class SwitchRunTests
{
    private static IEnumerable<string> Layouts => SwitchTree.All;

    [Test]
    public void Undone_switch_leaves_every_byte_right_owner_link_and_time_as_it_was(
        [ValueSource(nameof(Layouts))] string layout,
        [Values] bool withDropIns
    )
    {
        using var tree = new SwitchTree(layout, withDropIns);
        var before = tree.Picture();

        tree.Switch();
        Assert.That(tree.Picture(), Is.Not.EqualTo(before));
        Assert.That(tree.Undo(), Is.Empty);

        Assert.That(tree.Picture(), Is.EqualTo(before));
    }

    [TestCaseSource(nameof(Layouts))]
    public void Bundle_is_not_touched_by_a_switch(string layout)
    {
        using var tree = new SwitchTree(layout);
        var before = tree.Picture().Split('\n').Where(l => l.Contains("File")).ToList();

        tree.Switch();

        Assert.That(tree.Picture().Split('\n'), Is.SupersetOf(before));
    }

    [TestCase("switch")]
    [TestCase("undo")]
    public void Process_that_is_killed_at_any_write_leaves_what_undoing_takes_back(string work)
    {
        var kills = 0;
        for (var killed = true; killed; kills++)
        {
            using var tree = new SwitchTree("E", withDropIns: kills % 2 == 0);
            var before = tree.Picture(withTimes: false);
            if (work == "undo")
                tree.Switch();

            killed = SwitchChild.KilledAt(kills, work, tree, "E");
            Assert.That(tree.Undo(), Is.Empty, $"after write {kills}");
            if (!killed && work == "switch")
                break;
            Assert.That(tree.Picture(withTimes: false), Is.EqualTo(before), $"after write {kills}");
        }

        Assert.That(kills, Is.GreaterThan(15));
    }

    // The same as a kill, for layouts in which the kill of a process would only take more time.
    [TestCaseSource(nameof(Layouts))]
    public void Switch_that_ends_at_any_write_leaves_what_undoing_takes_back(string layout)
    {
        for (var write = 0; ; write++)
        {
            using var tree = new SwitchTree(layout);
            var before = tree.Picture(withTimes: false);
            var left = write;
            try
            {
                tree.Switch(_ => End(ref left));
                return;
            }
            catch (OperationCanceledException)
            {
                Assert.That(tree.Undo(), Is.Empty);
                Assert.That(tree.Picture(withTimes: false), Is.EqualTo(before), $"after write {write}");
            }
        }
    }

    [Test]
    public void File_that_an_update_overwrote_stays_and_is_told()
    {
        using var tree = new SwitchTree("E");
        tree.Switch();
        File.Delete(tree.At("/usr/lib/ollama/rocm_system/librocblas.so.5"));
        tree.Write("/usr/lib/ollama/rocm_system/librocblas.so.5", "from an update");

        Assert.That(
            tree.Undo(),
            Is.EqualTo(
                new[]
                {
                    "/usr/lib/ollama/rocm_system/librocblas.so.5 is a file now, which the switch did not make",
                    "/usr/lib/ollama/rocm_system holds librocblas.so.5",
                }
            )
        );
        Assert.That(tree.At("/usr/lib/ollama/rocm_system/librocblas.so.5"), Does.Exist);
        Assert.That(tree.At("/var/lib/gfxbake"), Does.Not.Exist);
    }

    [Test]
    public void Switch_of_an_ollama_that_was_replaced_is_told_and_undone()
    {
        using var tree = new SwitchTree("E");
        tree.Switch();
        Directory.Delete(tree.At("/usr/lib/ollama"), recursive: true);
        tree.Write("/usr/bin/ollama", "another");
        using var root = new RootFolder(tree.Root);

        SwitchLedger.Undo(
            root,
            (run, journal) =>
            {
                Assert.That(
                    run.Replaced(journal),
                    Is.EqualTo(new[] { "/usr/lib/ollama/rocm_v7_2/libggml-hip.so is gone", "/usr/bin/ollama is another file" })
                );
                return run.Undo(journal);
            }
        );

        Assert.That(tree.At("/etc/systemd/system/ollama.service.d"), Does.Not.Exist);
        Assert.That(tree.At("/var/lib/gfxbake"), Does.Not.Exist);
    }

    [Test]
    public void Edited_settings_go_only_when_that_is_asked_for()
    {
        const string dropIn = "/etc/systemd/system/ollama.service.d/60-gfxbake-rocm.conf";
        using var tree = new SwitchTree("E", withDropIns: true);
        tree.Switch();
        File.AppendAllText(tree.At(dropIn), "Environment=MINE=1\n");
        using (var root = new RootFolder(tree.Root))
        using (var ledger = SwitchLedger.Open(root))
            Assert.That(new SwitchRun(root, ledger).Edited(ledger.Read()!).Select(c => c.Path), Is.EqualTo(new[] { dropIn }));

        Assert.That(tree.Undo(edited: true), Is.Empty);

        Assert.That(tree.At(dropIn), Does.Not.Exist);
        Assert.That(tree.At("/etc/systemd/system/ollama.service.d/override.conf"), Does.Exist);
    }

    [Test]
    public void Something_of_the_same_name_is_left_alone_and_nothing_is_made()
    {
        using var tree = new SwitchTree("E");
        tree.Write("/usr/lib/ollama/rocm_system/mine", "");
        tree.Write("/etc/systemd/system/ollama.service.d/60-gfxbake-rocm.conf", "");
        var before = tree.Picture(withTimes: false);

        Assert.That(
            () => tree.Switch(),
            Throws
                .TypeOf<SwitchException>()
                .With.Message.EqualTo(
                    "these are there and not of a switch, so they stay:\n  /usr/lib/ollama/rocm_system\n"
                        + "  /etc/systemd/system/ollama.service.d/60-gfxbake-rocm.conf\nremove them first"
                )
        );
        tree.Undo();

        Assert.That(tree.Picture(withTimes: false), Is.EqualTo(before));
    }

    [Test]
    public void Folder_that_became_a_link_out_of_the_root_is_not_written_through()
    {
        using var outside = new SwitchTree("E");
        using var tree = new SwitchTree("E");
        var before = outside.Picture();
        using var root = new RootFolder(
            tree.Root,
            what =>
            {
                if (what != "make /usr/lib/ollama/rocm_system")
                    return;
                Directory.Move(tree.At("/etc/systemd"), tree.At("/etc/moved"));
                File.CreateSymbolicLink(tree.At("/etc/systemd"), outside.At("/etc/systemd"));
            }
        );
        using var ledger = SwitchLedger.Open(root);

        Assert.That(
            () => new SwitchRun(root, ledger).Apply(tree.Plan()),
            Throws.TypeOf<RootFolderException>().With.Message.Contains("lies behind /etc/systemd, which is a link or no folder")
        );

        Assert.That(outside.Picture(), Is.EqualTo(before));
        Assert.That(new SwitchRun(root, ledger).Undo(ledger.Read()!), Has.Some.Contains("lies behind /etc/systemd"));
        Assert.That(outside.Picture(), Is.EqualTo(before));
    }

    // A part of the tree may be read-only: where nothing was made, nothing is written to undo it.
    [Test]
    public void Undoing_writes_nothing_where_nothing_was_made()
    {
        using var tree = new SwitchTree("E", withDropIns: true);
        Assert.That(() => tree.Switch(w => Fail(w, "/etc/systemd")), Throws.TypeOf<RootFolderException>());

        Assert.That(tree.Undo(w => Fail(w, "/etc/systemd")), Is.Empty);

        static void Fail(string what, string folder)
        {
            if (what.Contains(folder, StringComparison.Ordinal))
                throw new RootFolderException("write", what, 30);
        }
    }

    [TestCase(28, "the disk is full")]
    [TestCase(30, "the file system is read-only")]
    [TestCase(13, "no right to; run it as root (sudo)")]
    public void Reason_of_the_kernel_is_told_in_words(int error, string words) =>
        Assert.That(new RootFolderException("write", "/etc/x", error).Message, Is.EqualTo($"can't write /etc/x: {words}"));

    [Test]
    public void Two_at_once_are_refused()
    {
        using var tree = new SwitchTree("E");
        using var root = new RootFolder(tree.Root);
        using var ledger = SwitchLedger.Open(root);

        Assert.That(
            () => tree.Switch(),
            Throws.TypeOf<SwitchException>().With.Message.StartsWith("another RocmSwitch or RocmRollback is at work")
        );
    }

    [TestCase("{")]
    [TestCase("null")]
    [TestCase("{\"format\": 99}")]
    [TestCase("{\"format\": 1, \"to\": \"x\", \"stage\": \"Kept\", \"changes\": [], \"folders\": null, \"seen\": []}")]
    public void Broken_journal_is_an_error_and_nothing_is_removed(string text)
    {
        using var tree = new SwitchTree("E");
        tree.Switch();
        tree.Write("/var/lib/gfxbake/rocm-switch/journal.json", text);

        Assert.That(() => tree.Undo(), Throws.TypeOf<SwitchException>().With.Message.Contains("journal.json is"));
        Assert.That(tree.At("/usr/lib/ollama/rocm_system/libggml-hip.so"), Does.Exist);
    }

    [Test]
    public void Journal_names_each_change_with_rights_owner_digest_and_target()
    {
        using var tree = new SwitchTree("A");
        tree.Switch();

        var journal = RecordFile.TryRead<SwitchJournal>(tree.At("/var/lib/gfxbake/rocm-switch/journal.json"))!;

        Assert.That(journal.Stage, Is.EqualTo(SwitchStage.Kept));
        Assert.That(journal.Changes.Select(c => c.Owner), Has.None.Null);
        Assert.That(journal.Changes.Where(c => c.Kind == SwitchChangeKind.Link).Select(c => c.Target), Has.None.Null);
        Assert.That(
            journal.Changes.Where(c => c.Kind == SwitchChangeKind.File).Select(c => (c.Mode, c.Sha256?.Length)),
            Is.EqualTo(new[] { ("755", 64), ("644", 64) })
        );
    }

    private static void End(ref int left)
    {
        if (--left < 0)
            throw new OperationCanceledException();
    }
}
