namespace Gfxbake.Pipeline.Steps;

/// <summary>Why an engine refused, where a step must know it.</summary>
public enum EngineFault
{
    Other,

    /// <summary>It has no image of that name or id.</summary>
    NoSuchImage,

    /// <summary>A disk was full.</summary>
    NoSpace,
}

/// <summary>The engine refused a command; the message has its own words.</summary>
public sealed class EngineException : Exception
{
    private const int MostLines = 3;

    // podman and docker have one exit status for every refusal, so their words are all there is.
    private static readonly string[] NotThere = ["no such", "not known", "unable to inspect"];

    /// <param name="command">The command as it was given.</param>
    /// <param name="status">Its exit status.</param>
    /// <param name="errors">Lines of its standard error.</param>
    public EngineException(string command, int status, IEnumerable<string> errors)
        : this(command, status, string.Join(" | ", errors.Where(l => l.Length > 0).TakeLast(MostLines))) { }

    private EngineException(string command, int status, string words)
        : base($"{command}: exit status {status}: {(words.Length == 0 ? "(it said nothing)" : words)}") =>
        Fault =
            NoSpace.IsSaidIn(words) ? EngineFault.NoSpace
            : NotThere.Any(n => words.Contains(n, StringComparison.OrdinalIgnoreCase)) ? EngineFault.NoSuchImage
            : EngineFault.Other;

    public EngineFault Fault { get; }
}
