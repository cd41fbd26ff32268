using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Unit.Tests.Formats.Elf;

public sealed class LibrarySearchTests
{
    private static readonly byte[] Library = new ElfBuilder { SoName = "libx.so.1" };

    private TestImage image = null!;

    [SetUp]
    public void Start() => image = new TestImage();

    [TearDown]
    public void Stop() => image.Dispose();

    [TestCase("/rpath,/env,/runpath,/conf,/usr/lib", "/rpath", null, "/rpath")]
    [TestCase("/env,/runpath,/conf,/usr/lib", "/rpath", null, "/env")]
    [TestCase("/rpath,/runpath,/conf,/usr/lib", "/rpath", "/runpath", "/runpath", TestName = "RPATH_does_not_count_beside_RUNPATH")]
    [TestCase("/env,/runpath,/conf", null, "/runpath", "/env", TestName = "LD_LIBRARY_PATH_comes_before_RUNPATH")]
    [TestCase("/runpath,/conf,/usr/lib", null, "/runpath", "/runpath")]
    [TestCase("/conf,/usr/lib", null, null, "/conf")]
    [TestCase("/usr/lib", null, null, "/usr/lib")]
    [TestCase("/usr/lib/x86_64-linux-gnu,/usr/lib", null, null, "/usr/lib/x86_64-linux-gnu")]
    public void Directories_are_searched_in_the_order_of_the_loader(string places, string? rpath, string? runpath, string expected)
    {
        image.Text("/etc/ld.so.conf", "/conf\n");
        foreach (var place in places.Split(','))
            image.File(place + "/libx.so.1", Library);

        Assert.That(Find("libx.so.1", User(rpath: rpath, runpath: runpath), "/env"), Is.EqualTo(new[] { expected + "/libx.so.1" }));
    }

    [Test]
    public void RPATH_of_the_objects_that_loaded_it_counts()
    {
        image.File("/app/libx.so.1", Library);
        var program = User(rpath: "/app");

        Assert.That(
            Find("libx.so.1", User() with { LoadedBy = User() with { LoadedBy = program } }),
            Is.EqualTo(new[] { "/app/libx.so.1" })
        );
        Assert.That(Find("libx.so.1", User() with { LoadedBy = User(rpath: "/app", runpath: "/none") }), Is.Empty);
        Assert.That(Find("libx.so.1", User(runpath: "/none") with { LoadedBy = program }), Is.Empty);
    }

    [Test]
    public void RUNPATH_of_the_object_that_loaded_it_does_not_count()
    {
        image.File("/app/libx.so.1", Library);

        Assert.That(Find("libx.so.1", User() with { LoadedBy = User(runpath: "/app") }), Is.Empty);
    }

    [TestCase("$ORIGIN/../lib", "/opt/rocm/lib")]
    [TestCase("${ORIGIN}/../lib", "/opt/rocm/lib")]
    [TestCase("/usr/$LIB", "/usr/lib64")]
    [TestCase("/opt/$PLATFORM/lib", "/opt/x86_64/lib")]
    public void Tokens_are_replaced(string runpath, string place)
    {
        image.File("/opt/rocm/bin/tool", Library).File(place + "/libx.so.1", Library);

        var found = Find("libx.so.1", User(runpath: runpath, path: "/opt/rocm/bin/tool"));

        Assert.That(found, Has.Count.EqualTo(1));
        Assert.That(image.FileSystem.Resolve(found[0]).Target!.Path, Is.EqualTo(place + "/libx.so.1"));
    }

    [TestCase("/opt/lib", TestName = "ORIGIN_is_where_the_link_lies")]
    [TestCase("/real/lib", TestName = "ORIGIN_is_where_the_file_lies")]
    public void Origin(string place)
    {
        image.File(place + "/libx.so.1", Library);
        var user = new LibraryUser("/opt/lib/liba.so", "/real/lib/liba.so", Elf(null, "$ORIGIN"), null);

        Assert.That(Find("libx.so.1", user), Is.EqualTo(new[] { place + "/libx.so.1" }));
    }

