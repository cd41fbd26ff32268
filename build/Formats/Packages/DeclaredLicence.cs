namespace Gfxbake.Formats.Packages;

/// <summary>What a package says that it is under.</summary>
/// <param name="Text">A copyright file's text, or an expression; null when the package says nothing.</param>
/// <param name="Where">Where it says so: the copyright file's path, or the name of the field.</param>
/// <param name="IsExpression">Whether Text is an expression of names, AND and OR; else it is a Debian copyright file.</param>
public sealed record DeclaredLicence(string? Text, string Where, bool IsExpression);
