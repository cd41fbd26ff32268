using Cake.Common;
using Cake.Core;
using Cake.Docker;
using Gfxbake.Formats.Archives;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tools;

/// <summary>
/// A build that goes to an existing buildx builder, or shares its layers through a cache: --builder, --cache-from, --cache-to.
/// </summary>
/// <param name="Builder">Name of the builder; empty: the engine's own.</param>
/// <param name="CacheFrom">Where layers are looked for, as the engine spells it.</param>
/// <param name="CacheTo">Where they are put.</param>
public sealed record SharedBuild(string Builder, string[] CacheFrom, string[] CacheTo)
{
    private const string BaseContext = "gfxbake-base";

    /// <summary>What the command line asks for; null when it asks for none of it.</summary>
    public static SharedBuild? Of(BuildContext context)
    {
        string[] names = [Arguments.Builder, Arguments.CacheFrom, Arguments.CacheTo];
        if (!names.Any(n => context.HasArgument(n)))
            return null;
        foreach (var name in names)
            _ = context.Value(name);
        var build = new SharedBuild(
            context.Value(Arguments.Builder) ?? "",
            All(context, Arguments.CacheFrom),
            All(context, Arguments.CacheTo)
        );
        if (build.Builder.Length > 0 && context.Engine.Kind == EngineKind.Podman)
        {
            throw new CakeException(
                $"--{Arguments.Builder}: builders are BuildKit's, and the engine here is {context.Engine.Version}; "
                    + "use --engine=docker, or leave it out"
            );
        }

        if (
            context.Engine.Kind == EngineKind.Podman
            && build.CacheFrom.Concat(build.CacheTo).FirstOrDefault(c => c.Contains('=')) is { } wrong
        )
        {
            throw new CakeException(
                $"cache '{wrong}': type=… is BuildKit's, and the engine here is {context.Engine.Version}; "
                    + "give a repository without a tag, such as registry.example.org/team/cache"
            );
        }

        return build;
    }

    /// <summary>podman takes repositories as caches; its build has no other option for them in Cake.Docker.</summary>
    public void Apply(DockerImageBuildSettings podman)
    {
        var before = podman.ArgumentCustomization ?? (a => a);
        podman.ArgumentCustomization = arguments =>
        {
            before(arguments).Append("--layers");
            foreach (var cache in CacheFrom)
                arguments.Append("--cache-from").AppendQuoted(cache);
            foreach (var cache in CacheTo)
                arguments.Append("--cache-to").AppendQuoted(cache);
            return arguments;
        };
    }

    /// <summary>The same build for buildx; the image comes back to the local engine.</summary>
    public DockerBuildXBuildSettings ForBuildX(BuildContext context, DockerImageBuildSettings plain)
    {
        var settings = context.Engine.Apply(
            new DockerBuildXBuildSettings
            {
                Tag = plain.Tag,
                Iidfile = plain.Iidfile,
                BuildArg = plain.BuildArg,
                Load = true,
                Progress = "plain",
                SetupProcessSettings = plain.SetupProcessSettings,
            }
        );
        if (plain.Target is { Length: > 0 })
            settings.Target = plain.Target;
        if (Builder.Length > 0)
            settings.Builder = Builder;
        if (CacheFrom.Length > 0)
            settings.CacheFrom = CacheFrom;
        if (CacheTo.Length > 0)
            settings.CacheTo = CacheTo;
        if (!SeesLocalImages(context))
            GiveBase(context, settings);
        return settings;
    }

    /// <summary>Only the engine's own builder has its images.</summary>
    private bool SeesLocalImages(BuildContext context)
    {
        string[] name = Builder.Length > 0 ? [Builder] : [];
        try
        {
            return context
                .EngineCommand(["buildx", "inspect", .. name])
                .Any(l => l.StartsWith("Driver:", StringComparison.Ordinal) && l["Driver:".Length..].Trim() == "docker");
        }
        catch (EngineException exception)
        {
            throw new CakeException(
                $"{exception.Message}\nNext: docker buildx ls shows the builders; "
                    + "if docker knows no buildx, install its plugin (package docker-buildx or docker-buildx-plugin)."
            );
        }
    }

    private static void GiveBase(BuildContext context, DockerBuildXBuildSettings settings)
    {
        var record =
            RecordFile.TryRead<BaseRecord>(context.Paths.BaseRecord)
            ?? throw new CakeException($"{context.Paths.Show(context.Paths.BaseRecord)} is missing; {context.RunFirst("BaseImage")}");
        var local = $"BASE={context.Image("base")}";
        if (record.TarSha256 is null)
        {
            settings.BuildArg = [.. settings.BuildArg.Select(a => a == local ? "BASE=" + context.Variant.Base.Image : a)];
            return;
        }

        var folder = context.Paths.Context("base");
        Folders.Remove(folder);
        var digest = OciLayoutWriter.Write(context.Paths.BaseTar(Fingerprint.Of(context.Variant.Base.Bootstrap!)), folder);
        settings.BuildContext = [$"{BaseContext}=oci-layout://{folder}@{digest}"];
        settings.BuildArg = [.. settings.BuildArg.Select(a => a == local ? "BASE=" + BaseContext : a)];
    }

    private static string[] All(BuildContext context, string name) => [.. context.Arguments.GetArguments(name)];
}