    [Test]
    public void File_for_another_class_or_machine_is_passed_over()
    {
        image
            .File("/usr/lib/x86_64-linux-gnu/libx.so.1", new ElfBuilder { Class = 1, Machine = 3 })
            .Text("/usr/lib64/libx.so.1", "/* GNU ld script */")
            .File("/usr/lib/libx.so.1", Library);

        Assert.That(Find("libx.so.1", User()), Is.EqualTo(new[] { "/usr/lib/libx.so.1" }));
    }

    [Test]
    public void Variants_for_newer_CPUs_are_found_with_the_plain_library()
    {
        image
            .File("/usr/lib/libx.so.1", Library)
            .File("/usr/lib/glibc-hwcaps/x86-64-v3/libx.so.1", Library)
            .File("/usr/lib/glibc-hwcaps/x86-64-v4/libx.so.1", Library);

        Assert.That(
            Find("libx.so.1", User()),
            Is.EqualTo(
                new[] { "/usr/lib/glibc-hwcaps/x86-64-v4/libx.so.1", "/usr/lib/glibc-hwcaps/x86-64-v3/libx.so.1", "/usr/lib/libx.so.1" }
            )
        );
    }

    [TestCase("/opt/x/libx.so.1", "/opt/x/libx.so.1")]
    [TestCase("$ORIGIN/libx.so.1", "/opt/x/libx.so.1")]
    [TestCase("x/libx.so.1")]
    public void Name_with_a_slash_is_a_path(string name, params string[] expected)
    {
        image.File("/opt/x/libx.so.1", Library).File("/usr/lib/x/libx.so.1", Library);

        Assert.That(Find(name, User(path: "/opt/x/tool")), Is.EqualTo(expected));
    }

    [Test]
    public void NODEFLIB_leaves_the_built_in_directories_out()
    {
        image.Text("/etc/ld.so.conf", "/usr/lib\n/opt/conf\n").File("/usr/lib/libx.so.1", Library).File("/opt/conf/liby.so.1", Library);
        var user = User() with { Elf = Elf(null, null) with { NoDefaultLibraries = true } };

        Assert.That(Find("libx.so.1", user), Is.Empty);
        Assert.That(Find("liby.so.1", user), Is.EqualTo(new[] { "/opt/conf/liby.so.1" }));
    }

    [Test]
    public void Ldconfig_file_with_includes_comments_and_several_directories_a_line_is_read()
    {
        image
            .Text("/etc/ld.so.conf", "include ld.so.conf.d/*.conf\n# /comment\n/a:/b,/c\t/d # rest\nhwcap 1 x\nrelative\n/a\n")
            .Text("/etc/ld.so.conf.d/b.conf", "/second/=libc6\n")
            .Text("/etc/ld.so.conf.d/a.conf", "/first\ninclude /etc/ld.so.conf\n")
            .Text("/etc/ld.so.conf.d/.hidden.conf", "/hidden\n")
            .Text("/etc/ld.so.conf.d/c.txt", "/text\n");

        Assert.That(LoaderConfiguration.Directories(image.FileSystem), Is.EqualTo(new[] { "/first", "/second", "/a", "/b", "/c", "/d" }));
    }

    [Test]
    public void Image_without_configuration_has_no_directories()
    {
        image.Directory("/etc");

        Assert.That(LoaderConfiguration.Directories(image.FileSystem), Is.Empty);
    }

    private static ElfFile Elf(string? rpath, string? runpath) =>
        ElfFile.Read(
            new MemoryStream(
                new ElfBuilder
                {
                    RPath = rpath,
                    RunPath = runpath,
                    SoName = "libuser.so",
                }
            )
        );

    private static LibraryUser User(string? rpath = null, string? runpath = null, string path = "/usr/bin/tool") =>
        new(path, path, Elf(rpath, runpath), null);

    private IReadOnlyList<string> Find(string name, LibraryUser user, string? libraryPath = null)
    {
        bool IsLoadable(ImageEntry file)
        {
            using var stream = image.FileSystem.OpenFile(file);
            return ElfFile.TryRead(stream) is { IsForeign: false };
        }

        return new LibrarySearch(image.FileSystem, libraryPath, IsLoadable).Find(name, user);
    }
}
