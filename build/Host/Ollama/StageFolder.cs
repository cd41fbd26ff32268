using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Building;
using Gfxbake.Pipeline.Staging;

namespace Gfxbake.Host.Ollama;

/// <summary>The ROCm that StageRocm unpacked for the recipe.</summary>
public static class StageFolder
{
    private const string Bitcode = "bitcode",
        OfBitcode = "amdgcn";

    /// <exception cref="CakeException">StageRocm has not run.</exception>
    public static RocmStage Of(BuildContext context)
    {
        var folder = context.Paths.RocmStage;
        var record =
            RecordFile.TryRead<StageRecord>(context.Paths.StageRecord)
            ?? throw new CakeException($"{context.Paths.Show(context.Paths.StageRecord)} is missing; {context.RunFirst("StageRocm")}");
        return new()
        {
            Libraries = Inside(record.Libraries),
            Tensile = record.Tensile is { } tensile ? Inside(tensile) : null,
            Compiler = record.Compiler is { } compiler ? Inside(compiler) : null,
            Prefix = Inside(record.Prefix),
            DeviceLibraries = DeviceLibraries(folder),
            Version = record.RocmVersion,
        };

        string Inside(string path) =>
            Path.GetFullPath(path, folder) is var full && (full == folder || full.StartsWith(folder + "/", StringComparison.Ordinal))
                ? full
                : throw new CakeException($"{context.Paths.Show(context.Paths.StageRecord)} names {path}, which is not in the stage");
    }

    /// <summary>Where clang's device libraries lie; distributions disagree.</summary>
    private static string? DeviceLibraries(string folder) =>
        Directory
            .EnumerateDirectories(
                folder,
                Bitcode,
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }
            )
            .Where(d => Path.GetFileName(Path.GetDirectoryName(d)) == OfBitcode)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
}
