using System.Text.Json.Serialization;
using Gfxbake.Formats.Text;

namespace Gfxbake.Recipes.Model;

/// <summary>One way to get the bits of a recipe.</summary>
public sealed record Variant
{
    public required string Summary { get; init; }

    public required BaseSource Base { get; init; }

    /// <summary>The GPU whose code is used: differs from the recipe's where an override makes one GPU run another's code.</summary>
    public required string CodeTarget { get; init; }

    /// <summary>
    /// The Dockerfile of the full image: docker/NAME, or a file of the recipe's folder. Of a recipe that was read, from the top of the
    /// repository.
    /// </summary>
    public required string Dockerfile { get; init; }

    /// <summary>Its build arguments.</summary>
    public IReadOnlyDictionary<string, string> Args { get; init; } = new Dictionary<string, string>();

    /// <summary>Environment of this variant's images, added to the recipe's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What becomes of the code for other GPUs inside libraries, and how the rest is stored.</summary>
    public OffloadRule Offload { get; init; } = new();

    /// <summary>Names of recipes/_shared/standins.yml: the libraries that are there by name only.</summary>
    public IReadOnlyList<string> Standins { get; init; } = [];

    /// <summary>Whether only kernels of types stay that programs ask for (see <see cref="KernelRule.Types"/>).</summary>
    public KernelChoice Kernels { get; init; } = KernelChoice.All;

    /// <summary>What is compiled; left out, everything comes from packages.</summary>
    public SourceCode? Source { get; init; }

    /// <summary>Several sources instead of one; the first is the program. Of a recipe that was read, all there are.</summary>
    public IReadOnlyList<SourceCode> Sources { get; init; } = [];

    /// <summary>An archive that the Dockerfile unpacks; downloaded and checked before the build.</summary>
    public Archive? Archive { get; init; }

    /// <summary>Several archives instead of one, by their names beside the Dockerfile. Of a recipe that was read, all there are.</summary>
    public IReadOnlyDictionary<string, Archive> Archives { get; init; } = new Dictionary<string, Archive>();

    /// <summary>Packages that are put into the folder packages beside the Dockerfile; downloaded and checked before the build.</summary>
    public PackageSet? Packages { get; init; }

    /// <summary>What stands in for a GPU when it is traced and verified: keys of recipes/_shared/devices.yml.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>The ROCr that the image ships; left out, it ships none, or nothing is said of it.</summary>
    public ShippedRocr? Rocr { get; init; }

    /// <summary>
    /// The package whose version names the image's version (org.opencontainers.image.version); left out, the source's tag does.
    /// </summary>
    public string? VersionOf { get; init; }

    /// <summary>Further packages whose versions a size report names.</summary>
    public IReadOnlyList<string> ReportVersions { get; init; } = [];

    /// <summary>Sizes that fail a comparison when they are exceeded.</summary>
    public SizeBudget? Budget { get; init; }

    /// <summary>Where CheckUpstream looks for newer versions of what is pinned here.</summary>
    public IReadOnlyList<UpstreamWatch> Upstream { get; init; } = [];

    /// <summary>How CI builds it.</summary>
    public CiRule Ci { get; init; } = new();
}

/// <summary>A variant's part in the CI matrix.</summary>
public sealed record CiRule
{
    /// <summary>Whether it is built at all.</summary>
    public bool Build { get; init; } = true;

    /// <summary>Label of the runner that it wants, for what outgrows a hosted one.</summary>
    public string Runner { get; init; } = "ubuntu-24.04";
}

/// <summary>The ROCr of an image: it has to fit the kernels that the image runs on (recipes/_shared/hosts.yml).</summary>
public sealed record ShippedRocr
{
    /// <summary>ROCm's number of it, three numbers: 7.2.4.</summary>
    public required string Version { get; init; }

    /// <summary>Why the image is built although hosts.yml does not say that this ROCr works.</summary>
    public string? Despite { get; init; }
}

/// <summary>A file of bits, named by where it is and what it must be.</summary>
public sealed record Archive
{
    public required string Url { get; init; }

    /// <summary>Of the whole file, 64 hex digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Where CheckUpstream looks for a newer one.</summary>
    public IReadOnlyList<UpstreamWatch> Upstream { get; init; } = [];

    /// <summary>What the file is called of a variant that has only this one.</summary>
    public const string OnlyFile = "rocm.tar.gz";
}

/// <summary>Upper bounds of a variant's sizes.</summary>
public sealed record SizeBudget
{
    /// <summary>Sum of the full image's file sizes.</summary>
    public ByteCount? Full { get; init; }

    /// <summary>Sum of the minimal image's file sizes.</summary>
    public ByteCount? Minimal { get; init; }

    /// <summary>The minimal image's .tar.zst.</summary>
    public ByteCount? Zst { get; init; }
}

/// <summary>Where the base image comes from: the registry when it answers, else a bootstrap.</summary>
public sealed record BaseSource
{
    /// <summary>Image reference with a digest; left out, the base is always bootstrapped.</summary>
    public string? Image { get; init; }

    /// <summary>Left out, only the registry gives the base.</summary>
    public Bootstrap? Bootstrap { get; init; }

    /// <summary>Seconds since 1970, for a base without a bootstrap, which has its own.</summary>
    public long? SourceDateEpoch { get; init; }

    /// <summary>How images on this base get what traces need; left out, apt-get installs it.</summary>
    public TraceTools? Trace { get; init; }

    /// <summary>Latest time stamp of any file in the minimal image, in seconds since 1970.</summary>
    [JsonIgnore]
    public long LatestTime => SourceDateEpoch ?? Bootstrap?.SourceDateEpoch ?? 0;
}

/// <summary>Shell commands that install tools, as root.</summary>
public sealed record TraceTools
{
    /// <summary>Puts strace into the full image's copy.</summary>
    public required string Strace { get; init; }

    /// <summary>Puts gcc and the C library's headers into the base's copy; kits of devices are compiled there.</summary>
    public string? Compiler { get; init; }
}

/// <summary>How mmdebstrap makes the base.</summary>
public sealed record Bootstrap
{
    public required string Suite { get; init; }

    /// <summary>Left out, mmdebstrap's own default.</summary>
    public string? Mirror { get; init; }

    /// <summary>Parts of the archive; none named: main.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];

    /// <summary>Seconds since 1970: the time stamp of everything in the base.</summary>
    public required long SourceDateEpoch { get; init; }

    public IReadOnlyList<string> Packages { get; init; } = [];
}
