using Gfxbake.Formats.Offload;

namespace Gfxbake.Unit.Tests.Formats.Offload;

/// <summary>Short names for the way of a library through reader, planner, writer and check.</summary>
internal static class Offloading
{
    public static FatBinary? TryRead(byte[] file) => FatBinaryReader.TryRead(new MemoryStream(file));

    public static FatBinary Read(byte[] file) => TryRead(file)!;

    /// <param name="file">The library.</param>
    /// <param name="targets">Wanted GPUs, separated by spaces.</param>
    /// <param name="form">How the bundles are stored.</param>
    public static OffloadRewrite? Plan(byte[] file, string targets, OffloadForm form = OffloadForm.Slim) =>
        OffloadPlanner.Plan(Read(file), [.. targets.Split(' ').Select(TargetId.Parse)], form);

    public static (byte[] Bytes, OffloadResult Result) Write(byte[] file, OffloadRewrite rewrite)
    {
        var output = new MemoryStream();
        var result = OffloadWriter.Write(() => new MemoryStream(file, writable: false), rewrite, output);
        return (output.ToArray(), result);
    }

    public static void Verify(
        byte[] file,
        OffloadRewrite rewrite,
        byte[] written,
        OffloadResult result,
        CancellationToken cancellation = default
    ) =>
        OffloadCheck.Verify(
            () => new MemoryStream(file, writable: false),
            rewrite,
            () => new MemoryStream(written, writable: false),
            result,
            cancellation
        );

    /// <summary>The checked result; the file itself when nothing is to be done.</summary>
    public static byte[] Rewrite(byte[] file, string targets, OffloadForm form = OffloadForm.Slim)
    {
        if (Plan(file, targets, form) is not { } rewrite)
            return file;
        var (bytes, result) = Write(file, rewrite);
        Verify(file, rewrite, bytes, result);
        return bytes;
    }

    /// <summary>The library, damaged in place.</summary>
    public static byte[] With(this byte[] file, Action<byte[]> damage)
    {
        var copy = file.ToArray();
        damage(copy);
        return copy;
    }

    public static void Put(this byte[] file, long at, ulong value) => BitConverter.TryWriteBytes(file.AsSpan((int)at, 8), value);

    public static ulong Get(this byte[] file, long at) => BitConverter.ToUInt64(file, (int)at);

    /// <summary>Where the n-th program header of a type stands.</summary>
    public static int ProgramRow(this byte[] file, uint type, int index = 0)
    {
        var (table, count) = ((int)file.Get(32), BitConverter.ToUInt16(file, 56));
        return Enumerable
            .Range(0, count)
            .Select(i => table + (i * 56))
            .Where(at => BitConverter.ToUInt32(file, at) == type)
            .ElementAt(index);
    }

    /// <summary>Where the header of a section stands.</summary>
    public static int SectionRow(this byte[] file, string name)
    {
        var section = new LoadedLibrary(file).FindSection(name);
        var table = (int)file.Get(40);
        return Enumerable
            .Range(0, file[60])
            .Select(i => table + (i * 64))
            .First(at => (int)file.Get(at + 24) == section.Offset && (int)file.Get(at + 32) == section.Length);
    }
}
