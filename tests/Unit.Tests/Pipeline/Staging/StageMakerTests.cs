using System.Security.Cryptography;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Staging;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Unit.Tests.Pipeline.Staging;

public sealed class StageMakerTests
{
    private static readonly StageRule Rule = new()
    {
        Lock = "x.lock",
        Packages = ["hip", "blas"],
        VersionOf = "hip",
        Release = "43",
        Repositories = [],
        LeaveOut = ["/usr/share/doc/**"],
        Places = new StagePatterns
        {
            Library = ["/usr/lib64/libamdhip64.so.*"],
            Table = ["/usr/lib64/rocblas/library/*.dat"],
            Compiler = ["/opt/none/clang++", "/usr/bin/clang++"],
            DeviceLibrary = ["/usr/lib/**/ocml.bc"],
            Prefix = "/usr",
        },
    };

    private string folder = "";

    private string Stage => Path.Combine(folder, "stage");

    private string Work => Path.Combine(folder, "work.partial");

    private StageMaker Maker => new(Rule, Stage, Work);

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gfxbake-stage").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Record_says_what_lies_where()
    {
        var record = Make(Good());

        Assert.That(
            (record.RocmVersion, record.Libraries, record.Tensile, record.Compiler, record.DeviceLibraries, record.Prefix, record.Count),
            Is.EqualTo(
                ("1", "usr/lib64", "usr/lib64/rocblas/library", "usr/bin/clang++", "usr/lib/c/bitcode", "usr", new StageCount(4, 1, 8))
            )
        );
        Assert.That(record.Packages.Select(p => (p.Name, p.Version)), Is.EqualTo(new[] { ("blas", "1-1"), ("hip", "1-1") }));
        Assert.That(File.Exists(Path.Combine(Stage, "usr/share/doc/x")), Is.False);
        Assert.That(RecordFile.TryRead<StageRecord>(Maker.Record), Is.EqualTo(record).UsingPropertiesComparer());
        Assert.That(Left(), Is.EqualTo(new[] { "stage", "stage.json" }));
    }

    [Test]
    public void Second_run_has_nothing_to_do()
    {
        var record = Make(Good());

        Assert.That(Existing(Good()), Is.EqualTo((record, (string?)null)).UsingPropertiesComparer());
    }

    [Test]
    public void Another_package_or_rule_makes_it_anew()
    {
        Make(Good());
        var other = Maker.Existing(Maker.Inputs([.. Good().Select(p => p.Package with { Sha256 = new string('0', 64) })]));
        var maker = new StageMaker(Rule with { LeaveOut = [] }, Stage, Work);

        Assert.That(other, Is.EqualTo(((StageRecord?)null, "the packages or the recipe changed")));
        Assert.That(maker.Existing(maker.Inputs([.. Good().Select(p => p.Package)])), Is.EqualTo(other));
    }

    [TestCase("changed")]
    [TestCase("removed")]
    [TestCase("added")]
    [TestCase("link")]
    [TestCase("rights")]
    public void Stage_that_somebody_changed_is_made_anew(string how)
    {
        Make(Good());
        var file = Path.Combine(Stage, "usr/bin/clang++");
        switch (how)
        {
            case "changed":
                File.WriteAllText(file, "other");
                break;
            case "removed":
                File.Delete(file);
                break;
            case "added":
                File.WriteAllText(file + ".old", "");
                break;
            case "rights":
                File.SetUnixFileMode(file, UnixFileMode.UserRead);
                break;
            default:
                File.Delete(Path.Combine(Stage, "usr/lib64/libamdhip64.so"));
                File.CreateSymbolicLink(Path.Combine(Stage, "usr/lib64/libamdhip64.so"), "elsewhere");
                break;
        }

        Assert.That(Existing(Good()), Is.EqualTo(((StageRecord?)null, "files of the stage were changed")));
        Make(Good());
        Assert.That(Existing(Good()).Why, Is.Null);
    }

    [Test]
    public void Package_that_is_swapped_after_the_check_stages_nothing()
    {
        var before = Make(Good());
        var packages = Good();
        File.WriteAllBytes(packages[0].File, RpmFile.Of("hip", new RpmItem("./usr/lib64/libamdhip64.so.7", "evil")));

        Assert.That(
            () => Make(packages),
            Throws.TypeOf<StageException>().With.Message.EqualTo("hip.rpm was changed while it was unpacked; nothing was staged")
        );
        Assert.That(File.ReadAllText(Path.Combine(Stage, "usr/lib64/libamdhip64.so.7")), Is.EqualTo("hip"));
        Assert.That(RecordFile.TryRead<StageRecord>(Maker.Record), Is.EqualTo(before).UsingPropertiesComparer());
    }

