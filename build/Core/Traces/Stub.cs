#pragma warning disable
namespace Gfxbake.Core.Traces;
public sealed record TracedWorkload(string Name, long Lines);
public sealed class TraceSummary { public IReadOnlyList<TracedWorkload> Workloads => []; public IReadOnlyList<TracedPath> Paths() => []; public void Add(string w, Stream s, string cwd) { } }
public sealed class TraceFormatException : Exception;
public static class StraceOptions { public static IReadOnlyList<string> Arguments => []; }
