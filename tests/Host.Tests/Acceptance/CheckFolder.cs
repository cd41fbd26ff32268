using System.Globalization;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Check;

namespace Gfxbake.Host.Tests.Acceptance;

/// <summary>A checkout in which CheckGpu runs one short check of the variant vulkan, on the image that this repository has.</summary>
internal sealed class CheckFolder : IDisposable
{
    private const string Recipe = "llama-cpp-gfx1151",
        Variant = "vulkan";

    private static readonly string Build = Path.Combine(Checkout.RepositoryRoot, "artifacts", Recipe, Variant);

    private readonly string root = Directory.CreateTempSubdirectory("gfxbake-check").FullName;

    /// <param name="hidden">A file of the image over which an empty one is mounted; null: none.</param>
    public CheckFolder(string? hidden = null)
    {
        File.Copy(Path.Combine(Checkout.RepositoryRoot, "cake.config"), Path.Combine(root, "cake.config"));
        Checkout.CopyFolder(Path.Combine(Checkout.RepositoryRoot, "recipes"), Path.Combine(root, "recipes"));
        Shorten(Path.Combine(root, "recipes", "_shared", "llama-cpp.yml"));
        Directory.CreateDirectory(Mine);
        Directory.CreateSymbolicLink(Path.Combine(Mine, "kits"), Path.Combine(Build, "kits"));
        var choice = RecordFile.TryRead<EngineFinder.Choice>(Path.Combine(Checkout.RepositoryRoot, "artifacts", "engine.json"))!;
        RecordFile.Write(Path.Combine(root, "artifacts", "engine.json"), hidden is null ? choice : Hiding(choice, hidden));
    }

    public GpuReport? Report => RecordFile.TryRead<GpuReport>(Path.Combine(Mine, "checkgpu.json"));

    private string Mine => Path.Combine(root, "artifacts", Recipe, Variant);

    public Outcome Check(string device) =>
        Command.Run(
            "dotnet",
            "exec",
            typeof(BuildContext).Assembly.Location,
            $"--working={root}",
            "--target=CheckGpu",
            $"--variant={Variant}",
            $"--device={device}"
        );

    public void Dispose() => Directory.Delete(root, recursive: true);

    /// <summary>lavapipe compiles each shader for seconds: one check with a short prompt is enough to see that the target works.</summary>
    private static void Shorten(string file)
    {
        const string other = "  - name: check-vulkan-q8_0\n";
        const string prompt =
            " The answer is in the text that follows, and the text is what the machine can write on its own.\",\"n_predict\":4,";
        const string notOn = "    not_on: {lavapipe: ";
        var text = File.ReadAllText(file);
        Assert.That(text, Does.Contain(other).And.Contain(prompt).And.Contain(notOn));
        File.WriteAllText(
            file,
            text.Replace(other, other + "    variants: [nowhere]\n", StringComparison.Ordinal)
                .Replace(prompt, "\",\"n_predict\":2,", StringComparison.Ordinal)
                .Replace(notOn, "    not_on: {null-hsa: ", StringComparison.Ordinal)
        );
    }

    /// <summary>An engine that is the real one, but for one more mount of each container.</summary>
    private EngineFinder.Choice Hiding(EngineFinder.Choice choice, string hidden)
    {
        var (script, empty) = (Path.Combine(root, "engine"), Path.Combine(root, "empty"));
        File.WriteAllText(empty, "");
        File.WriteAllText(
            script,
            $"""
            #!/bin/sh
            [ "$1" = run ] || exec {choice.Engine.Path} "$@"
            shift
            exec {choice.Engine.Path} run --volume {empty}:{hidden}:ro "$@"
            """
        );
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var info = new FileInfo(script);
        return choice with
        {
            Client = string.Create(CultureInfo.InvariantCulture, $"{info.Length} {info.LastWriteTimeUtc:O}"),
            Engine = choice.Engine with { Path = script },
        };
    }
}
