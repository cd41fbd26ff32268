using Cake.Common.Diagnostics;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Steps;

/// <summary>Lets one run at a time change a checkout's artifacts; a second one waits and says for whom.</summary>
public sealed class BuildLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    private readonly FileStream file;

    private BuildLock(FileStream file) => this.file = file;

    public static BuildLock Take(BuildContext context)
    {
        Directory.CreateDirectory(context.Paths.Artifacts);
        // The locked file itself can't be read by others, so the holder's name stands beside it.
        var holder = context.Paths.Lock + ".holder";
        for (var told = false; ; told = true)
        {
            FileStream? file = null;
            try
            {
                file = new FileStream(context.Paths.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                File.WriteAllText(
                    holder,
                    $"process {Environment.ProcessId} ({string.Join(' ', Environment.GetCommandLineArgs().Skip(1))})"
                );
                Sweep(context.Paths);
                return new BuildLock(file);
            }
            catch (IOException) when (file is null && File.Exists(context.Paths.Lock))
            {
                if (!told)
                {
                    context.Information(
                        "Waiting: another build works on this checkout: {0}",
                        File.Exists(holder) ? File.ReadAllText(holder) : "unknown"
                    );
                }
            }
            catch
            {
                // We hold the lock and cannot use it: a full disk, for one.
                file?.Dispose();
                throw;
            }

            context.Interruption.Sleep(Pause);
        }
    }

    /// <summary>Deletes the half-written files and folders of interrupted runs; only for who holds the lock.</summary>
    public static void Sweep(BuildPaths paths)
    {
        foreach (var folder in new[] { paths.Build, paths.Bases, paths.Images })
            AtomicFile.Sweep(paths.Artifacts, folder);
        EngineTemporary.Sweep(paths);
    }

    public void Dispose() => file.Dispose();
}
