using System.Security.Cryptography;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tasks.Exports;
using Gfxbake.Pipeline.Outputs.Export;
using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Pipeline.Outputs.Sbom;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Pipeline.Verify;
using Path = System.IO.Path;

namespace Gfxbake.Host.Tests.Fakes;

/// <summary>A verified sample build with an export, sizes, SBOMs and a package, and a GitHub to release it to.</summary>
internal sealed class ReleasableSample : IDisposable
{
    public const string Tag = "sample-debian-1.2",
        Image = "sample-debian-minimal.tar.zst",
        PackageName = "sample-1.2-1-x86_64.pkg.tar.zst";

    public static readonly string[] AllAssets = ["SHA256SUMS", Image, PackageName, "sbom.cdx.json", "sbom.spdx.json"];

    public ReleasableSample()
    {
        Verify(true);
        Export(Bytes(2500));
        Sample.Run<CompareExports>();
        Sbom("");
        Package(Bytes(300));
        Variables["GITHUB_API_URL"] = GitHub.Address + "api/v3";
        Variables["GITHUB_TOKEN"] = GitHubServer.Token;
    }

    public BuiltSample Sample { get; } = new();

    public GitHubServer GitHub { get; } = new();

    public Dictionary<string, string?> Variables => Sample.Build.Fixture.Environment.Variables;

    public IReadOnlyList<string> Log => Sample.Build.Log;

    public string ImageFile => Sample.Build.PathOf("artifacts/images/" + Image);

    public static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    public void Release(params (string Name, string Value)[] arguments) =>
        Sample.Run<Gfxbake.Host.Tasks.Ci.Release>([("repository", GitHubServer.Repository), .. arguments]);

    public void Verify(bool passed, string image = "minimal-id") =>
        RecordFile.Write(
            Path.Combine(Sample.Folder, "verify.json"),
            new VerifyRecord
            {
                Inputs = [],
                Image = "localhost/sample:debian-candidate",
                ImageId = image,
                Workloads =
                [
                    new WorkloadVerdict("paths", null, WorkloadVerdict.Nothing, []),
                    new WorkloadVerdict("run", "still", "a still GPU", passed ? [] : ["it crashed"]),
                ],
            }
        );

    public void Export(byte[] bytes, string image = "minimal-id")
    {
        Sample.Build.Write(ImageFile, bytes);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Sample.Build.Write(ImageFile + ".sha256", $"{hash}  {Image}\n");
        RecordFile.Write(
            Path.Combine(Sample.Folder, "export-minimal-tar-zst.json"),
            new ExportRecord
            {
                Inputs = new(StringComparer.Ordinal) { ["image"] = image },
                File = Image,
                Bytes = bytes.Length,
                TarBytes = bytes.Length,
                Sha256 = hash,
            }
        );
    }

    public void Package(byte[] bytes, string image = "minimal-id", string? sha256 = null)
    {
        Write("packages/" + PackageName, bytes);
        RecordFile.Write(
            Path.Combine(Sample.Folder, "bundle.json"),
            new RuntimeRecord
            {
                Inputs = [],
                Name = "sample",
                Version = "1.2",
                Epoch = 1,
                File = "sample.tar",
                Sha256 = "b",
                TarBytes = 1,
                FileBytes = 1,
                Entries = 1,
                MinimalImageId = image,
                Programs = [],
                Environment = new Dictionary<string, string>(),
                Links = [],
                Licence = "MIT",
                Parts = [],
            }
        );
        RecordFile.Write(
            Path.Combine(Sample.Folder, "package-arch.json"),
            new PackageRecord
            {
                Inputs = new(StringComparer.Ordinal) { ["bundle"] = "b" },
                File = PackageName,
                Bytes = bytes.Length,
                InstalledBytes = 1,
                Builder = "here",
                Proven = [],
                Workloads = [],
                Sha256 = sha256 ?? Convert.ToHexStringLower(SHA256.HashData(bytes)),
            }
        );
    }

    /// <summary>An export of zeros that takes no space on the disk.</summary>
    public void Export(int size)
    {
        Export([]);
        using (var file = File.OpenWrite(ImageFile))
            file.SetLength(size);
        using var content = File.OpenRead(ImageFile);
        Sample.Build.Write(ImageFile + ".sha256", $"{Convert.ToHexStringLower(SHA256.HashData(content))}  {Image}\n");
    }

    public void Sbom(string rootFileSystem)
    {
        var document = new SbomDocument
        {
            Subject = new SbomSubject("localhost/sample:debian-minimal", "1.2", rootFileSystem, 1, "0"),
            Packages = [],
            Unowned = [],
            Licences = [],
        };
        AtomicFile.Write(Path.Combine(Sample.Folder, "sbom.spdx.json"), stream => SpdxWriter.Write(document, stream));
        AtomicFile.Write(Path.Combine(Sample.Folder, "sbom.cdx.json"), stream => CycloneDxWriter.Write(document, stream));
    }

    public void Write(string file, byte[] bytes) => Sample.Build.Write(Path.Combine(Sample.Folder, file), bytes);

    /// <summary>Lets GitHub take no more than so many bytes an asset.</summary>
    public void LimitAssets(int bytes) => Sample.Build.Write("cake.config", $"[Gfxbake]\nRecipe=sample\nLargestAsset={bytes}\n");

    public void Dispose()
    {
        Sample.Dispose();
        GitHub.Dispose();
    }
}
