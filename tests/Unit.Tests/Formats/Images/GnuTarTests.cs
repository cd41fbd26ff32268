using System.Diagnostics;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Unit.Tests.Formats.Images;

/// <summary>Against a tar that other people wrote.</summary>
public class GnuTarTests
{
    private string directory = "";

    [SetUp]
    public void MakeTree()
    {
        directory = Directory.CreateTempSubdirectory("gfxbake-test-").FullName;
        var tree = Directory.CreateDirectory(Path.Combine(directory, "tree")).FullName;
        var deep = Directory.CreateDirectory(Path.Combine(tree, new string('d', 120), new string('e', 120))).FullName;
        File.WriteAllText(Path.Combine(deep, new string('f', 200)), "deep");
        File.WriteAllText(Path.Combine(tree, "a file\nwith newline"), new string('x', 12345));
        File.CreateSymbolicLink(Path.Combine(tree, "link"), "/" + new string('t', 150));
        Run("ln", Path.Combine(deep, new string('f', 200)), Path.Combine(tree, "z-hard"));
        Run("mkfifo", Path.Combine(tree, "fifo"));
    }

    [TearDown]
    public void RemoveTree() => Directory.Delete(directory, recursive: true);

    [TestCase("gnu")]
    [TestCase("pax")]
    public void Archives_of_GNU_tar_are_read(string format)
    {
        var tar = Path.Combine(directory, "x.tar");
        Run("tar", "--sort=name", "--format=" + format, "-C", Path.Combine(directory, "tree"), "-cf", tar, ".");
        using var image = ImageFileSystem.Open(tar);

        var hard = image.Find("/z-hard")!;
        Assert.That(image.Find("/a file\nwith newline")?.Size, Is.EqualTo(12345));
        Assert.That(image.Find("/link")?.LinkTarget, Has.Length.EqualTo(151));
        Assert.That((hard.Kind, hard.Size, hard.LinkTarget!.Length), Is.EqualTo((EntryKind.HardLink, 4L, 443)));
        Assert.That(image.Find("/fifo")?.Kind, Is.EqualTo(EntryKind.Fifo));
    }

    [Test]
    public void Archives_written_here_compare_equal_in_GNU_tar()
    {
        var (tree, first, second) = (Path.Combine(directory, "tree"), Path.Combine(directory, "1.tar"), Path.Combine(directory, "2.tar"));
        // Sub-second times are dropped on purpose.
        Run("find", tree, "-exec", "touch", "-h", "-d", "@1700000000", "{}", "+");
        Run("tar", "-C", tree, "-cf", first, ".");
        using (var image = ImageFileSystem.Open(first))
        using (var output = File.Create(second))
        {
            RootFileSystem.Write(image, image.Entries, output, long.MaxValue);
        }

        Assert.That(Run("tar", "-C", tree, "--compare", "-f", second), Is.Empty);
    }

    [Test]
    public void Archives_written_here_are_listed_whole_by_GNU_tar()
    {
        var tar = Path.Combine(directory, "x.tar");
        using var image = RootFileSystemTests.Sample().Open();
        using (var output = File.Create(tar))
        {
            RootFileSystem.Write(image, image.Entries, output, 1_600_000_000);
        }

        var lines = Run("tar", "--xattrs", "--quoting-style=escape", "-tf", tar).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(image.Entries.Count));
        Assert.That(lines, Does.Contain("./").And.Contain("with\\nnewline and \\346\\227\\245\\346\\234\\254\\350\\252\\236"));
    }

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"{program}: {output}{error.Result}");
        return output;
    }
}
