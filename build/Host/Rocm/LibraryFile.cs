using Cake.Core;
using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Offload;
using Spectre.Console;

namespace Gfxbake.Host.Rocm;

/// <summary>The library that the command line names, with errors that name it.</summary>
internal sealed record LibraryFile(string Path)
{
    /// <exception cref="CakeException">No --file, or no such file.</exception>
    public static LibraryFile Of(BuildContext context, string target)
    {
        var file =
            context.Value(Arguments.File)
            ?? throw new CakeException(
                $"{target} needs --file=, for instance ./build.sh --target={target} --file=/usr/lib/x86_64-linux-gnu/librocblas.so.4"
            );
        var path = context.FromCaller(file);
        return File.Exists(path)
            ? new LibraryFile(path)
            : throw new CakeException(
                $"--file={file}: {path} is {(Directory.Exists(path) ? "a directory" : "not there")}; name a library with GPU code in it"
            );
    }

    public string Name => System.IO.Path.GetFileName(Path);

    public Stream Open() => File.OpenRead(Path);

    /// <summary>Runs what reads the library, and puts the library's name into the errors of its format.</summary>
    /// <exception cref="CakeException">The file is broken, or can't be slimmed.</exception>
    public T Use<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is OffloadFormatException or ElfFormatException or Gfxbake.Formats.Zstd.CompressionException)
        {
            throw new CakeException(
                $"{Path} can't be read: {error.Message}\nNext: compare it with its package (dpkg --verify, rpm --verify, pacman -Qkk)."
            );
        }
        catch (OffloadRefusedException error)
        {
            throw new CakeException($"{Name} stays as it is: {error.Message}");
        }
    }

    public static void Print(OffloadInventory inventory)
    {
        var forms = new[] { (inventory.PlainBundles, "plain"), (inventory.CompressedBundles, "compressed") }
            .Where(f => f.Item1 > 0)
            .Select(f => $"{f.Item1:N0} {f.Item2}");
        AnsiConsole.WriteLine(
            inventory.Loose
                ? $"GPU code and nothing else, {Mega(inventory.FileBytes)}"
                : $"{Mega(inventory.FileBytes)}, "
                    + $"of which {Mega(inventory.CodeBytes)} hold GPU code in {string.Join(" and ", forms)} bundles"
        );
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine($"  {"target", -24}{"objects", 10}{"unpacked", 14}{"compressed", 14}");
        foreach (var share in inventory.Targets)
            Row(share);
        if (inventory.Targets.Count > 1)
        {
            Row(
                new TargetShare(
                    "all",
                    inventory.Targets.Sum(t => t.Objects),
                    inventory.Targets.Sum(t => t.Bytes),
                    inventory.Targets.Any(t => t.CompressedBytes is null) ? null : inventory.Targets.Sum(t => t.CompressedBytes)
                )
            );
        }
    }

    private static void Row(TargetShare share) =>
        AnsiConsole.WriteLine(
            $"  {share.Target, -24}{share.Objects, 10:N0}{Mega(share.Bytes), 14}"
                + $"{(share.CompressedBytes is { } bytes ? Mega(bytes) : "plain"), 14}"
        );

    public static string Mega(long bytes) => bytes < 100_000 ? $"{bytes / 1e3:N1} kB" : $"{bytes / 1e6:N1} MB";
}
