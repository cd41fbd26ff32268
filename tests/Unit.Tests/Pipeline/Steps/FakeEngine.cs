using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Unit.Tests.Pipeline.Steps;

/// <summary>An engine that has the images that a test names, and runs nothing.</summary>
internal sealed class FakeEngine : IEngine
{
    public string Name => "fake";

    public string Path => "/usr/bin/fake";

    public IReadOnlyList<string> ContainerFlags { get; set; } = ["--cap-drop", "all"];

    public HashSet<string> Images { get; } = [];

    public string? ImageId(string image) => Images.Contains(image) ? image : null;

    public bool StillHas(string id, string name) => Images.Contains(id);

    public void Tag(string id, string name) => throw new NotSupportedException();

    public void Remove(string name) => throw new NotSupportedException();

    public IReadOnlyList<string> Layers(string id) => throw new NotSupportedException();

    public string From(string name, string id) => Images.Contains(id) ? id : throw new NotSupportedException();

    /// <summary>What was to be built.</summary>
    public List<ImageBuild> Asked { get; } = [];

    public string Build(ImageBuild build)
    {
        Asked.Add(build);
        throw new NotSupportedException();
    }

    public void NeedBuiltOn(string image, string name, string below) => throw new NotSupportedException();

    public void Export(string id, string file) => throw new NotSupportedException();

    public void Save(string name, Stream output, IProgress<long> progress) => throw new NotSupportedException();

    public void CopyOut(string id, string path, string to) => throw new NotSupportedException();

    public string Inspect(string id) => throw new NotSupportedException();

    public IContainer Start(ContainerStart start) => throw new NotSupportedException();

    public void Sleep(TimeSpan time) => throw new NotSupportedException();
}

/// <summary>Brings nothing: a test that gathers inputs must not ask for any of it.</summary>
internal sealed class FakeSupplies : IBases, ISources
{
    /// <summary>What local checkouts are said to be.</summary>
    public LocalSource Local { get; set; } = new("local", "code");

    public BaseOrigin Provide(string? reference, Bootstrap? bootstrap, string image, bool fresh = false) =>
        throw new NotSupportedException();

    public LocalSource Look(string folder) => Local;

    public IReadOnlyList<string> Patches(SourceCode source) => [];

    public void Put(SourceCode source, string? local, string folder) => throw new NotSupportedException();

    public string Get(Archive archive) => throw new NotSupportedException();
}

/// <summary>Keeps what a step said.</summary>
internal sealed class MemoryReporter : IReporter
{
    public List<string> Lines { get; } = [];

    public void Say(string line) => Lines.Add(line);

    public void Warn(string line) => Lines.Add("warning: " + line);

    public void Transfer(string what, long bytes, Action<IProgress<long>> work) => work(new Progress<long>());
}
