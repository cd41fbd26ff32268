using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tests.Tools;

[TestFixture]
internal sealed class EngineTemporaryTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private SampleBuild build = null!;

    [SetUp]
    public void SetUp() => build = new SampleBuild();

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Folder_is_for_its_owner_alone()
    {
        Give(EngineKind.Docker);

        Assert.That(File.GetUnixFileMode(Folder), Is.EqualTo(OwnerOnly));
        Assert.That(Directory.GetFileSystemEntries(Folder), Is.Empty);
    }

    [Test]
    public void Cache_mounts_of_podman_stay_where_all_checkouts_have_them()
    {
        Give(EngineKind.Podman);
        Write("tmp/buildah-cache/ccache/object");

        EngineTemporary.Sweep(build.Open().Paths);
        Give(EngineKind.Podman);

        Assert.That(Path.Combine(Folder, "buildah-cache", "ccache", "object"), Does.Exist);
        Assert.That(build.PathOf("tmp/buildah-cache/ccache/object"), Does.Exist);
    }

    [Test]
    public void Sweep_deletes_what_engines_left_and_follows_no_link()
    {
        Write("artifacts/tmp/podman123");
        Write("artifacts/tmp/storage456/1/blob");
        Write("outside/precious");
        File.CreateSymbolicLink(Path.Combine(Folder, "link"), build.PathOf("outside"));
        File.CreateSymbolicLink(Path.Combine(Folder, "storage456", "link"), build.PathOf("outside"));

        EngineTemporary.Sweep(build.Open().Paths);

        Assert.That(Directory.GetFileSystemEntries(Folder), Is.Empty);
        Assert.That(build.PathOf("outside/precious"), Does.Exist);
    }

    [Test]
    public void Sweep_of_a_link_in_the_folders_place_takes_the_link_alone()
    {
        Write("outside/precious");
        Directory.CreateDirectory(build.PathOf("artifacts"));
        File.CreateSymbolicLink(Folder, build.PathOf("outside"));

        EngineTemporary.Sweep(build.Open().Paths);

        Assert.That(Folder, Does.Not.Exist);
        Assert.That(build.PathOf("outside/precious"), Does.Exist);
    }

    [Test]
    public void Lock_sweeps_the_folder()
    {
        Write("artifacts/tmp/podman123");

        build.Interruption.LockFiles(build.Open());

        Assert.That(Directory.GetFileSystemEntries(Folder), Is.Empty);
    }

    private string Folder => build.PathOf("artifacts/tmp");

    private void Give(EngineKind kind) =>
        EngineTemporary.Give(build.Open(), new Host.Tools.Engine(kind, "/bin/engine", "1", new Dictionary<string, string>()));

    private void Write(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(build.PathOf(name))!);
        File.WriteAllText(build.PathOf(name), "");
    }
}
