using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tools;

/// <summary>docker or podman, driven through Cake's aliases.</summary>
public sealed class CommandLineEngine(BuildContext context) : IEngine
{
    public string Name => context.Engine.Kind.ToString().ToLowerInvariant();

    public string Path => context.Engine.Path;

    public IReadOnlyList<string> ContainerFlags => ContainerRun.Flags;

    public string? ImageId(string image) => context.ImageId(image);

    public bool StillHas(string id, string name) => context.StillHas(id, name);

    public void Tag(string id, string name) => context.TagImage(id, name);

    public void Remove(string name) => context.EngineCommand("rmi", name);

    public IReadOnlyList<string> Layers(string id) => context.ImageLayers(id);

    public string From(string name, string id) => context.From(name, id);

    public string Build(ImageBuild build) =>
        context.BuildImage(
            build.Name,
            build.Folder,
            build.Arguments,
            build.Epoch,
            build.Target,
            build.IsKept,
            build.IsShared ? SharedBuild.Of(context) : null
        );

    public void NeedBuiltOn(string image, string name, string below) => context.NeedBuiltOn(image, name, below);

    public void Export(string id, string file) =>
        Containers.WithStopped(context, id, container => context.EngineCommand("export", "--output", file, container));

    public void Save(string name, Stream output, IProgress<long> progress) => EngineStream.Save(context, name, output, progress);

    public void CopyOut(string id, string path, string to) =>
        Containers.WithStopped(context, id, container => context.EngineCommand("cp", container + ":" + path, to));

    public string Inspect(string id) => string.Concat(context.EngineCommand("image", "inspect", id));

    public IContainer Start(ContainerStart start) => ContainerRun.Start(context, start);

    public void Sleep(TimeSpan time) => context.Interruption.Sleep(time);
}
