using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>
/// A checkout of its own in a temporary folder, with a fixture's recipe under a name of its own: what a build does there harms no other.
/// </summary>
internal sealed class Checkout : IDisposable
{
    private const string DockerfileEnd = "# gfxbake: the recipe's metadata";

    private readonly string engine;
    private string? settings;

    /// <param name="engine">What its builds run in.</param>
    /// <param name="withBase">Whether it gets the base that this repository has.</param>
    /// <param name="fixture">A folder below tests/fixtures.</param>
    /// <param name="beside">Another checkout of the same recipe.</param>
    public Checkout(string engine, bool withBase = true, string fixture = "hard-cases", Checkout? beside = null)
    {
        this.engine = engine;
        // The names by which people find images are shared by all checkouts of a machine, so each needs its own recipe name.
        Recipe = beside?.Recipe ?? fixture + "-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        Directory.CreateDirectory(Path.Combine(Root, "artifacts"));
        Directory.CreateDirectory(Path.GetDirectoryName(RecipeFile)!);
        var source = RepositoryRoot;
        File.Copy(Path.Combine(source, "cake.config"), Path.Combine(Root, "cake.config"));
        CopyFolder(Path.Combine(source, "docker"), Path.Combine(Root, "docker"));
        CopyFolder(Path.Combine(source, "recipes", "_shared"), Path.Combine(Root, "recipes", "_shared"));
        // The base is the same bytes for the same settings: what this repository has bootstrapped need not be made again.
        if (withBase && Directory.Exists(Path.Combine(source, "artifacts", "bases")))
            CopyFolder(Path.Combine(source, "artifacts", "bases"), Bases);
        var folder = FixtureFolder(fixture);
        File.WriteAllText(
            RecipeFile,
            Regex.Replace(
                File.ReadAllText(Path.Combine(folder, "recipe.yml")),
                $"^name: {fixture}$",
                $"name: {Recipe}",
                RegexOptions.Multiline
            )
        );
        if (File.Exists(Path.Combine(folder, "Dockerfile")))
            File.Copy(Path.Combine(folder, "Dockerfile"), Dockerfile);
        if (Directory.Exists(Path.Combine(folder, "files")))
            CopyFolder(Path.Combine(folder, "files"), Path.Combine(Root, "recipes", Recipe, "files"));
        if (Directory.Exists(Path.Combine(folder, "source")))
            CopyFolder(Path.Combine(folder, "source"), Source);
        if (Directory.Exists(Path.Combine(folder, "packages")))
            CopyFolder(Path.Combine(folder, "packages"), SharedPackages);
    }

    public string Recipe { get; }

    public string Root { get; } = Directory.CreateTempSubdirectory("gfxbake-test").FullName;

    public string RecipeFile => Path.Combine(Root, "recipes", Recipe, "recipe.yml");

    public string Dockerfile => Path.Combine(Root, "recipes", Recipe, "Dockerfile");

    /// <summary>A copy of the fixture's own code, if it has any.</summary>
    public string Source => Path.Combine(Root, "source");

    /// <summary>Small files of packages, the fixture's among them.</summary>
    public string SharedPackages => Path.Combine(Root, "recipes", "_shared", "packages");

    /// <summary>The variant whose images and artifacts are meant.</summary>
    public string Variant { get; set; } = "debian";

    public string Bases => Path.Combine(Root, "artifacts", "bases");

    public string Build => Path.Combine(Root, "artifacts", Recipe, Variant);

    public static string RepositoryRoot
    {
        get
        {
            var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
            while (!File.Exists(Path.Combine(directory!.FullName, "cake.config")))
                directory = directory.Parent;
            return directory.FullName;
        }
    }

    public static string FixtureFolder(string name) => Path.Combine(RepositoryRoot, "tests", "fixtures", name);

    public string Image(string kind) => $"localhost/{Recipe}:{Variant}-{kind}{(kind == "minimal" ? "" : "-" + Containers.Checkout(Root))}";

    /// <summary>A file below artifacts/RECIPE/VARIANT.</summary>
    public string Artifact(params string[] names) => Path.Combine([Build, .. names]);

    /// <summary>Changes the recipe's text until the result is disposed; the text to change must be there.</summary>
    public IDisposable Change(string from, string to) => new Edit(RecipeFile, from, to);

    /// <summary>Changes a file's text until the result is disposed; the text to change must be there.</summary>
    public static IDisposable ChangeFile(string file, string from, string to) => new Edit(file, from, to);

    /// <summary>Lets the full image's build end with a command of the test's.</summary>
    public IDisposable EndDockerfileWith(string command) => new Edit(Dockerfile, DockerfileEnd, $"RUN {command}\n{DockerfileEnd}");

