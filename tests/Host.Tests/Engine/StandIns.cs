using System.Security.Cryptography;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>What stands in for AMD's servers (tests/fixtures/standins): a folder with a signed apt repository and a tarball.</summary>
internal sealed record StandIns(string Folder, string Fingerprint, string Tarball, string TarballSha256)
{
    public const string RocmVersion = "7.2.4";

    private const int MostTries = 3;

    /// <summary>Makes them with a checkout's engine, of a base image that it has, below its root.</summary>
    public static StandIns Make(Checkout checkout)
    {
        var image = checkout.Image("standins");
        Outcome Build() =>
            checkout.Engine(
                "build",
                "--build-arg",
                "BASE=" + checkout.Image("base"),
                "--build-arg",
                "SUITE=experimental",
                "--build-arg",
                "VERSION=" + RocmVersion,
                "--build-arg",
                "TARGETS=gfx1151,gfx1100",
                "--tag",
                image,
                Checkout.FixtureFolder("standins")
            );
        // netavark before 1.9 gives its bridge another address when a container ends, and a build beside it loses its network for good.
        var built = Build();
        for (var tries = 1; built.Status != 0 && tries < MostTries; tries++)
            built = Build();
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
        return new(
            folder,
            File.ReadAllText(Path.Combine(folder, "fingerprint")).Trim(),
            tarball,
            Convert.ToHexStringLower(SHA256.HashData(stream))
        );
    }
}
