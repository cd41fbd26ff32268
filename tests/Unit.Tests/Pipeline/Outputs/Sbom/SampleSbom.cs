using Gfxbake.Formats.Images;
using Gfxbake.Pipeline.Outputs.Sbom;
using Gfxbake.Pipeline.Proof;
using Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Sbom;

/// <summary>A small Debian image, its plan, and the layer that comes of it.</summary>
internal sealed class SampleSbom : IDisposable
{
    public const string Format = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n";

    private readonly string tar = Path.Combine(Path.GetTempPath(), $"gfxbake-{Guid.NewGuid():n}.tar");
    private ImageFileSystem? layer;

    /// <param name="debian">Whether the packages are Debian's; else the test adds some.</param>
    public SampleSbom(bool debian = true)
    {
        if (debian)
            AddDebian();
        else
            Planned.Image.Text("/usr/bin/tool", "program").Link("/usr/bin/alias", "tool").Text("/usr/bin/other", "gone");
        Planned.Trace("/usr/bin/alias");
    }

    public PlannedImage Planned { get; } = new();

    /// <summary>Other content for a file of the layer, by path.</summary>
    public Dictionary<string, string> Replaced { get; } = [];

    public List<SlimmedFile> Slimmed { get; } = [];

    public string RootFileSystem { get; init; } = "sha256:1234";

    public SbomDocument Document =>
        SbomBuilder.Build(
            new SbomInput
            {
                Subject = new SbomSubject("localhost/sample:debian-minimal", "1.0", RootFileSystem, 1_700_000_000, "1.2.3"),
                Full = Planned.Image.FileSystem,
                Plan = Planned.Plan,
                Layers = [layer ??= Layer()],
                Slimmed = Slimmed,
            }
        );

    /// <summary>Both documents as text.</summary>
    public static string Text(Action<SbomDocument, Stream> write, SbomDocument document)
    {
        using var output = new MemoryStream();
        write(document, output);
        return System.Text.Encoding.UTF8.GetString(output.ToArray());
    }

    public void Dispose()
    {
        layer?.Dispose();
        Planned.Dispose();
        File.Delete(tar);
    }

    private void AddDebian()
    {
        Planned
            .Image.Text("/etc/os-release", "PRETTY_NAME=\"Debian\"\nID=debian\n")
            .Text("/etc/generated", "by a script")
            .Text("/usr/bin/tool", "program")
            .Link("/usr/bin/alias", "tool")
            .HardLink("/usr/bin/twin", "/usr/bin/tool")
            .Text("/usr/bin/other", "gone")
            .Text("/usr/lib/libc++.so.1", "library")
            .Text("/usr/lib/hand", "no format")
            .Text("/usr/share/doc/tool/copyright", Format + "Files: *\nLicense: GPL-2+ or custom\n\nLicense: custom\n You \"may\" <b>&\n")
            .Text("/usr/share/doc/libc++1/copyright", Format + "Files: *\nLicense: Expat\n")
            .Text("/usr/share/doc/hand/copyright", "Ask me.")
            .Text(
                "/var/lib/dpkg/status",
                Stanza("tool", "1:2.0+b1~3", "amd64", "Source: toolbox\n")
                    + Stanza("libc++1", "17", "amd64")
                    + Stanza("hand", "1", "all")
                    + Stanza("other", "1", "all")
            )
            .Text("/var/lib/dpkg/info/tool.list", "/.\n/usr/bin/tool\n/usr/bin/alias\n/usr/bin/twin\n/usr/share/doc/tool/copyright\n")
            .Text("/var/lib/dpkg/info/libc++1:amd64.list", "/usr/lib/libc++.so.1\n/usr/share/doc/libc++1/copyright\n")
            .Text("/var/lib/dpkg/info/hand.list", "/usr/lib/hand\n/usr/share/doc/hand/copyright\n")
            .Text("/var/lib/dpkg/info/other.list", "/usr/bin/other\n");
        Planned.Trace("/usr/bin/twin").Trace("/etc/generated").Trace("/usr/lib/libc++.so.1").Trace("/usr/lib/hand");
    }

    private ImageFileSystem Layer()
    {
        var full = Planned.Image.FileSystem;
        using (var output = File.Create(tar))
        {
            Gfxbake.Formats.Images.RootFileSystem.Write(
                full,
                Planned.Plan.Entries.Where(e => e.IsKept).Select(e => full.Find(e.Path)!),
                output,
                0,
                file => Replaced.TryGetValue(file.Path, out var text) ? new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)) : null
            );
        }

        return ImageFileSystem.Open(tar);
    }

    private static string Stanza(string name, string version, string architecture, string more = "") =>
        $"Package: {name}\nStatus: install ok installed\nArchitecture: {architecture}\nVersion: {version}\n{more}\n";
}
