using Gfxbake.Host.Tests.Engine;

namespace Gfxbake.Host.Tests.Acceptance;

/// <summary>
/// An image with one part taken out, or put in another's place. It has no shell of its own, so the base's tools are mounted for that step.
/// </summary>
internal sealed class Hole : IDisposable
{
    private const int MostTries = 3;

    private readonly Func<string[], Outcome> run;

    /// <param name="engine">Builds it.</param>
    /// <param name="tools">An image with a loader and rm, of the same C library.</param>
    /// <param name="image">The image to damage.</param>
    /// <param name="path">The part.</param>
    /// <param name="other">Writes what comes in its place; nothing does when null.</param>
    public Hole(Host.Tools.Engine engine, string tools, string image, string path, Action<string>? other = null)
        : this(
            words => Command.Run(["env", .. engine.Environment.Select(e => $"{e.Key}={e.Value}"), engine.Path, .. words]),
            tools,
            image,
            path,
            other
        ) { }

    /// <param name="run">Runs an engine command.</param>
    /// <param name="tools">An image with a loader and rm, of the same C library.</param>
    /// <param name="image">The image to damage.</param>
    /// <param name="path">The part.</param>
    /// <param name="other">Writes what comes in its place; nothing does when null.</param>
    public Hole(Func<string[], Outcome> run, string tools, string image, string path, Action<string>? other = null)
    {
        this.run = run;
        var folder = Directory.CreateTempSubdirectory("gfxbake-hole");
        Image = $"localhost/gfxbake-hole:{Guid.NewGuid():n}";
        other?.Invoke(Path.Combine(folder.FullName, "other"));
        File.WriteAllText(
            Path.Combine(folder.FullName, "Dockerfile"),
            $"""
            FROM {tools} AS tools
            FROM {image}
            USER root
            RUN --mount=type=bind,from=tools,target=/mnt \
              ["/mnt/usr/lib64/ld-linux-x86-64.so.2", "--library-path", "/mnt/usr/lib/x86_64-linux-gnu", "/mnt/usr/bin/rm", "-r", "{path}"]
            {(other is null ? "" : $"COPY other {path}")}
            USER gfxbake
            """
        );
        var built = Run("build", "--tag", Image, folder.FullName);
        // podman 4.3 stumbles over builds that end at the same time, as another checkout's tests do.
        for (var tries = 1; built.Status != 0 && tries < MostTries; tries++)
            built = Run("build", "--tag", Image, folder.FullName);
        folder.Delete(recursive: true);
        Assert.That(built.Status, Is.Zero, built.Output);
        Id = Run("image", "inspect", "--format", "{{.Id}}", Image).Output.Trim().Replace("sha256:", "");
    }

    public string Image { get; }

    public string Id { get; }

    public void Dispose() => Run("rmi", "--force", Image);

    private Outcome Run(params string[] words) => run(words);
}
