using System.Security.Cryptography;
using System.Text;
using Cake.Common.Diagnostics;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tools;

/// <summary>The containers of one checkout: all carry its label, so that none is ever left behind.</summary>
public static class Containers
{
    private const int MostTries = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.2);

    /// <summary>Eight digits that tell this checkout's images from those of another one.</summary>
    public static string Checkout(string root) => Digest(root)[..8];

    /// <summary>Label that names the checkout; another checkout's containers are none of ours.</summary>
    public static string Label(BuildContext context) => "gfxbake.checkout=" + Digest(context.Root)[..16];

    private static string Digest(string root) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)));

    public static string NewName() => "gfxbake-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    /// <summary>Removes every container of this checkout; whoever calls holds the build lock, so none of them is in use.</summary>
    public static void RemoveAll(BuildContext context)
    {
        try
        {
            RemoveWorkloads(context);
            RemoveWorking(context);
        }
        catch (EngineException exception)
        {
            context.Warning("Containers of an earlier run may be left: {0}", exception.Message);
        }
    }

    /// <summary>
    /// Removes what builds left. podman 4.3 may stop at a container that another build of this machine has just taken; the next try finds
    /// what is still there.
    /// </summary>
    private static void RemoveWorking(BuildContext context)
    {
        for (var tries = 1; WorkingContainers.Of(context) is { Count: > 0 } working; tries++)
        {
            try
            {
                context.EngineCommand(["rm", "--force", .. working]);
                return;
            }
            catch (EngineException) when (tries < MostTries)
            {
                Thread.Sleep(Pause);
            }
        }
    }

    /// <summary>Removes the containers that carry this checkout's label.</summary>
    public static void RemoveWorkloads(BuildContext context)
    {
        var ids = context.EngineCommand("ps", "--all", "--quiet", "--filter", "label=" + Label(context)).Where(i => i.Length > 0).ToList();
        if (ids.Count > 0)
            Remove(context, [.. ids]);
    }

    /// <summary>Ends and removes containers at once; podman would first wait ten seconds for a program that ignores SIGTERM.</summary>
    public static void Remove(BuildContext context, params string[] containers)
    {
        string[] now = context.Engine.Kind == EngineKind.Podman ? ["--time", "0"] : [];
        context.EngineCommand(["rm", "--force", "--volumes", .. now, .. containers]);
    }

    /// <summary>Makes a container that is never started, hands over its id, and removes it.</summary>
    public static void WithStopped(BuildContext context, string image, Action<string> use)
    {
        var name = NewName();
        context.EngineCommand("create", "--name", name, "--label", Label(context), "--network", "none", image, "/none");
        try
        {
            use(name);
        }
        finally
        {
            if (!context.Interruption.Requested)
                Remove(context, name);
        }
    }
}
