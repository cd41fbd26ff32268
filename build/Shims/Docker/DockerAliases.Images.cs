using Cake.Core;

namespace Cake.Docker;

public static partial class DockerAliases
{
    public static void DockerBuild(this ICakeContext context, string path)
        => context.DockerBuild(new DockerImageBuildSettings(), path);

    /// <summary>Builds an image from the context directory <paramref name="path"/>, which is quoted where it isn't yet.</summary>
    public static void DockerBuild(this ICakeContext context, DockerImageBuildSettings? settings, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var quoted = path.Trim() is ['"', .., '"'] ? path : $"\"{path}\"";
        new DockerRunner<DockerImageBuildSettings>(context).Execute("image build", settings ?? new(), quoted);
    }

    /// <summary>Builds with BuildKit's own client.</summary>
    public static void DockerBuildXBuild(this ICakeContext context, DockerBuildXBuildSettings? settings, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var quoted = path.Trim() is ['"', .., '"'] ? path : $"\"{path}\"";
        new DockerRunner<DockerBuildXBuildSettings>(context).Execute("buildx build", settings ?? new(), quoted);
    }

    public static void DockerLoad(this ICakeContext context, DockerImageLoadSettings? settings)
        => new DockerRunner<DockerImageLoadSettings>(context).Execute("load", settings ?? new());

    public static void DockerSave(this ICakeContext context, DockerImageSaveSettings? settings, params string[] images)
        => new DockerRunner<DockerImageSaveSettings>(context).Execute("save", settings ?? new(), NotEmpty(images));

    /// <summary>The lines that the engine prints, its heading included unless Format or Quiet is set.</summary>
    public static IEnumerable<string> DockerImageLs(this ICakeContext context, DockerImageLsSettings? settings)
        => new DockerRunner<DockerImageLsSettings>(context).Read("image ls", settings ?? new());

    public static void DockerPull(this ICakeContext context, string imageReference)
        => context.DockerPull(new DockerImagePullSettings(), imageReference);

    public static void DockerPull(this ICakeContext context, DockerImagePullSettings? settings, string imageReference)
    {
        ArgumentException.ThrowIfNullOrEmpty(imageReference);
        new DockerRunner<DockerImagePullSettings>(context).Execute("pull", settings ?? new(), imageReference);
    }

    public static void DockerRmi(this ICakeContext context, params string[] images)
        => context.DockerRemove(new DockerImageRemoveSettings(), images);

    /// <summary><c>rmi</c> with settings; the real package names it so.</summary>
    public static void DockerRemove(this ICakeContext context, DockerImageRemoveSettings? settings, params string[] images)
        => new DockerRunner<DockerImageRemoveSettings>(context).Execute("rmi", settings ?? new(), NotEmpty(images));

    public static void DockerTag(this ICakeContext context, string imageReference, string registryReference)
    {
        ArgumentException.ThrowIfNullOrEmpty(imageReference);
        ArgumentException.ThrowIfNullOrEmpty(registryReference);
        new DockerRunner<DockerImageTagSettings>(context).Execute("tag", new(), imageReference, registryReference);
    }

    private static string[] NotEmpty(string[] names)
        => names is { Length: > 0 } ? names : throw new ArgumentException("Name at least one.", nameof(names));
}
