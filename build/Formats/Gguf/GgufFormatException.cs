namespace Gfxbake.Formats.Gguf;

/// <summary>A file is no GGUF file, is cut off, or breaks the format.</summary>
public sealed class GgufFormatException(string problem) : Exception(problem);
