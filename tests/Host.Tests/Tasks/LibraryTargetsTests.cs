using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Offload;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tasks.Rocm;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Unit.Tests.Formats.Offload;
using Spectre.Console;

namespace Gfxbake.Host.Tests.Tasks;

[NonParallelizable]
public sealed class LibraryTargetsTests
{
    private readonly StringWriter screen = new();
    private readonly IAnsiConsole before = AnsiConsole.Console;
    private Fixture fixture = null!;
    private CommandLine? line;
    private Interruption interruption = null!;

    private string Library => Path.Combine(fixture.Root.FullPath, "libfat.so");

    private string Output => Path.Combine(fixture.Root.FullPath, "out", "libfat.so");

    [SetUp]
    public void MakeLibrary()
    {
        (fixture, interruption, line) = (new Fixture(), new Interruption(), null);
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(screen), Ansi = AnsiSupport.No });
        AnsiConsole.Profile.Width = 80;
        File.WriteAllBytes(Library, new FatLibraryBuilder { Bundles = [BundleBuilder.For(90_000, "gfx900", "gfx1151")] });
        File.SetUnixFileMode(Library, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead);
    }

    [TearDown]
    public void Clean()
    {
        AnsiConsole.Console = before;
        screen.GetStringBuilder().Clear();
        interruption.Dispose();
        fixture.Dispose();
    }

    [OneTimeTearDown]
    public void CloseScreen() => screen.Dispose();

    [Test]
    public void InspectLibrary_lists_objects_and_bytes_for_each_target()
    {
        Run<InspectLibrary>(("file", Library));

        Assert.That(
            screen.ToString(),
            Does.Contain("  target                     objects      unpacked    compressed\n")
                .And.Contain("  gfx900                           1       90.0 kB         plain\n")
                .And.Contain("  gfx1151                          1       90.0 kB         plain\n")
                .And.Contain("  all                              2        0.2 MB         plain\n")
        );
        Assert.That(screen.ToString().Split('\n').Max(l => l.Length), Is.LessThanOrEqualTo(80));
    }

    [Test]
    public void SlimLibrary_writes_the_wanted_code_alone_with_the_file_s_mode()
    {
        Run<SlimLibrary>(("file", Library), ("gpu", "gfx1151"), ("output", Output));

        using var stream = File.OpenRead(Output);
        Assert.That(FatBinaryReader.TryRead(stream)!.Targets, Is.EqualTo(new[] { "gfx1151" }));
        Assert.That(File.GetUnixFileMode(Output), Is.EqualTo(File.GetUnixFileMode(Library)));
        Assert.That(Directory.EnumerateFiles(Path.GetDirectoryName(Output)!), Is.EqualTo(new[] { Output }));
        Assert.That(screen.ToString(), Does.Contain("every code object that stays was"));
    }

    [Test]
    public void SlimLibrary_puts_the_library_into_a_directory_under_its_own_name()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Output)!);

        Run<SlimLibrary>(("file", Library), ("gpu", "gfx1151"), ("output", Path.GetDirectoryName(Output)!));

        Assert.That(File.Exists(Output));
    }

    [Test]
    public void SlimLibrary_compresses_on_request()
    {
        Run<SlimLibrary>(("file", Library), ("gpu", "gfx1151"), ("output", Output), ("offload", "compress"));

        using var stream = File.OpenRead(Output);
        Assert.That(FatBinaryReader.TryRead(stream)!.Bundles.Select(b => b.Compression?.Version), Is.EqualTo(new int?[] { 2 }));
    }

    [TestCase("gfx900,gfx1151", "")]
    [TestCase("gfx1151", "slim")]
    public void SlimLibrary_copies_a_library_that_has_nothing_to_take_out_and_says_so(string gpus, string before)
    {
        if (before.Length > 0)
        {
            Run<SlimLibrary>(("file", Library), ("gpu", gpus), ("output", Output));
            File.Move(Output, Library, overwrite: true);
        }

        Run<SlimLibrary>(("file", Library), ("gpu", gpus), ("output", Output));

        Assert.That(File.ReadAllBytes(Output), Is.EqualTo(File.ReadAllBytes(Library)));
        Assert.That(File.GetUnixFileMode(Output), Is.EqualTo(File.GetUnixFileMode(Library)));
        Assert.That(
            screen.ToString().ReplaceLineEndings(" "),
            Does.Contain($"There is nothing to take out of it for {gpus.Replace(",", ", ")}, and its form")
        );
    }

    [Test]
    public void Paths_start_where_the_caller_is_and_an_error_says_where_it_looked()
    {
        var caller = Directory.CreateDirectory(Path.Combine(fixture.Root.FullPath, "home")).FullName;
        File.Move(Library, Path.Combine(caller, "mine.so"));
        line = new CommandLine([]) { Caller = caller };

        Run<SlimLibrary>(("file", "mine.so"), ("gpu", "gfx1151"), ("output", "slim.so"));

        Assert.That(File.Exists(Path.Combine(caller, "slim.so")));
        Assert.That(
            () => Run<InspectLibrary>(("file", "other.so")),
            Throws.TypeOf<CakeException>().With.Message.StartsWith($"--file=other.so: {caller}/other.so is not there")
        );
    }

    [TestCase("--file=/nowhere.so: /nowhere.so is not there; name a library with GPU code in it", "file=/nowhere.so")]
    [TestCase("--file=/usr: /usr is a directory; name a library with GPU code in it", "file=/usr")]
    [TestCase("SlimLibrary needs --file=, for instance ")]
    [TestCase("SlimLibrary needs --output=, the file to write: ", "file=libfat.so")]
    [TestCase("SlimLibrary needs --gpu=, the GPU whose code stays: ", "file=libfat.so", "output=out.so")]
    [TestCase("--gpu: 'strix' is no GPU; write a name such as gfx1151", "file=libfat.so", "output=out.so", "gpu=strix")]
    [TestCase("--output=libfat.so is the library itself", "file=libfat.so", "output=libfat.so", "gpu=gfx1151")]
    [TestCase("--output=link.so is the library itself", "file=libfat.so", "output=link.so", "gpu=gfx1151")]
    [TestCase("--offload is 'tiny'; known: none, slim, raw, compress", "file=libfat.so", "output=out.so", "gpu=gfx1151", "offload=tiny")]
    [TestCase(
        "libfat.so stays as it is: it has gfx900, gfx1151, not gfx1100; "
            + "run it as gfx1151 with HSA_OVERRIDE_GFX_VERSION=11.5.1, or take a build that has it",
        "file=libfat.so",
        "output=out.so",
        "gpu=gfx1100"
    )]
    [TestCase("text.so has no GPU code to take out", "file=text.so", "output=out.so", "gpu=gfx1151")]
    public void SlimLibrary_says_what_is_wrong(string message, params string[] arguments)
    {
        File.CreateSymbolicLink(Path.Combine(fixture.Root.FullPath, "link.so"), Library);
        File.WriteAllText(Path.Combine(fixture.Root.FullPath, "text.so"), "INPUT(libfat.so)");
        var pairs = arguments.Select(a => a.Split('=', 2)).Select(a => (a[0], a[1])).ToArray();

        Assert.That(() => Run<SlimLibrary>(pairs), Throws.TypeOf<CakeException>().With.Message.Contains(message));
        Assert.That(
            Directory.EnumerateFiles(fixture.Root.FullPath).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "libfat.so", "link.so", "text.so" })
        );
    }

    [Test]
    public void Broken_library_is_an_error_that_says_where_and_leaves_no_file()
    {
        var broken = BundleBuilder.For(9000, "gfx900", "gfx1151") with { Version = 2 };
        byte[] bytes = new FatLibraryBuilder { Bundles = [broken] };
        bytes[bytes.AsSpan().IndexOf("CCOB"u8) + 4000] ^= 0x10;
        var file = Path.Combine(fixture.Root.FullPath, "broken.so");
        File.WriteAllBytes(file, bytes);

        Assert.That(
            () => Run<SlimLibrary>(("file", file), ("gpu", "gfx1151"), ("output", Output)),
            Throws
                .TypeOf<CakeException>()
                .With.Message.StartsWith($"{file} can't be read: ")
                .And.Message.Contains("compressed bundle")
                .And.Message.Contains("Next: ")
        );
        Assert.That(Directory.Exists(Path.GetDirectoryName(Output)), Is.False);
    }

    private void Run<TTask>(params (string Name, string Value)[] arguments)
        where TTask : FrostingTask<BuildContext>, new() =>
        new TTask().Run(new BuildContext(fixture.Context(arguments), interruption, line));
}