    [Test]
    public void What_follows_the_last_file_counts_too()
    {
        var packages = Good();
        File.AppendAllText(packages[1].File, "x");

        Assert.That(() => Make(packages), Throws.TypeOf<StageException>().With.Message.Contains("blas.rpm was changed"));
    }

    [Test]
    public void Broken_package_is_named_and_the_old_stage_stays()
    {
        Make(Good());

        Assert.That(
            () => Make([Good()[0], Package("blas.rpm", [1, 2, 3])]),
            Throws.TypeOf<StageException>().With.Message.EqualTo("blas.rpm: it is no package of rpm; nothing was staged")
        );
        Assert.That(Existing(Good()).Record, Is.Not.Null);
    }

    [Test]
    public void Package_that_is_missing_from_the_lock_is_named() =>
        Assert.That(() => Make([Good()[0]]), Throws.TypeOf<StageException>().With.Message.StartsWith("the lock lacks blas, which"));

    [Test]
    public void Package_that_is_there_in_two_files_is_named() =>
        Assert.That(
            () => Make([.. Good(), Package("blas2.rpm", RpmFile.Of("blas"))]),
            Throws.TypeOf<StageException>().With.Message.EqualTo("the lock has blas twice: 1-1, 1-1")
        );

    [Test]
    public void Stage_without_the_library_is_refused() =>
        Assert.That(
            () => Make([Good()[1], Package("hip.rpm", RpmFile.Of("hip"))]),
            Throws.TypeOf<StageException>().With.Message.Contains("no file of the packages fits /usr/lib64/libamdhip64.so.*")
        );

