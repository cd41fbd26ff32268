using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>What both formats share in writing JSON. The default encoder is kept: documents are shown in web pages.</summary>
internal static class SbomJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Names of properties are written as they are. Lists that are only enumerated are never in memory as a whole.</summary>
    public static void Write<T>(T document, Stream output)
    {
        JsonSerializer.Serialize(output, document, Options);
        output.WriteByte((byte)'\n');
    }
}
