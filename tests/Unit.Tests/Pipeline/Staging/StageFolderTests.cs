using System.Security.Cryptography;
using Gfxbake.Pipeline.Staging;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Unit.Tests.Pipeline.Staging;

public sealed class StageFolderTests
{
    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gfxbake-stage").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Files_are_those_of_the_lock_in_its_order()
    {
        var (b, a) = (Write("b.rpm", "x"), Write("a.rpm", "y"));
        File.WriteAllText(Path.Combine(folder, "README"), "no package");

        Assert.That(
            StageFolder.Files(folder, [b, a], "x.lock"),
            Is.EqualTo(new[] { (b, Path.Combine(folder, "b.rpm")), (a, Path.Combine(folder, "a.rpm")) })
        );
    }

    [Test]
    public void All_that_is_wrong_is_named_at_once()
    {
        var (missing, tampered) = (new LockedPackage("https://example.org/missing.rpm", new string('0', 64)), Write("t.rpm", "x"));
        File.WriteAllText(Path.Combine(folder, "t.rpm"), "tampered");
        Write("extra.rpm", "");

        Assert.That(
            () => StageFolder.Files(folder, [missing, tampered, Write("good.rpm", "")], "x.lock"),
            Throws
                .TypeOf<StageException>()
                .With.Message.EqualTo(
                    $"{folder} does not have what recipes/x.lock says; nothing was staged\n"
                        + "  missing.rpm is not there\n"
                        + $"  t.rpm is another file: its SHA-256 is {Digest("tampered"u8.ToArray())}, the lock says {tampered.Sha256}\n"
                        + "  extra.rpm has no line in the lock\n"
                        + "if the files are right, write the lock anew with --update"
                )
        );
    }

    [Test]
    public void Lock_has_the_wanted_packages_sorted_by_file()
    {
        var (z, a) = (Write("z.rpm", RpmFile.Of("a")), Write("a.rpm", RpmFile.Of("z")));
        Write("other.rpm", RpmFile.Of("other"));

        Assert.That(StageFolder.Lock(folder, ["a", "z"], Address), Is.EqualTo(new[] { a, z }));
    }

    [Test]
    public void Package_that_is_missing_or_there_twice_is_no_lock()
    {
        Write("a-1.rpm", RpmFile.Of("a"));
        Write("a-2.rpm", RpmFile.Of("a"));

        Assert.That(
            () => StageFolder.Lock(folder, ["a", "b"], Address),
            Throws
                .TypeOf<StageException>()
                .With.Message.EqualTo($"{folder} does not have each package once\n  a is there 2 times\n  b is missing")
        );
    }

    [Test]
    public void Damaged_package_is_not_locked()
    {
        var bytes = RpmFile.Of("a", new RpmItem("./a", "x"));
        Write("a.rpm", bytes[..^1]);

        Assert.That(
            () => StageFolder.Lock(folder, ["a"], Address),
            Throws.TypeOf<StageException>().With.Message.Contains("a.rpm").And.Message.EndsWith("it is damaged")
        );
    }

    [Test]
    public void File_that_is_no_package_is_named()
    {
        Write("a.rpm", "<html>");

        Assert.That(
            () => StageFolder.Lock(folder, ["a"], Address),
            Throws.TypeOf<StageException>().With.Message.EqualTo($"{folder}/a.rpm: it is no package of rpm")
        );
    }

    private static string Address(string file) => $"https://example.org/{Path.GetFileName(file)}";

    private LockedPackage Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    private LockedPackage Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(Path.Combine(folder, name), bytes);
        return new LockedPackage(Address(name), Digest(bytes));
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
