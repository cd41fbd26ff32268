using System.Diagnostics;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>A checkout of its own in a temporary folder, with the hard-cases recipe: what a build does there harms no other.</summary>
internal sealed class Checkout : IDisposable
{
    private readonly string engine;

    public Checkout(string engine)
    {
        this.engine = engine;
        Directory.CreateDirectory(Path.Combine(Root, "artifacts"));
        Directory.CreateDirectory(Path.Combine(Root, "recipes", "hard-cases"));
        var source = RepositoryRoot;
        File.Copy(Path.Combine(source, "cake.config"), Path.Combine(Root, "cake.config"));
        CopyFolder(Path.Combine(source, "docker"), Path.Combine(Root, "docker"));
        CopyFolder(Path.Combine(source, "recipes", "_shared"), Path.Combine(Root, "recipes", "_shared"));
        // The base is the same bytes for the same settings: what this repository has bootstrapped need not be made again.
        if (Directory.Exists(Path.Combine(source, "artifacts", "bases"))) CopyFolder(Path.Combine(source, "artifacts", "bases"), Path.Combine(Root, "artifacts", "bases"));
        var fixture = Path.Combine(source, "tests", "fixtures", "hard-cases");
        File.Copy(Path.Combine(fixture, "recipe.yml"), RecipeFile);
        File.Copy(Path.Combine(fixture, "Dockerfile"), Path.Combine(Root, "docker", "hard-cases.Dockerfile"));
        CopyFolder(Path.Combine(fixture, "files"), Path.Combine(Root, "recipes", "hard-cases", "files"));
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("gfxbake-test").FullName;

    public string RecipeFile => Path.Combine(Root, "recipes", "hard-cases", "recipe.yml");

    public string Build => Path.Combine(Root, "artifacts", "hard-cases", "debian");

    public static string RepositoryRoot
    {
        get
        {
            var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
            while (!File.Exists(Path.Combine(directory!.FullName, "cake.config"))) directory = directory.Parent;
            return directory.FullName;
        }
    }

    /// <summary>Changes the recipe's text; the text to change must be there.</summary>
    public void Change(string from, string to)
    {
        var text = File.ReadAllText(RecipeFile);
        Assert.That(text, Does.Contain(from));
        File.WriteAllText(RecipeFile, text.Replace(from, to));
    }

    public Outcome Run(params string[] arguments)
    {
        using var process = Start([], arguments);
        return Finish(process);
    }

    /// <summary>Starts the build program, behind a wrapper command if one is given.</summary>
    public Process Start(string[] wrapper, params string[] arguments)
    {
        string[] words = [.. wrapper, "dotnet", "exec", typeof(BuildContext).Assembly.Location, $"--working={Root}", "--recipe=hard-cases", $"--engine={engine}", .. arguments];
        var info = new ProcessStartInfo(words[0]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Root };
        foreach (var word in words.Skip(1)) info.ArgumentList.Add(word);
        return Process.Start(info)!;
    }

    public static Outcome Finish(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return new Outcome(process.ExitCode, output.Result + errors.Result);
    }

    public IReadOnlyList<string> HalfDone() => [.. Directory.EnumerateFiles(Path.Combine(Root, "artifacts"), "*.partial", SearchOption.AllDirectories)];

    public void Dispose()
    {
        foreach (var kind in new[] { "minimal", "candidate", "trace", "full", "base" })
            Command.Run(engine, "rmi", "--force", $"localhost/hard-cases:debian-{kind}");
        Directory.Delete(Root, recursive: true);
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}

internal sealed record Outcome(int Status, string Output);