    [TestCase(1)]
    [TestCase(2)]
    public void Cancelled_run_leaves_what_was_there_and_the_next_one_makes_it(int after)
    {
        using var cancellation = new CancellationTokenSource();
        var (seen, packages) = (0, Good());
        var progress = new Direct(_ =>
        {
            if (++seen == after)
                cancellation.Cancel();
        });
        // What a third package has must not be half there.
        packages.Add(Package("more.rpm", RpmFile.Of("more", new RpmItem("./usr/more", "x"))));

        Assert.That(() => Maker.Make(packages, 1, progress, cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.Exists(Stage), Is.False);
        Assert.That(Existing(packages), Is.EqualTo(((StageRecord?)null, (string?)null)));

        Make(packages);
        Assert.That(Existing(packages).Record, Is.Not.Null);
        Assert.That(Left(), Is.EqualTo(new[] { "stage", "stage.json" }));
    }

    [Test]
    public void Cancelled_within_a_package_it_stops_before_the_next_file()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        var tree = new StageTree(Directory.CreateDirectory(Stage).FullName, [], 100);

        Assert.That(() => tree.Unpack("p", [null!], cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase("half unpacked")]
    [TestCase("between the renames")]
    [TestCase("before the record")]
    [TestCase("before the old one is gone")]
    public void Killed_at_any_point_the_next_run_makes_it(string at)
    {
        Make(Good());
        var old = Work + ".old.partial";
        switch (at)
        {
            case "half unpacked":
                Directory.CreateDirectory(Path.Combine(Work, "usr/bin/clang++"));
                break;
            case "between the renames":
                File.Delete(Maker.Record);
                Directory.Move(Stage, old);
                Directory.CreateDirectory(Work);
                break;
            case "before the record":
                File.Delete(Maker.Record);
                break;
            default:
                File.Delete(Maker.Record);
                Directory.CreateDirectory(Path.Combine(old, "usr"));
                break;
        }

        Assert.That(Existing(Good()).Record is not null, Is.EqualTo(at == "half unpacked"));
        Make(Good());
        Assert.That(Existing(Good()).Record, Is.Not.Null);
        Assert.That(Left(), Is.EqualTo(new[] { "stage", "stage.json" }));
    }

    [Test]
    public void Links_to_their_own_folder_end()
    {
        var packages = Good();
        RpmItem[] loops = [.. "abcd".Select(n => new RpmItem($"./usr/{n}", ".", RpmItem.Symbolic))];
        packages.Add(Package("loops.rpm", RpmFile.Of("loops", loops)));

        Assert.That(Make(packages).Count.Links, Is.EqualTo(5));
        Assert.That(Existing(packages).Record, Is.Not.Null);
    }

    [Test]
    public void Packages_that_share_folders_are_unpacked_at_the_same_time() =>
        Rounds.Run(
            random =>
            {
                var packages = Good();
                for (var i = 0; i < 6; i++)
                {
                    var items = Enumerable
                        .Range(0, 4)
                        .SelectMany(n =>
                            new[]
                            {
                                new RpmItem($"./usr/{n}", "", RpmItem.Directory),
                                new RpmItem($"./usr/{n}/{i}", $"{i} {n}"),
                                new RpmItem($"./usr/{n}/link", "target", RpmItem.Symbolic),
                            }
                        )
                        .ToArray();
                    random.Shuffle(items);
                    packages.Add(Package($"p{i}.rpm", RpmFile.Of($"p{i}", items)));
                }

                var record = Make(packages);

                Assert.That((record.Count.Files, record.Count.Links), Is.EqualTo((4 + 24, 5)));
                for (var i = 0; i < 24; i++)
                    Assert.That(File.ReadAllText(Path.Combine(Stage, $"usr/{i % 4}/{i / 4}")), Is.EqualTo($"{i / 4} {i % 4}"));
            },
            cost: 100
        );

    [Test]
    public void File_of_two_packages_is_refused_with_both()
    {
        var packages = Good();
        packages.Add(Package("more.rpm", RpmFile.Of("more", new RpmItem("./usr/bin/clang++", "x"))));

        Assert.That(
            () => Make(packages),
            Throws
                .TypeOf<StageException>()
                .With.Message.Contains("/usr/bin/clang++ comes a second time")
                .And.Message.Contains("hip.rpm")
                .And.Message.Contains("more.rpm")
        );
        Assert.That(Directory.Exists(Stage), Is.False);
    }

    [TestCase("/etc/passwd", RpmItem.Regular, "/etc/passwd is no plain path")]
    [TestCase("./../../etc/passwd", RpmItem.Regular, "./../../etc/passwd is no plain path")]
    [TestCase(
        "./usr/lib64/libamdhip64.so/x",
        RpmItem.Regular,
        "/usr/lib64/libamdhip64.so is a folder here and a file or a link of hip.rpm"
    )]
    [TestCase("./dev/null", RpmItem.Device, "/dev/null is a device")]
    public void Hostile_entry_is_refused_and_nothing_is_left(string path, int mode, string why)
    {
        var packages = Good();
        packages[1] = Package("blas.rpm", RpmFile.Of("blas", new RpmItem(path, "", mode)));

        Assert.That(
            () => Maker.Make(packages, 1, new Direct(_ => { }), default),
            Throws.TypeOf<StageException>().With.Message.Contains(why)
        );
        Assert.That(Directory.Exists(Stage), Is.False);
    }

    private static readonly RpmItem[] Hip =
    [
        new("./usr", "", RpmItem.Directory),
        new("./usr/lib64/libamdhip64.so.7", "hip", RpmItem.Setuid),
        new("./usr/lib64/libamdhip64.so", "libamdhip64.so.7", RpmItem.Symbolic),
        new("./usr/bin/clang++", "c", RpmItem.Program),
        new("./usr/lib/c/bitcode/ocml.bc", "o"),
        new("./usr/share/doc/x", "left out"),
    ];

    private List<(LockedPackage Package, string File)> Good() =>
        [
            Package("hip.rpm", RpmFile.Of("hip", Hip)),
            Package("blas.rpm", RpmFile.Of("blas", new RpmItem("./usr/lib64/rocblas/library/T.dat", "dat"))),
        ];

    private (LockedPackage Package, string File) Package(string name, byte[] bytes)
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "packages")).FullName, name);
        File.WriteAllBytes(file, bytes);
        return (new LockedPackage($"https://example.org/{name}", Convert.ToHexStringLower(SHA256.HashData(bytes))), file);
    }

    private StageRecord Make(IReadOnlyList<(LockedPackage Package, string File)> packages) =>
        Maker.Make(packages, 4, new Direct(_ => { }), CancellationToken.None);

    private (StageRecord? Record, string? Why) Existing(IReadOnlyList<(LockedPackage Package, string File)> packages) =>
        Maker.Existing(Maker.Inputs([.. packages.Select(p => p.Package)]));

    private IEnumerable<string?> Left() =>
        Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Where(n => n != "packages").Order(StringComparer.Ordinal);

    /// <summary>Tells at once, not on another thread as Progress does.</summary>
    private sealed class Direct(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
