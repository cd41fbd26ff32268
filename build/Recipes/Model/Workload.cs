namespace Gfxbake.Recipes.Model;

public enum WorkloadCompare
{
    /// <summary>Only the exit status and the expectations count.</summary>
    None,

    /// <summary>Standard output, less the ignored lines, equals the full image's.</summary>
    Stdout,
}

/// <summary>A command that exercises the image: traced in the full one, repeated in the minimal one.</summary>
public sealed record Workload
{
    private Device? on;

    /// <summary>Unique within the recipe; lower-case letters, digits and '-'.</summary>
    public required string Name { get; init; }

    /// <summary>What it runs on, a key of recipes/_shared/devices.yml; left out, the CPU of a machine without a GPU.</summary>
    public string? Device { get; init; }

    /// <summary>Whether the output shows that the device was used; a program that only looks at it shows nothing.</summary>
    public bool UsesDevice { get; init; } = true;

    /// <summary>What the device's name stands for; null for the CPU.</summary>
    public Device? On => on;

    public required IReadOnlyList<string> Command { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Seconds that it may take in the minimal image on the CPU; a device's time factor and strace give it more.</summary>
    public int Timeout { get; init; } = 120;

    /// <summary>Regular expressions that must each match somewhere in the output (stdout and stderr).</summary>
    public IReadOnlyList<string> Expect { get; init; } = [];

    /// <summary>Regular expressions that must not match anywhere in the output.</summary>
    public IReadOnlyList<string> Reject { get; init; } = [];

    /// <summary>Regular expressions: where one matches in the output of a run that failed, a limit of the program's own was over.</summary>
    public IReadOnlyList<string> Again { get; init; } = [];

    public WorkloadCompare Compare { get; init; } = WorkloadCompare.None;

    /// <summary>
    /// Regular expressions; what they match varies from run to run (times, rates) and is taken out before the comparison.
    /// </summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Set for a server: what is asked of it once it is ready.</summary>
    public Serve? Serve { get; init; }

    /// <summary>Set for one that only CheckGpu runs.</summary>
    public GpuCheck? Check { get; init; }

    /// <summary>
    /// Devices that CheckGpu does not run it on, each with the reason: what stands in for a GPU may compute some things wrongly.
    /// </summary>
    public IReadOnlyDictionary<string, string> NotOn { get; init; } = new Dictionary<string, string>();

    /// <summary>The variants that it is for; none named: all that have its device.</summary>
    public IReadOnlyList<string> Variants { get; init; } = [];

    /// <summary>Whether any text must equal the full image's.</summary>
    public bool ComparesText =>
        Compare == WorkloadCompare.Stdout
        || Serve is { } serve && (serve.Requests.Any(r => r.Compare) || serve.Clients.Any(c => c.Compare));

    /// <summary>Whether it says what the image needs; else it only runs in the pruned image.</summary>
    public bool IsTraced => On?.Traced ?? true;

    public Workload RunOn(Device? device) => this with { on = device };
}

public sealed record Serve
{
    /// <summary>TCP port inside the container.</summary>
    public required int Port { get; init; }

    /// <summary>Path that answers 200 when the server is ready.</summary>
    public required string Ready { get; init; }

    /// <summary>Whether the image's health check must succeed while the server runs.</summary>
    public bool Healthcheck { get; init; }

    public required IReadOnlyList<HttpProbe> Requests { get; init; }

    /// <summary>Programs that then run beside the server, as a user's would in the container.</summary>
    public IReadOnlyList<ClientProbe> Clients { get; init; } = [];
}

/// <summary>A program that talks to the server; it must end with status 0.</summary>
public sealed record ClientProbe
{
    /// <summary>Program and arguments, without a shell and without standard input.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Regular expressions that must each match in its standard output.</summary>
    public IReadOnlyList<string> Expect { get; init; } = [];

    /// <summary>Whether its standard output, less what Ignore matches, must equal the full image's.</summary>
    public bool Compare { get; init; }

    public IReadOnlyList<string> Ignore { get; init; } = [];
}

/// <summary>One request: GET, or POST when there is a body.</summary>
public sealed record HttpProbe
{
    public required string Path { get; init; }

    /// <summary>JSON body of a POST.</summary>
    public string? Json { get; init; }

    /// <summary>Fields of a POST's form (multipart/form-data); "@/models/NAME" sends that model or test file.</summary>
    public IReadOnlyDictionary<string, string> Form { get; init; } = new Dictionary<string, string>();

    /// <summary>"@/models/NAME": a POST whose whole body is that model or test file.</summary>
    public string? Body { get; init; }

    public bool IsPost => Json is not null || Body is not null || Form.Count > 0;

    /// <summary>Whether both ask for the same with the same JSON.</summary>
    public bool AsksAs(HttpProbe other) => Path == other.Path && Json is not null && Json == other.Json;

    /// <summary>The status that counts as success.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Regular expressions that must each match in the body.</summary>
    public IReadOnlyList<string> Expect { get; init; } = [];

    /// <summary>Whether the body, less what Ignore matches, must equal the full image's.</summary>
    public bool Compare { get; init; }

    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>How near the answer's log probabilities must be to another workload's; null where none are compared.</summary>
    public NumberLimits? Numbers { get; init; }

    /// <summary>The variants that it is for; none named: all.</summary>
    public IReadOnlyList<string> Variants { get; init; } = [];
}
