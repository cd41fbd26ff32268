namespace Gfxbake.Pipeline.Trace;

/// <summary>What one run of a workload gave.</summary>
public sealed record WorkloadResult
{
    public required string Name { get; init; }

    /// <summary>The program's exit status; 124 when it ran out of time.</summary>
    public required int ExitCode { get; init; }

    public required string Stdout { get; init; }

    public required string Stderr { get; init; }

    /// <summary>Answers of a server, in the order of the recipe's requests.</summary>
    public IReadOnlyList<HttpAnswer> Answers { get; init; } = [];

    /// <summary>What programs beside the server gave, in the order of the recipe's clients.</summary>
    public IReadOnlyList<ClientAnswer> Clients { get; init; } = [];

    /// <summary>What went wrong around the program: not ready in time, health check failed.</summary>
    public string? Failure { get; init; }
}

/// <summary>A server's answer to one request.</summary>
/// <param name="Request">For instance "POST /completion".</param>
/// <param name="Status">HTTP status; 0 when there was no answer.</param>
/// <param name="Body">The body's text, or "sha256:…" of what is no text.</param>
public sealed record HttpAnswer(string Request, int Status, string Body);

/// <summary>What a program beside the server gave.</summary>
/// <param name="Output">Its standard output; empty when it failed.</param>
/// <param name="Failure">Why it failed, or null.</param>
public sealed record ClientAnswer(string Output, string? Failure);
