using Gfxbake.Formats.Elf;
using Gfxbake.Unit.Tests.Formats.Images;

namespace Gfxbake.Unit.Tests.Formats.Elf;

public sealed class PaperLoaderTests
{
    private TestImage image = null!;

    [SetUp]
    public void Start() => image = new TestImage();

    [TearDown]
    public void Stop() => image.Dispose();

    [Test]
    public void Needed_libraries_come_breadth_first_each_once()
    {
        image
            .File("/app/liba.so", new ElfBuilder { Needed = ["libb.so", "libc.so"] })
            .File("/usr/lib/libb.so", new ElfBuilder { SoName = "libb.so", Needed = ["libd.so"] })
            .File("/usr/lib/libc.so", new ElfBuilder { SoName = "libc.so", Needed = ["libb.so"] })
            .File("/usr/lib/libd.so", new ElfBuilder { SoName = "libd.so" });

        var result = Open("/app/liba.so");

        Assert.That(result.Loads, Is.True);
        Assert.That(
            result.Objects.Select(o => o.Path),
            Is.EqualTo(new[] { "/app/liba.so", "/usr/lib/libb.so", "/usr/lib/libc.so", "/usr/lib/libd.so" })
        );
    }

    [Test]
    public void Name_that_is_loaded_already_is_not_looked_for()
    {
        image
            .File("/app/liba.so", new ElfBuilder { Needed = ["libold.so.1", "libnew.so.2"] })
            .File("/usr/lib/libold.so.1", new ElfBuilder { SoName = "libnew.so.2" });

        var result = Open("/app/liba.so");

        Assert.That(result.Loads, Is.True);
        Assert.That(result.Objects.Single(o => o.HasOtherName).Name, Is.EqualTo("libold.so.1"));
    }

    [Test]
    public void Libraries_of_the_program_come_before_those_of_the_library()
    {
        image
            .File(
                "/app/program",
                new ElfBuilder
                {
                    Interpreter = "/lib/ld.so",
                    Needed = ["libx.so.1"],
                    RPath = "$ORIGIN",
                }
            )
            .File("/app/libx.so.1", new ElfBuilder { SoName = "libx.so.1" })
            .File("/rocm/liby.so", new ElfBuilder { Needed = ["libx.so.1"], Symbols = [new("only_in_rocm")] })
            .File("/rocm/libx.so.1", new ElfBuilder { SoName = "libx.so.1", Symbols = [new("only_in_rocm") { IsDefined = true }] });

        Assert.That(Open("/rocm/liby.so", "/rocm").Loads, Is.True);
        var result = Open("/rocm/liby.so", "/rocm", "/app/program");
        Assert.That(result.Problems.Single().Fault, Is.EqualTo(LinkFault.SymbolMissing));
    }

    [Test]
    public void Origin_is_where_the_library_will_lie()
    {
        image
            .File("/bundle/liba.so", new ElfBuilder { Needed = ["libb.so"], RunPath = "$ORIGIN" })
            .File("/bundle/libb.so", new ElfBuilder { SoName = "libb.so" });

        Assert.That(Open("/bundle/liba.so").Loads, Is.True);
        Assert.That(new PaperLoader(image.FileSystem, null).Open("/bundle/liba.so", seenAt: "/overlay/liba.so").Loads, Is.False);
    }

    [Test]
    public void Every_missing_library_is_named()
    {
        image.File("/app/liba.so", new ElfBuilder { Needed = ["libb.so", "libc.so"] });

        Assert.That(
            Open("/app/liba.so").Problems.Select(p => (p.Fault, p.Name)),
            Is.EqualTo(new[] { (LinkFault.Missing, "libb.so"), (LinkFault.Missing, "libc.so") })
        );
    }

    [TestCase("old@ONE", "ONE", true)]
    [TestCase("old@ONE", "TWO", false)]
    [TestCase("old@@ONE", null, true)]
    [TestCase("old", "ONE", false, TestName = "Version_that_the_library_does_not_define")]
    [TestCase("old other@@TWO", null, true)]
    public void Versions_bind_as_in_the_loader(string exported, string? wanted, bool expected)
    {
        image
            .File(
                "/app/liba.so",
                new ElfBuilder { Needed = ["libx.so.1"], Symbols = [wanted is null ? new("old") : new("old", wanted, "libx.so.1")] }
            )
            .File(
                "/usr/lib/libx.so.1",
                StubWriter.Write(
                    new StubLibrary
                    {
                        SoName = "libx.so.1",
                        Functions = [.. exported.Split(' ').Select(StubSymbol.Parse), new("versioned", "ZERO")],
                        Why = "a test",
                        Next = "none",
                    }
                )
            );

        Assert.That(Open("/app/liba.so").Loads, Is.EqualTo(expected));
    }

    [Test]
    public void Damaged_libraries_are_linked_or_refused()
    {
        byte[][] samples =
        [
            new ElfBuilder
            {
                Needed = ["libx.so.1"],
                RunPath = "$ORIGIN",
                Symbols = [new("old", "ONE", "libx.so.1"), new("none") { Binding = 2 }],
            },
            StubWriter.Write(
                new StubLibrary
                {
                    SoName = "libx.so.1",
                    Functions = [new("old", "ONE"), new("other", "TWO")],
                    Why = "a test",
                    Next = "none",
                }
            ),
        ];
        var outcomes = new Dictionary<bool, int>();
        Rounds.Run(random =>
        {
            var which = random.Next(2);
            var damaged = new Offload.Mutations(random).Of(samples[which], [(0, 64), (64, 400), (64, samples[which].Length - 64)]);
            var tree = new MemoryTree(
                new Dictionary<string, byte[]>
                {
                    ["/liba.so"] = which == 0 ? damaged : samples[0],
                    ["/libx.so.1"] = which == 1 ? damaged : samples[1],
                }
            );
            var loads = new PaperLoader(tree, "/").Open("/liba.so").Loads;
            outcomes[loads] = outcomes.GetValueOrDefault(loads) + 1;
        });
        TestContext.Out.WriteLine(string.Join(", ", outcomes));
        if (Rounds.AreMany)
            Assert.That(outcomes.Values, Has.Count.EqualTo(2).And.All.GreaterThan(100));
    }

    private LinkResult Open(string library, string? path = null, string? program = null) =>
        new PaperLoader(image.FileSystem, path).Open(library, program);
}
