using Cake.Core;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tests.Tools;

[TestFixture]
internal sealed class DiskFullTests
{
    private const string Words = "write /x: No space left on device";

    private static IEnumerable<Exception> Full =>
        [
            new IOException("short write", 28),
            new AggregateException(new InvalidOperationException(), new IOException("short write", 28)),
            new HttpRequestException("torn", new IOException("short write", 28)),
            new EngineException("podman load", 125, [Words]),
            DiskFull.OrOther(true, "git could not fetch"),
        ];

    // A workload that prints these words, or a log that has them, is no full disk of ours.
    private static IEnumerable<Exception> Other =>
        [
            new IOException(Words, 5),
            new CakeException($"workload run: {Words}"),
            new EngineException("podman load", 125, ["no such image"]),
            DiskFull.OrOther(false, Words),
        ];

    [TestCaseSource(nameof(Full))]
    public void Full_disk_is_recognised(Exception exception) => Assert.That(DiskFull.Caused(exception), Is.True);

    [TestCaseSource(nameof(Other))]
    public void Words_alone_are_no_full_disk(Exception exception) => Assert.That(DiskFull.Caused(exception), Is.False);
}