    /// <summary>
    /// Gives podman's builds of this checkout a network of their own: on the common one a container loses its connections when another ends
    /// (docs/engines.md, "Network of image builds").
    /// </summary>
    public void TakeOwnNetwork()
    {
        if (engine != "podman")
            return;
        var made = Path.Combine(Root, "artifacts", "containers.conf");
        var text = File.Exists(made) ? File.ReadAllText(made) : "[network]\n";
        Assert.That(Engine("network", "create", Recipe).Status, Is.Zero);
        settings = Path.Combine(Root, "own-network.conf");
        File.WriteAllText(settings, text.Replace("[network]\n", $"[network]\ndefault_network = \"{Recipe}\"\n"));
        // Else the engine found earlier is used on, with its settings.
        File.Delete(Path.Combine(Root, "artifacts", "engine.json"));
    }

    public Outcome Run(params string[] arguments)
    {
        using var process = Start([], arguments);
        return Finish(process);
    }

    /// <summary>Starts the build program, behind a wrapper command if one is given.</summary>
    public Process Start(string[] wrapper, params string[] arguments)
    {
        string[] words =
        [
            .. wrapper,
            "dotnet",
            "exec",
            typeof(BuildContext).Assembly.Location,
            $"--working={Root}",
            .. Default("recipe", Recipe),
            .. Default("engine", engine),
            .. Default("variant", Variant),
            .. arguments,
        ];
        var info = new ProcessStartInfo("env")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root,
        };
        string[] network = settings is null ? [] : ["CONTAINERS_CONF=" + settings];
        foreach (var word in (string[])[.. NotIgnoringInterrupts, .. network, .. words])
            info.ArgumentList.Add(word);
        return Process.Start(info)!;

        string[] Default(string name, string value) =>
            arguments.Any(a => a.StartsWith($"--{name}=", StringComparison.Ordinal)) ? [] : [$"--{name}={value}"];
    }

    /// <summary>
    /// Arguments of env: a shell's background jobs ignore SIGINT, and so would all that the tests start when they are one.
    /// </summary>
    public static IReadOnlyList<string> NotIgnoringInterrupts { get; } = ["--default-signal=INT"];

    public static Outcome Finish(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return new Outcome(process.ExitCode, output.Result + errors.Result);
    }

    /// <summary>Runs the engine itself, as the build does on this machine.</summary>
    public Outcome Engine(params string[] arguments)
    {
        var conf = settings ?? Path.Combine(Root, "artifacts", "containers.conf");
        return Command.Run([
            "env",
            .. File.Exists(conf) ? new[] { "CONTAINERS_CONF=" + conf } : [],
            "BUILDAH_FORMAT=docker",
            engine,
            .. arguments,
        ]);
    }

    /// <summary>Files and folders that were being written; none may outlive a run.</summary>
    public IReadOnlyList<string> HalfDone() =>
        [.. Directory.EnumerateFileSystemEntries(Path.Combine(Root, "artifacts"), "*.partial", SearchOption.AllDirectories)];

    /// <summary>What engines have in their folder for temporary files; links lead to caches that stay.</summary>
    public IReadOnlyList<string> Temporary()
    {
        var folder = new DirectoryInfo(Path.Combine(Root, "artifacts", "tmp"));
        return folder.Exists ? [.. folder.EnumerateFileSystemInfos().Where(e => e.LinkTarget is null).Select(e => e.Name)] : [];
    }

    /// <summary>
    /// Every container on this machine that this checkout made: of workloads by its label, of builds by the image name in podman's note.
    /// </summary>
    public IReadOnlyList<string> ContainersLeft()
    {
        var ours = Engine("ps", "--all", "--format", "{{.ID}} {{.Image}} {{.Names}}").Output.Split('\n').Where(l => l.Contains(Recipe));
        if (engine != "podman")
            return [.. ours];
        var storage = Engine("info", "--format", "{{.Store.GraphRoot}}/{{.Store.GraphDriverName}}-containers").Output.Trim();
        return
        [
            .. ours,
            .. Directory
                .EnumerateFiles(storage, "buildah.json", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })
                .Where(f => File.ReadAllText(f).Contains(Recipe)),
        ];
    }

    /// <summary>The names that all checkouts' images of the recipe have.</summary>
    public IReadOnlyList<string> Names() =>
        Engine("images", "--format", "{{.Repository}}:{{.Tag}}", $"localhost/{Recipe}")
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Dispose()
    {
        foreach (
            var image in Names()
                .Where(n => !Regex.IsMatch(n, "-[0-9a-f]{8}$") || n.EndsWith("-" + Containers.Checkout(Root), StringComparison.Ordinal))
        )
        {
            Engine("rmi", "--force", image);
        }

        Engine("rmi", "--force", "localhost/gfxbake-probe:" + Containers.Checkout(Root));
        if (settings is not null)
            Engine("network", "rm", "--force", Recipe);
        Directory.Delete(Root, recursive: true);
    }

    public static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from))
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    private sealed class Edit : IDisposable
    {
        private readonly string file;
        private readonly string before;

        public Edit(string file, string from, string to)
        {
            (this.file, before) = (file, File.ReadAllText(file));
            Assert.That(before, Does.Contain(from));
            File.WriteAllText(file, before.Replace(from, to));
        }

        public void Dispose() => File.WriteAllText(file, before);
    }
}

internal sealed record Outcome(int Status, string Output);
