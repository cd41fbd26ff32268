using System.Security.Cryptography;
using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Core.IO;
using Cake.Frosting;
using Gfxbake.Core.Records;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>The distribution's bare root file system: from a registry by digest when one answers, else bootstrapped here.</summary>
[TaskName("BaseImage")]
[TaskDescription("Pulls the base by digest, or bootstraps it")]
public sealed class BaseImage : Step<BaseRecord>
{
    private static readonly TimeSpan PullTime = TimeSpan.FromMinutes(5);

    protected override string RecordOf(BuildPaths paths) => paths.BaseRecord;

    protected override SortedDictionary<string, string> InputsOf(BuildContext context)
        => new(StringComparer.Ordinal) { ["base of the recipe"] = Fingerprint.Of(context.Variant.Base), ["engine"] = context.Engine.Path };

    protected override bool StillThere(BuildContext context, BaseRecord record) => context.ImageId(record.Image) == record.ImageId;

    protected override BaseRecord Make(BuildContext context, SortedDictionary<string, string> inputs)
    {
        var image = context.Image("base");
        var origin = Pull(context, image);
        string? sha256 = null;
        if (origin is null)
        {
            sha256 = Bootstrap(context, image);
            origin = "bootstrapped " + context.Variant.Base.Bootstrap.Suite;
        }

        return new BaseRecord { Inputs = inputs, Image = image, ImageId = context.NeedImageId(image), Origin = origin, TarSha256 = sha256 };
    }

    private static string? Pull(BuildContext context, string image)
    {
        if (context.Variant.Base.Image is not { } reference) return null;
        try
        {
            new EngineRunner(context).Run(context.Engine, EngineAliases.Words(["pull", "--quiet", reference]), PullTime);
            context.EngineCommand("tag", reference, image);
            return "pulled " + reference;
        }
        catch (Exception exception) when (exception is EngineException or TimeoutException && !context.Interruption.Requested)
        {
            context.Information("  no registry answered, so the base is bootstrapped ({0})", exception.Message.Split('|')[^1].Trim());
            return null;
        }
    }

    /// <summary>Makes the base, or takes the one that another recipe or variant with the same settings has made.</summary>
    private static string Bootstrap(BuildContext context, string image)
    {
        var tar = context.Paths.BaseTar(Fingerprint.Of(context.Variant.Base.Bootstrap));
        if (!File.Exists(tar)) RunMmdebstrap(context, tar);
        string sha256;
        using (var stream = File.OpenRead(tar)) sha256 = Convert.ToHexStringLower(SHA256.HashData(stream));

        BaseLoader.Load(context, tar, sha256, image);
        return sha256;
    }

    private static void RunMmdebstrap(BuildContext context, string tar)
    {
        if (context.Tools.Resolve("mmdebstrap") is null)
        {
            if (!context.Provision) throw new CakeException($"mmdebstrap is missing, and no registry gave the base; add --provision, or: {new Provisioner(context).CommandFor("mmdebstrap")}");
            new Provisioner(context).Install("mmdebstrap");
        }

        var log = System.IO.Path.Combine(context.Paths.Logs, "base.log");
        using var output = new BuildOutput(log);
        var partial = tar + AtomicFile.PartialEnding;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(tar)!);
        try
        {
            new MmdebstrapRunner(context).Run(new MmdebstrapSettings { Bootstrap = context.Variant.Base.Bootstrap, Output = new FilePath(partial), SetupProcessSettings = output.Redirect });
        }
        catch (CakeException exception) when (!context.Interruption.Requested)
        {
            File.Delete(partial);
            throw new CakeException(exception.ExitCode, $"mmdebstrap failed; the last lines of {context.Paths.Show(log)}:\n{output.Tail(12)}\nNext: check the network and the disk, then run the same command again.");
        }

        context.Interruption.ThrowIfRequested();
        File.Move(partial, tar, overwrite: true);
    }
}
