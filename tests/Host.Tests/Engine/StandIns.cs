using System.Security.Cryptography;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>What stands in for AMD's servers (tests/fixtures/standins): a folder with a signed apt repository and a tarball.</summary>
internal sealed record StandIns(string Folder, string Fingerprint, string Tarball, string TarballSha256)
{
    public const string RocmVersion = "7.2.4";

    /// <summary>Makes them with a checkout's engine, of a base image that it has, below its root.</summary>
    public static StandIns Make(Checkout checkout)
    {
        var image = checkout.Image("standins");
        var built = checkout.Engine("build", "--build-arg", "BASE=" + checkout.Image("base"), "--build-arg", "SUITE=experimental", "--build-arg", "VERSION=" + RocmVersion,
            "--build-arg", "TARGETS=gfx1151,gfx1100", "--tag", image, Checkout.FixtureFolder("standins"));
        Assert.That(built.Status, Is.Zero, built.Output);
        var folder = Path.Combine(checkout.Root, "standins");
        Directory.CreateDirectory(folder);
        var container = checkout.Engine("create", image, "nothing").Output.Trim().Split('\n')[^1];
        var copied = checkout.Engine("cp", container + ":/.", folder);
        checkout.Engine("rm", container);
        checkout.Engine("rmi", image);
        Assert.That(copied.Status, Is.Zero, copied.Output);
        var tarball = Directory.EnumerateFiles(Path.Combine(folder, "tarball")).Single();
        using var stream = File.OpenRead(tarball);
        return new(folder, File.ReadAllText(Path.Combine(folder, "fingerprint")).Trim(), tarball, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
