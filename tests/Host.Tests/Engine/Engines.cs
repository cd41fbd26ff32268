using System.Collections;
using System.ComponentModel;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>The engines that the engine tests run on: podman always, docker where a daemon answers.</summary>
internal sealed class Engines : IEnumerable
{
    public IEnumerator GetEnumerator()
    {
        yield return "podman";
        if (DockerAnswers())
            yield return "docker";
    }

    private static bool DockerAnswers()
    {
        try
        {
            return Command.Run("docker", "version", "--format", "{{.Server.Version}}").Status == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
