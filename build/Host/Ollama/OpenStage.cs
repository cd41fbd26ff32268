using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Building;
using Gfxbake.Pipeline.Staging;

namespace Gfxbake.Host.Ollama;

/// <summary>The ROCm that StageRocm unpacked for the recipe.</summary>
public static class OpenStage
{
    /// <exception cref="CakeException">StageRocm has not run.</exception>
    public static RocmStage Of(BuildContext context)
    {
        var folder = context.Paths.RocmStage;
        var record =
            RecordFile.TryRead<StageRecord>(context.Paths.StageRecord)
            ?? throw new CakeException($"{context.Paths.Show(context.Paths.StageRecord)} is missing; {context.RunFirst("StageRocm")}");
        // The loader splits its list at both.
        if (folder.AsSpan().ContainsAny(':', ';'))
            throw new CakeException($"{folder} has a ':' or ';' in its path, where libraries can't be found; move the checkout");
        return new()
        {
            Libraries = Inside(record.Libraries),
            LibraryPath = string.Join(':', record.LibraryFolders.Select(Inside)),
            Tensile = record.Tensile is { } tensile ? Inside(tensile) : null,
            Compiler = record.Compiler is { } compiler ? Inside(compiler) : null,
            Prefix = Inside(record.Prefix),
            DeviceLibraries = record.DeviceLibraries is { } bitcode ? Inside(bitcode) : null,
            Version = record.RocmVersion,
        };

        string Inside(string path) =>
            Path.GetFullPath(path, folder) is var full && (full == folder || full.StartsWith(folder + "/", StringComparison.Ordinal))
                ? full
                : throw new CakeException($"{context.Paths.Show(context.Paths.StageRecord)} names {path}, which is not in the stage");
    }
}
