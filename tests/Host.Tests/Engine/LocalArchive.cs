using System.Security.Cryptography;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>An apt archive with packages of the test's own, which can get newer versions.</summary>
internal sealed class LocalArchive : IDisposable
{
    private readonly Checkout checkout;
    private readonly FileServer server;

    public LocalArchive(Checkout checkout)
    {
        this.checkout = checkout;
        Folder = Directory.CreateDirectory(Path.Combine(checkout.Root, "archive")).FullName;
        server = new FileServer(Folder);
    }

    public string Address => server.Address;

    private string Folder { get; }

    /// <summary>Puts just these packages into the archive; each is a script of its own name that prints its version.</summary>
    public void Hold(params (string Name, string Version, string Depends)[] packages)
    {
        var index = "";
        foreach (var (name, version, depends) in packages)
        {
            var control =
                $"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: gfxbake tests <tests@gfxbake.invalid>\n"
                + $"Description: a test's\n{(depends.Length > 0 ? $"Depends: {depends}\n" : "")}";
            var file = $"{name}_{version}_all.deb";
            Build(name, version, control, file);
            var bytes = File.ReadAllBytes(Path.Combine(Folder, file));
            index += $"{control}Filename: ./{file}\nSize: {bytes.Length}\nSHA256: {Convert.ToHexStringLower(SHA256.HashData(bytes))}\n\n";
        }

        File.WriteAllText(Path.Combine(Folder, "Packages"), index);
    }

    public void Dispose() => server.Dispose();

    private void Build(string name, string version, string control, string file)
    {
        var tree = Directory.CreateDirectory(Path.Combine(checkout.Root, "packages", name));
        Directory.CreateDirectory(Path.Combine(tree.FullName, "DEBIAN"));
        Directory.CreateDirectory(Path.Combine(tree.FullName, "usr", "bin"));
        File.WriteAllText(Path.Combine(tree.FullName, "DEBIAN", "control"), control);
        var script = Path.Combine(tree.FullName, "usr", "bin", name);
        File.WriteAllText(script, $"#!/bin/sh\necho version {version}\n");
        File.SetUnixFileMode(script, (UnixFileMode)0x1ed);
        var built = checkout.Engine(
            "run",
            "--rm",
            "--network",
            "none",
            "--volume",
            $"{checkout.Root}:/work",
            checkout.Image("base"),
            "dpkg-deb",
            "--root-owner-group",
            "--build",
            $"/work/packages/{name}",
            $"/work/archive/{file}"
        );
        Assert.That(built.Status, Is.Zero, built.Output);
        tree.Delete(recursive: true);
    }
}
