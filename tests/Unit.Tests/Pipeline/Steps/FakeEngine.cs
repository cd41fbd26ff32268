using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Unit.Tests.Pipeline.Steps;

/// <summary>An engine that has the images that a test names, and runs nothing.</summary>
internal sealed class FakeEngine : IEngine
{
    public IReadOnlyList<string> ContainerFlags { get; set; } = ["--cap-drop", "all"];

    public HashSet<string> Images { get; } = [];

    public string? ImageId(string image) => Images.Contains(image) ? image : null;

    public bool StillHas(string id, string name) => Images.Contains(id);

    public void Tag(string id, string name) => throw new NotSupportedException();

    public string From(string name, string id) => throw new NotSupportedException();

    public string Build(ImageBuild build) => throw new NotSupportedException();

    public void NeedBuiltOn(string image, string name, string below) => throw new NotSupportedException();

    public void Export(string id, string file) => throw new NotSupportedException();

    public void CopyOut(string id, string path, string to) => throw new NotSupportedException();

    public string Inspect(string id) => throw new NotSupportedException();

    public IContainer Start(ContainerStart start) => throw new NotSupportedException();

    public void Sleep(TimeSpan time) => throw new NotSupportedException();
}

/// <summary>Keeps what a step said.</summary>
internal sealed class MemoryReporter : IReporter
{
    public List<string> Lines { get; } = [];

    public void Say(string line) => Lines.Add(line);

    public void Warn(string line) => Lines.Add("warning: " + line);

    public void Transfer(string what, long bytes, Action<IProgress<long>> work) => work(new Progress<long>());
}
