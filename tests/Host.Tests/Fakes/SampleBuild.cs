using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Run;
using Path = System.IO.Path;

namespace Gfxbake.Host.Tests.Fakes;

/// <summary>A checkout with one small recipe, whose engines answer what the test prepares.</summary>
internal sealed class SampleBuild : IDisposable
{
    public SampleBuild()
    {
        Write("cake.config", "[Gfxbake]\nRecipe=sample\n");
        SampleRecipe.Write(PathOf("recipes"));
        SetHealthcheck("/bin/true");
        Fixture.Processes.Answer = _ => new ProcessAnswer(0, "sample engine 1.0");
    }

    public Fixture Fixture { get; } = new();

    /// <summary>Lets nothing sleep for long: servers of the tests need no rest.</summary>
    public Interruption Interruption { get; } = new() { LongestSleep = TimeSpan.FromMilliseconds(20) };

    public QuickTime Time { get; } = new();

    /// <summary>Whether the build is root's, whoever runs the tests.</summary>
    public bool IsRoot { get; set; } = true;

    /// <summary>The machine that programs run on.</summary>
    public HostTree Machine { get; set; } = new("/");

    public string Root => Fixture.Root.FullPath;

    public FakeProcessRunner Processes => Fixture.Processes;

    public IReadOnlyList<string> Log => Fixture.Log.Lines;

    /// <summary>What was typed beside the arguments.</summary>
    public CommandLine? CommandLine { get; set; }

    public BuildContext Open(params (string Name, string Value)[] arguments) =>
        new(Fixture.Context(arguments), Interruption, CommandLine)
        {
            IsRoot = IsRoot,
            Time = Time,
            Machine = Machine,
        };

    public string PathOf(string file) => Path.Combine(Root, file);

    public void SetHealthcheck(string words) =>
        Write(
            "recipes/sample/recipe.yml",
            SampleRecipe.Text.Replace("  workdir: /home\n", $"  workdir: /home\n  healthcheck:\n    command: [{words}]\n")
        );

    /// <summary>Gives the recipe a second variant, native, that compiles what a repository holds.</summary>
    public void AddSource(string repository, string tag, string commit)
    {
        var file = PathOf("recipes/sample/recipe.yml");
        var text = File.ReadAllText(file).Replace("\r", "");
        var at = text.IndexOf("image:", StringComparison.Ordinal);
        File.WriteAllText(
            file,
            text.Insert(
                at,
                $$"""
                  native:
                    summary: compiled
                    base:
                      bootstrap: {suite: sid, source_date_epoch: 1}
                    code_target: gfx1151
                    dockerfile: docker/full.Dockerfile
                    source:
                      name: tool
                      repository: {{repository}}
                      tag: {{tag}}
                      commit: {{commit}}
                      cmake: {TARGETS: "{code_target};{gpu}", FAST: "OFF"}
                      switches:
                        fast: {FAST: "ON", EXTRA: a b}

                """
            )
        );
        Write("docker/full.Dockerfile", "FROM scratch\n# gfxbake: the recipe's metadata\n");
        Write("docker/compile.sh", "echo\n");
    }

    /// <summary>Changes the recipe's text; the text to change must be there.</summary>
    public void Change(string from, string to)
    {
        var file = PathOf("recipes/sample/recipe.yml");
        var text = File.ReadAllText(file);
        Assert.That(text, Does.Contain(from));
        File.WriteAllText(file, text.Replace(from, to));
    }

    /// <summary>Not through AtomicFile: with hundreds of samples the disk would be waited for longer than anything else.</summary>
    public void Write(string file, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllBytes(PathOf(file), content);
    }

    /// <inheritdoc cref="Write(string, byte[])"/>
    public void Write(string file, string text) => Write(file, System.Text.Encoding.UTF8.GetBytes(text));

    public void Dispose()
    {
        Interruption.Dispose();
        Fixture.Dispose();
    }
}
