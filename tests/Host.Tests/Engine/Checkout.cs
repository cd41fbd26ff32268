using System.Diagnostics;
using System.Security.Cryptography;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>A checkout of its own in a temporary folder, with the hard-cases recipe under a name of its own: what a build does there harms no other.</summary>
internal sealed class Checkout : IDisposable
{
    private const string DockerfileEnd = "# gfxbake: the recipe's metadata";

    private readonly string engine;

    public Checkout(string engine, bool withBase = true)
    {
        this.engine = engine;
        // Image names are shared by all checkouts of a machine, so each needs its own recipe name.
        Recipe = "hard-cases-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        Directory.CreateDirectory(Path.Combine(Root, "artifacts"));
        Directory.CreateDirectory(Path.GetDirectoryName(RecipeFile)!);
        var source = RepositoryRoot;
        File.Copy(Path.Combine(source, "cake.config"), Path.Combine(Root, "cake.config"));
        CopyFolder(Path.Combine(source, "docker"), Path.Combine(Root, "docker"));
        CopyFolder(Path.Combine(source, "recipes", "_shared"), Path.Combine(Root, "recipes", "_shared"));
        // The base is the same bytes for the same settings: what this repository has bootstrapped need not be made again.
        if (withBase && Directory.Exists(Path.Combine(source, "artifacts", "bases"))) CopyFolder(Path.Combine(source, "artifacts", "bases"), Bases);
        var fixture = Path.Combine(source, "tests", "fixtures", "hard-cases");
        File.WriteAllText(RecipeFile, File.ReadAllText(Path.Combine(fixture, "recipe.yml")).Replace("name: hard-cases", "name: " + Recipe));
        File.Copy(Path.Combine(fixture, "Dockerfile"), Dockerfile);
        CopyFolder(Path.Combine(fixture, "files"), Path.Combine(Root, "recipes", Recipe, "files"));
    }

    public string Recipe { get; }

    public string Root { get; } = Directory.CreateTempSubdirectory("gfxbake-test").FullName;

    public string RecipeFile => Path.Combine(Root, "recipes", Recipe, "recipe.yml");

    public string Dockerfile => Path.Combine(Root, "docker", "hard-cases.Dockerfile");

    public string Bases => Path.Combine(Root, "artifacts", "bases");

    public string Build => Path.Combine(Root, "artifacts", Recipe, "debian");

    public static string RepositoryRoot
    {
        get
        {
            var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
            while (!File.Exists(Path.Combine(directory!.FullName, "cake.config"))) directory = directory.Parent;
            return directory.FullName;
        }
    }

    public string Image(string kind) => $"localhost/{Recipe}:debian-{kind}";

    /// <summary>A file below artifacts/RECIPE/debian.</summary>
    public string Artifact(params string[] names) => Path.Combine([Build, .. names]);

    /// <summary>Changes the recipe's text until the result is disposed; the text to change must be there.</summary>
    public IDisposable Change(string from, string to) => new Edit(RecipeFile, from, to);

    /// <summary>Lets the full image's build end with a command of the test's.</summary>
    public IDisposable EndDockerfileWith(string command) => new Edit(Dockerfile, DockerfileEnd, $"RUN {command}\n{DockerfileEnd}");

    public Outcome Run(params string[] arguments)
    {
        using var process = Start([], arguments);
        return Finish(process);
    }

    /// <summary>Starts the build program, behind a wrapper command if one is given.</summary>
    public Process Start(string[] wrapper, params string[] arguments)
    {
        string[] words = [.. wrapper, "dotnet", "exec", typeof(BuildContext).Assembly.Location, $"--working={Root}", .. Default("recipe", Recipe), .. Default("engine", engine), .. arguments];
        var info = new ProcessStartInfo(words[0]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Root };
        foreach (var word in words.Skip(1)) info.ArgumentList.Add(word);
        return Process.Start(info)!;

        string[] Default(string name, string value) => arguments.Any(a => a.StartsWith($"--{name}=", StringComparison.Ordinal)) ? [] : [$"--{name}={value}"];
    }

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
        var conf = Path.Combine(Root, "artifacts", "containers.conf");
        return Command.Run(File.Exists(conf) ? ["env", "CONTAINERS_CONF=" + conf, "BUILDAH_FORMAT=docker", engine, .. arguments] : [engine, .. arguments]);
    }

    /// <summary>Files and folders that were being written; none may outlive a run.</summary>
    public IReadOnlyList<string> HalfDone() => [.. Directory.EnumerateFileSystemEntries(Path.Combine(Root, "artifacts"), "*.partial", SearchOption.AllDirectories)];

    /// <summary>Every container on this machine that this checkout made: of workloads by its label, of builds by the image name in podman's note.</summary>
    public IReadOnlyList<string> ContainersLeft()
    {
        var ours = Engine("ps", "--all", "--format", "{{.ID}} {{.Image}} {{.Names}}").Output.Split('\n').Where(l => l.Contains(Recipe));
        if (engine != "podman") return [.. ours];
        var storage = Engine("info", "--format", "{{.Store.GraphRoot}}/{{.Store.GraphDriverName}}-containers").Output.Trim();
        return [.. ours, .. Directory.EnumerateFiles(storage, "buildah.json", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }).Where(f => File.ReadAllText(f).Contains(Recipe))];
    }

    public void Dispose()
    {
        foreach (var kind in new[] { "minimal", "candidate", "trace", "full", "base" }) Engine("rmi", "--force", Image(kind));
        Directory.Delete(Root, recursive: true);
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
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
