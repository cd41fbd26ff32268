using System.Reflection;
using Cake.Cli;

namespace Gfxbake.Host;

/// <summary>Makes --version print gfxbake's version; Cake's own resolver would print that of its assembly.</summary>
public sealed class ProjectVersion : IVersionResolver
{
    public string GetVersion() => typeof(ProjectVersion).Assembly.GetName().Version!.ToString(3);

    public string GetProductVersion() =>
        typeof(ProjectVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
