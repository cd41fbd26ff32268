using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Docker;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tools;

/// <summary>
/// Builds an image and gives its id: shows the steps, writes everything else to a log, and shows its end when the build fails.
/// </summary>
public static class ImageBuilder
{
    private const int LogTail = 25;
    private const int MostTries = 4;
    private const int MostNetworkTries = 3;

    // podman 4.3, where several builds end at once: one looks at what another has just removed, or removes what another has just taken.
    private static readonly string[] Collisions =
    [
        "identifier is not a container",
        "getting top layer info: layer not known",
        "image is in use by a container",
    ];

    // netavark before 1.9 changes the address of podman's bridge as containers come and go; one that runs then waits for answers in vain.
    private static readonly string[] NoNetwork =
    [
        "Temporary failure resolving",
        "Could not resolve",
        "Could not connect to",
        "Unable to connect to",
        "Connection timed out",
    ];

    /// <param name="context">The build.</param>
    /// <param name="image">Name that the image gets.</param>
    /// <param name="folder">Folder with the Dockerfile and what it adds.</param>
    /// <param name="args">Build arguments.</param>
    /// <param name="epoch">Seconds since 1970 that replace the build's own time stamps, or null.</param>
    /// <param name="target">Stage to build, or null for the last.</param>
    /// <param name="kept">Whether the engine keeps the layers for a next build; without them every step is done anew.</param>
    /// <param name="shared">The builder and caches to use, or null.</param>
    /// <returns>The image's id, from the build itself: the name may be another build's a moment later.</returns>
    public static string BuildImage(
        this BuildContext context,
        string image,
        string folder,
        IReadOnlyDictionary<string, string> args,
        long? epoch = null,
        string? target = null,
        bool kept = true,
        SharedBuild? shared = null
    )
    {
        context.Interruption.ThrowIfRequested();
        var log = Path.Combine(context.Paths.Logs, Path.GetFileName(folder) + ".log");
        using var output = new BuildOutput(log);
        using var id = new ImageIdFile(log);
        var settings = context.Engine.Apply(
            new DockerImageBuildSettings
            {
                Tag = [image],
                Iidfile = id.Path,
                BuildArg = [.. args.Select(a => $"{a.Key}={a.Value}")],
                SetupProcessSettings = output.Redirect,
            }
        );
        if (target is not null)
            settings.Target = target;
        AddOfEngine(context, settings, epoch, kept);
        // What is wrong with a builder shows before the build, whose log has nothing of it.
        var buildx = context.Engine.Kind == EngineKind.Docker ? shared?.ForBuildX(context, settings) : null;
        if (buildx is null)
            shared?.Apply(settings);
        try
        {
            RunPastOthers(context, output, () => Run(context, folder, settings, buildx));
            context.Interruption.ThrowIfRequested();
            if (shared is not null)
                context.Information("  {0}", Cached(context, output));
            return id.Read(context, image);
        }
        catch (CakeException) when (!context.Interruption.Requested)
        {
            var (what, lines) = output.Failure() is { Length: > 0 } failure
                ? ("the first error in", failure)
                : ("the last lines of", output.Tail(LogTail));
            throw DiskFull.OrOther(
                output.Has(NoSpace.Words),
                $"building {image} failed; {what} {context.Paths.Show(log)}:\n{lines}\n{Advice(output)}"
            );
        }
    }

    /// <summary>
    /// Every finished step is in the engine's cache, so a further try is short; a long build beside ours collides more than once. Its
    /// containers
    /// are new ones, so they find the network again.
    /// </summary>
    private static void RunPastOthers(BuildContext context, BuildOutput output, Action run)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                run();
                return;
            }
            catch (CakeException) when (Passing(output, tries) is { } what && !context.Interruption.Requested)
            {
                context.Information("  {0}; once more", what);
                output.StartOver();
            }
        }
    }

    /// <summary>What failed, if it may be gone with the next try.</summary>
    private static string? Passing(BuildOutput output, int tries)
    {
        if (tries < MostTries && Collisions.Any(output.Has))
            return "the engine stumbled over another build";
        return tries < MostNetworkTries && NoNetwork.Any(output.Has) ? "the build's container did not get through to the network" : null;
    }

    private static void AddOfEngine(BuildContext context, DockerImageBuildSettings settings, long? epoch, bool kept)
    {
        if (context.Engine.Kind == EngineKind.Docker)
        {
            if (!kept)
                settings.NoCache = true;
            return;
        }

        settings.BuildArg = [.. settings.BuildArg, WorkingContainers.BuildArgument(context)];
        // docker 20.10 cannot clamp the time stamps of a layer; podman can, and then the same files give the same image id.
        string[] words =
        [
            .. kept ? [] : (string[])["--layers=false"],
            .. epoch is { } seconds ? (string[])["--timestamp", seconds.ToString()] : [],
        ];
        if (words.Length > 0)
            settings.ArgumentCustomization = arguments => words.Aggregate(arguments, (all, word) => all.Append(word));
    }

    private static void Run(BuildContext context, string folder, DockerImageBuildSettings settings, DockerBuildXBuildSettings? buildx)
    {
        // Cake.Docker puts the folder into the command line as it is, but for DockerBuild, which leaves a quoted one alone.
        var word = EngineAliases.Quote(folder);
        if (buildx is not null)
            context.DockerBuildXBuild(buildx, word);
        else
            context.DockerBuild(settings, word);
    }

    private static string Cached(BuildContext context, BuildOutput output) =>
        $"{output.Steps.Cached} steps came from a cache"
        + (context.Engine.Kind == EngineKind.Podman ? $", {output.Steps.Pulled} of them pulled" : "");

    private static string Advice(BuildOutput output)
    {
        if (output.Has(NoSpace.Words))
            return "Next: free disk space, then run the same command again; the README says how much a build needs.";
        if (NoNetwork.Any(output.Has))
        {
            return $"Next: {MostNetworkTries} containers did not get through to the network; "
                + "check the host's connection and DNS, then run the same command again.";
        }

        if (output.Has("server gave HTTP response to HTTPS client"))
            return "Next: the registry speaks plain http; docs/builders.md says how the engine is told to trust it.";
        if (output.Has("gfxbake: the HIP compiler can't make code for"))
            return "Next: correct code_target in the recipe, or take a toolchain that knows the GPU.";
        return "Next: read the whole log, mend the cause, run the same command again; finished layers are reused.";
    }
}
