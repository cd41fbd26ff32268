using System.Diagnostics;
using Cake.Core;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tools;

/// <summary>Engine commands whose input or output is an archive.</summary>
public static class EngineStream
{
    private const int MostErrors = 20;

    /// <summary>Writes what the engine saves of an image, a docker-archive, to a stream.</summary>
    /// <exception cref="EngineException">The engine refused.</exception>
    public static void Save(BuildContext context, string image, Stream output, IProgress<long> progress)
    {
        // podman would write an OCI archive for an image with OCI's media types.
        string[] format = context.Engine.Kind == EngineKind.Podman ? ["--format", "docker-archive"] : [];
        using var engine = Start(context, ["save", .. format, image]);
        engine.Process.StandardInput.Close();
        Copy(engine.Process.StandardOutput.BaseStream, output, progress, context.Interruption.Token);
        engine.End();
    }

    /// <summary>Gives the engine a docker-archive to load.</summary>
    /// <exception cref="EngineException">The engine refused.</exception>
    public static void Load(BuildContext context, Stream archive, IProgress<long> progress)
    {
        if (context.Engine.Kind == EngineKind.Podman)
            LoadCopy(context, archive, progress);
        else
            LoadPiped(context, archive, progress);
    }

    /// <summary>
    /// Lets the engine load a docker-archive that lies in a file. `podman load` would first unpack it as an OCI archive: to /var/tmp,
    /// whatever TMPDIR says, and an archive that is both would be another image than the one that was checked.
    /// </summary>
    /// <exception cref="EngineException">The engine refused.</exception>
    public static void LoadFile(BuildContext context, string archive)
    {
        if (context.Engine.Kind == EngineKind.Podman)
            context.EngineCommand("pull", "--quiet", "docker-archive:" + archive);
        else
            context.EngineCommand("load", "--input", archive);
    }

    private static void LoadCopy(BuildContext context, Stream archive, IProgress<long> progress)
    {
        // podman would make this copy of its own input.
        var copy = Path.Combine(context.Paths.EngineTemporary, Containers.NewName() + ".tar");
        try
        {
            using (var output = File.Create(copy))
                Copy(archive, output, progress, context.Interruption.Token);
            LoadFile(context, copy);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static void LoadPiped(BuildContext context, Stream archive, IProgress<long> progress)
    {
        using var engine = Start(context, ["load"]);
        var said = engine.Process.StandardOutput.ReadToEndAsync();
        try
        {
            Copy(archive, engine.Process.StandardInput.BaseStream, progress, context.Interruption.Token);
            engine.Process.StandardInput.Close();
        }
        catch (IOException) when (engine.Process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            // It ended before it had read all: its own words say why.
        }

        engine.End();
        said.GetAwaiter().GetResult();
    }

    private static Running Start(BuildContext context, string[] words)
    {
        context.Interruption.ThrowIfRequested();
        var info = new ProcessStartInfo(context.Engine.Path, words)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in context.Engine.Environment)
            info.Environment[key] = value;
        return new Running(
            Process.Start(info) ?? throw new CakeException($"{context.Engine.Path} did not start"),
            $"{context.Engine.Kind.ToString().ToLowerInvariant()} {string.Join(' ', words)}"
        );
    }

    private static void Copy(Stream from, Stream to, IProgress<long> progress, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 20];
        long done = 0;
        for (int read; (read = from.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0; )
        {
            cancellation.ThrowIfCancellationRequested();
            to.Write(buffer, 0, read);
            progress.Report(done += read);
        }
    }

    private sealed class Running : IDisposable
    {
        private readonly string command;
        private readonly Queue<string> errors = new();

        public Running(Process process, string command)
        {
            (Process, this.command) = (process, command);
            process.ErrorDataReceived += (_, line) =>
            {
                if (string.IsNullOrWhiteSpace(line.Data))
                    return;
                lock (errors)
                {
                    errors.Enqueue(line.Data);
                    if (errors.Count > MostErrors)
                        errors.Dequeue();
                }
            };
            process.BeginErrorReadLine();
        }

        public Process Process { get; }

        public void End()
        {
            Process.WaitForExit();
            if (Process.ExitCode == 0)
                return;
            lock (errors)
                throw new EngineException(command, Process.ExitCode, errors);
        }

        public void Dispose()
        {
            if (!Process.HasExited)
                Process.Kill(entireProcessTree: true);
            Process.Dispose();
        }
    }
}
