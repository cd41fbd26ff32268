using System.Security.Cryptography;
using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Core.IO;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tools;

/// <summary>Gets a distribution's bare root file system: from a registry by digest when one answers, else bootstrapped here.</summary>
public sealed class Bases(BuildContext context) : IBases
{
    private static readonly TimeSpan PullTime = TimeSpan.FromMinutes(5);

    public BaseOrigin Provide(string? reference, Bootstrap? bootstrap, string image, bool fresh = false) =>
        Pull(reference, image, orElse: bootstrap is not null)
        ?? new BaseOrigin("bootstrapped " + bootstrap!.Suite, Bootstrap(bootstrap, image, fresh));

    private BaseOrigin? Pull(string? reference, string image, bool orElse)
    {
        if (reference is null)
            return null;
        try
        {
            new EngineRunner(context).Run(context.Engine, EngineAliases.Words(["pull", "--quiet", reference]), PullTime);
            context.TagImage(context.NeedImageId(reference), image);
            return new BaseOrigin("pulled " + reference, null);
        }
        catch (Exception exception) when (exception is EngineException or TimeoutException && !context.Interruption.Requested)
        {
            // The engine repeats the whole route to the host that it did not reach; the reason stands last.
            var why = exception.Message.Split(": ")[^1].Trim();
            if (!orElse)
            {
                throw new CakeException(
                    $"{reference}\ncan't be pulled ({why}), and the recipe has no 'bootstrap' for its base\n"
                        + "Next: check the network and the registry, then run the same command again."
                );
            }

            context.Information("  {0}\n  can't be pulled ({1}), so a base is bootstrapped", reference, why);
            return null;
        }
    }

    /// <summary>Makes the base, or takes the one that another recipe or variant with the same settings has made.</summary>
    private string Bootstrap(Bootstrap bootstrap, string image, bool fresh)
    {
        var tar = context.Paths.BaseTar(Fingerprint.Of(bootstrap));
        if (fresh || !File.Exists(tar))
            RunMmdebstrap(bootstrap, tar);
        string sha256;
        using (var stream = File.OpenRead(tar))
            sha256 = Convert.ToHexStringLower(SHA256.HashData(stream));

        BaseLoader.Load(context, tar, sha256, image);
        return sha256;
    }

    private void RunMmdebstrap(Bootstrap bootstrap, string tar)
    {
        if (context.Tools.Resolve("mmdebstrap") is null)
        {
            if (!context.Provision)
            {
                throw new CakeException(
                    "mmdebstrap is missing, and no registry gave the base; add --provision, or: "
                        + $"{new Provisioner(context).CommandFor("mmdebstrap")}"
                );
            }

            new Provisioner(context).Install("mmdebstrap");
        }

        var log = System.IO.Path.Combine(context.Paths.Logs, "base.log");
        using var output = new BuildOutput(log);
        var partial = tar + AtomicFile.PartialEnding;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(tar)!);
        try
        {
            new MmdebstrapRunner(context).Run(
                new MmdebstrapSettings
                {
                    Bootstrap = bootstrap,
                    Output = new FilePath(partial),
                    SetupProcessSettings = output.Redirect,
                }
            );
        }
        catch (CakeException) when (!context.Interruption.Requested)
        {
            File.Delete(partial);
            throw DiskFull.OrOther(
                output.Has(NoSpace.Words),
                $"mmdebstrap failed; the last lines of {context.Paths.Show(log)}:\n{output.Tail(12)}\n"
                    + "Next: check the network and the disk, then run the same command again."
            );
        }

        context.Interruption.ThrowIfRequested();
        File.Move(partial, tar, overwrite: true);
    }
}
