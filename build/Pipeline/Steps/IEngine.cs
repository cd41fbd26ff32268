namespace Gfxbake.Pipeline.Steps;

/// <summary>An image to build.</summary>
public sealed record ImageBuild
{
    /// <summary>Name that the image gets.</summary>
    public required string Name { get; init; }

    /// <summary>Folder with the Dockerfile and what it adds.</summary>
    public required string Folder { get; init; }

    public IReadOnlyDictionary<string, string> Arguments { get; init; } = new Dictionary<string, string>();

    /// <summary>Seconds since 1970 that replace the build's own time stamps; null: the build's own.</summary>
    public long? Epoch { get; init; }

    /// <summary>Stage to build; null: the last.</summary>
    public string? Target { get; init; }

    /// <summary>Whether the builder and the caches of the command line serve this build.</summary>
    public bool IsShared { get; init; }

    /// <summary>Whether the engine keeps the layers for a next build; without them every step is done anew.</summary>
    public bool IsKept { get; init; } = true;
}

/// <summary>What a container is started with.</summary>
public sealed record ContainerStart
{
    /// <summary>Id of the image.</summary>
    public required string Image { get; init; }

    public required string Program { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<Mount> Mounts { get; init; } = [];

    /// <summary>Device nodes besides those of a GPU of the machine.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>TCP port to publish on the host's loopback; without one the container has no network at all.</summary>
    public int? Port { get; init; }

    /// <summary>What it gets of the machine's GPU; null: nothing.</summary>
    public GpuAccess? Gpu { get; init; }
}

/// <summary>A container's way to the machine's GPU.</summary>
/// <param name="Nodes">Device nodes.</param>
/// <param name="Groups">Numbers of the groups that own them.</param>
/// <param name="KeepsGroups">Whether it keeps its user's groups instead.</param>
public sealed record GpuAccess(IReadOnlyList<string> Nodes, IReadOnlyList<uint> Groups, bool KeepsGroups);

/// <summary>A folder of the host and its place in the container.</summary>
public sealed record Mount(string Source, string Target, bool Writable = false);

/// <summary>Starts programs.</summary>
public interface IStarter
{
    IContainer Start(ContainerStart start);

    /// <summary>Waits a little; throws when the run was interrupted.</summary>
    void Sleep(TimeSpan time);
}

/// <summary>A container that runs; disposing ends and removes it.</summary>
public interface IContainer : IDisposable
{
    bool HasExited { get; }

    /// <summary>What the program has written up to the first look at it.</summary>
    string Stdout { get; }

    string Stderr { get; }

    /// <summary>Waits for the program's end; null when the time is over.</summary>
    int? Wait(TimeSpan limit);

    /// <summary>Ends the program at once.</summary>
    void Kill();

    /// <summary>Where a published port is reached; null as long as it is not.</summary>
    Uri? Address(int port);

    /// <summary>Runs one more command in it, without standard input: the lines of its standard output.</summary>
    /// <exception cref="EngineException">It failed; the message has its own words.</exception>
    /// <exception cref="TimeoutException">It took longer.</exception>
    IReadOnlyList<string> Execute(TimeSpan limit, params IEnumerable<string> words);

    /// <summary>The lines of its first process's /proc/PID/maps.</summary>
    /// <param name="words">The command that prints /proc/1/maps in the image.</param>
    /// <exception cref="EngineException">It failed; the message has its own words.</exception>
    IReadOnlyList<string> Maps(IReadOnlyList<string> words);

    /// <summary>Sends SIGINT to the container's first process.</summary>
    void Interrupt();
}

/// <summary>The container engine as steps see it. All methods throw <see cref="EngineException"/> when the engine refuses.</summary>
public interface IEngine : IStarter
{
    /// <summary>Its command's name, for messages.</summary>
    string Name { get; }

    /// <summary>Its client, absolute.</summary>
    string Path { get; }

    /// <summary>What every container is started with, whatever runs in it.</summary>
    IReadOnlyList<string> ContainerFlags { get; }

    /// <summary>The id of a local image without "sha256:", or null when there is none of that name or id.</summary>
    string? ImageId(string image);

    /// <summary>Whether an image is still there; a name that was lost or given away is given again.</summary>
    bool StillHas(string id, string name);

    void Tag(string id, string name);

    /// <summary>Takes a name from an image, and the image away when that was its last.</summary>
    void Remove(string name);

    /// <summary>Digests of an image's layers, lowest first.</summary>
    IReadOnlyList<string> Layers(string id);

    /// <summary>What a Dockerfile calls an image of this checkout.</summary>
    string From(string name, string id);

    /// <returns>The image's id, from the build itself: the name may be another build's a moment later.</returns>
    string Build(ImageBuild build);

    /// <summary>
    /// Makes sure that an image was built on another: a Dockerfile can name that only by a tag, which may have been moved.
    /// </summary>
    void NeedBuiltOn(string image, string name, string below);

    /// <summary>Writes an image's file system as one tar.</summary>
    void Export(string id, string file);

    /// <summary>Writes an image as a docker-archive.</summary>
    /// <param name="name">What the archive is to call it.</param>
    /// <param name="output">Gets the archive.</param>
    /// <param name="progress">Told the bytes so far.</param>
    void Save(string name, Stream output, IProgress<long> progress);

    /// <summary>Copies a folder or a file out of an image.</summary>
    void CopyOut(string id, string path, string to);

    /// <summary>What the engine says of an image, JSON.</summary>
    string Inspect(string id);
}
