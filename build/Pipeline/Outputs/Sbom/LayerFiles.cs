using System.Security.Cryptography;
using Gfxbake.Formats.Images;
using Gfxbake.Pipeline.Minimal;

namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>The tars out of which the minimal image was built, each proven to be the recorded one.</summary>
public sealed class LayerFiles : IDisposable
{
    private readonly ImageFileSystem[] layers;

    private LayerFiles(ImageFileSystem[] layers) => this.layers = layers;

    public IReadOnlyList<ImageFileSystem> Layers => layers;

    /// <param name="directory">The build context of the minimal image.</param>
    /// <param name="records">Its layers, lowest first.</param>
    /// <param name="cancellation">Looked at between reads.</param>
    /// <exception cref="SbomException">A tar is missing or another one.</exception>
    public static LayerFiles Open(string directory, IReadOnlyList<LayerRecord> records, CancellationToken cancellation = default)
    {
        var names = records.Select((layer, number) => Path.Combine(directory, $"{number}-{layer.Name}.tar")).ToArray();
        var problems = new string?[names.Length];
        Parallel.For(0, names.Length, i => problems[i] = Problem(names[i], records[i].Sha256, cancellation));
        if (problems.OfType<string>().ToList() is { Count: > 0 } found)
        {
            throw new SbomException(
                $"{string.Join('\n', found)}\n"
                    + "Delete candidate.json beside that folder and run MinimalImage again: it writes the layers anew."
            );
        }

        var layers = new List<ImageFileSystem>();
        try
        {
            layers.AddRange(names.Select(ImageFileSystem.Open));
            return new LayerFiles([.. layers]);
        }
        catch
        {
            layers.ForEach(l => l.Dispose());
            throw;
        }
    }

    public void Dispose() => Array.ForEach(layers, l => l.Dispose());

    private static string? Problem(string file, string sha256, CancellationToken cancellation)
    {
        if (!File.Exists(file))
            return $"{file}: missing";

        using var stream = File.OpenRead(file);
        var found = Convert.ToHexStringLower(SHA256.HashDataAsync(stream, cancellation).AsTask().GetAwaiter().GetResult());
        return found == sha256 ? null : $"{file}: not the layer of the minimal image (sha256 {found}, recorded {sha256})";
    }
}
