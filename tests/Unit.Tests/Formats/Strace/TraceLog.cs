using System.Text;
using Gfxbake.Formats.Strace;

namespace Gfxbake.Unit.Tests.Formats.Strace;

/// <summary>Runs the reader over a log given as lines.</summary>
internal static class TraceLog
{
    public const string Exit = "100 +++ exited with 0 +++";

    /// <summary>"call outcome path" of each access of a whole log.</summary>
    public static string[] Read(params string[] lines) => [.. Accesses(lines).Select(Describe)];

    /// <summary>The same of thread 100, whose start and exit are added.</summary>
    public static string[] ReadCalls(params string[] calls) => Read([.. calls.Select(call => "100 " + call), Exit]);

    /// <summary>The same with the thread's number in front.</summary>
    public static string[] ReadWithThreads(params string[] lines) =>
        [.. Accesses(lines).Select(access => $"{access.Pid} {Describe(access)}")];

    public static List<TracedAccess> Accesses(params string[] lines) => [.. Reader(lines).Read()];

    public static StraceReader Reader(params string[] lines) => ReaderOfText(string.Concat(lines.Select(line => line + "\n")));

    public static StraceReader ReaderOfText(string log) => new(new MemoryStream(Encoding.Latin1.GetBytes(log)), "/work");

    public static TraceFormatException Refuse(params string[] lines) => Assert.Throws<TraceFormatException>(() => Accesses(lines))!;

    private static string Describe(TracedAccess access) => $"{access.Call} {access.Outcome} {access.Path}";
}
