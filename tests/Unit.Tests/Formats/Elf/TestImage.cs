using System.Formats.Tar;
using System.Text;
using Gfxbake.Formats.Images;

namespace Gfxbake.Unit.Tests.Formats.Elf;

/// <summary>Collects entries and opens them as an image, by way of a real tar in a temporary file.</summary>
internal sealed class TestImage : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"gfxbake-{Guid.NewGuid():n}.tar");
    private readonly List<TarEntry> entries = [];
    private ImageFileSystem? image;

    public ImageFileSystem FileSystem => image ??= Open();

    public TestImage File(string name, byte[] content, bool executable = false)
    {
        entries.Add(
            new PaxTarEntry(TarEntryType.RegularFile, name[1..])
            {
                DataStream = new MemoryStream(content),
                Mode = executable ? (UnixFileMode)0x1ed : (UnixFileMode)0x1a4,
            }
        );
        return this;
    }

    public TestImage Text(string name, string content, bool executable = false) => File(name, Encoding.UTF8.GetBytes(content), executable);

    public TestImage Directory(string name) => Add(TarEntryType.Directory, name, null);

    public TestImage Link(string name, string target) => Add(TarEntryType.SymbolicLink, name, target);

    public TestImage HardLink(string name, string target) => Add(TarEntryType.HardLink, name, target[1..]);

    public void Dispose()
    {
        image?.Dispose();
        System.IO.File.Delete(path);
    }

    private TestImage Add(TarEntryType type, string name, string? target)
    {
        var entry = new PaxTarEntry(type, name[1..]) { Mode = (UnixFileMode)0x1ed };
        if (target is not null)
            entry.LinkName = target;

        entries.Add(entry);
        return this;
    }

    private ImageFileSystem Open()
    {
        using (var stream = System.IO.File.Create(path))
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax))
        {
            entries.ForEach(tar.WriteEntry);
        }

        return ImageFileSystem.Open(path);
    }
}
