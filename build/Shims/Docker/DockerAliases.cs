using Cake.Core;

namespace Cake.Docker;

/// <summary>Builds images.</summary>
public static class DockerAliases
{
    /// <summary>Builds an image from the context directory <paramref name="path"/>, which is quoted where it isn't yet.</summary>
    public static void DockerBuild(this ICakeContext context, DockerImageBuildSettings settings, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var quoted = path.Trim() is ['"', .., '"'] ? path : $"\"{path}\"";
        new DockerRunner<DockerImageBuildSettings>(context).Execute("image build", settings, quoted);
    }

    /// <summary>Builds with BuildKit's own client; <paramref name="path"/> is written as it is, as the real package does.</summary>
    public static void DockerBuildXBuild(this ICakeContext context, DockerBuildXBuildSettings settings, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        new DockerRunner<DockerBuildXBuildSettings>(context).Execute("buildx build", settings, path);
    }
}
