using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Archives;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Devices;
using Gfxbake.Pipeline.Outputs.Package;
using Path = System.IO.Path;

namespace Gfxbake.Host.Tests.Packages;

/// <summary>The steps that make a package of a format which only tests/fixtures/package-format knows.</summary>
internal sealed class ThirdFormatTests
{
    private const string Format = "debian";
    private const string BareDebian = "a bare Debian";

    private SampleBuild build = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        build.Fixture.AddTool("docker");
        // The bootstrapped base is there already, and whatever is asked for is it.
        var id = DockerArchiveWriter.ImageId(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(BareDebian))));
        build.Processes.Answer = call => new ProcessAnswer(0, call.Arguments.Contains("{{.Id}}") ? id : "sample engine 1.0");
        Copy(Path.Combine("package-format", "docker"), "docker/packages");
        Copy(Path.Combine("package-sample", "packages"), "recipes/_shared/packages");
        build.Write("recipes/_shared/packages.yml", Read("package-format", "packages.yml"));
        var recipe = build.PathOf("recipes/sample/recipe.yml");
        File.WriteAllText(recipe, File.ReadAllText(recipe) + Read("package-format", "recipe.yml"));
        build.Write(
            "docker/packages/starter.sh.hbs",
            File.ReadAllText(Path.Combine(Checkout.RepositoryRoot, "docker", "packages", "starter.sh.hbs"))
        );
        build.Write("artifacts/sample/debian/bundle/" + Runtime.File, "the runtime");
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    private static RuntimeRecord Runtime { get; } =
        new()
        {
            Inputs = [],
            Name = "sample-debian",
            Version = "b1",
            Epoch = 1_763_596_800,
            File = "sample-debian-b1.tar",
            Sha256 = new string('a', 64),
            TarBytes = 1,
            FileBytes = 1,
            Entries = 1,
            MinimalImageId = "1",
            Programs = [new RuntimeProgram("sample", "/usr/lib/sample-debian/usr/bin/sample")],
            Environment = new Dictionary<string, string>(),
            Links = [],
            Licence = "MIT",
            Parts = [],
        };

    [Test]
    public void Folder_has_runtime_templates_scripts_and_files_of_the_recipe()
    {
        Write(out var files);

        Assert.Multiple(() =>
        {
            Assert.That(
                Fingerprint.FilesOf(build.PathOf("context")),
                Is.EqualTo(
                    new[]
                    {
                        "Dockerfile",
                        "changelog",
                        "conffiles",
                        "control",
                        "copyright",
                        "debian-build.sh",
                        "debian-install.sh",
                        "debian-tools.sh",
                        "facts.sh",
                        "postinst",
                        "sample",
                        "sample-debian-b1.tar",
                        "sample-debian.lintian-overrides",
                        "sample.conf",
                        "sample.env",
                        "sample.service",
                    }
                )
            );
            Assert.That(files.Sources, Does.Contain("control").And.Not.Contains("facts.sh"));
            Assert.That(File.ReadAllText(build.PathOf("context/control")), Does.Contain("Version: 0.b1-2\nArchitecture: amd64\n"));
            Assert.That(File.ReadAllText(build.PathOf("context/conffiles")), Is.EqualTo("/etc/sample.env\n"));
            Assert.That(File.ReadAllText(build.PathOf("context/facts.sh")), Does.Contain("'0755 'sample' '/usr/bin/sample\n"));
        });
    }

    [Test]
    public void Engine_is_asked_for_tools_root_and_package()
    {
        Write(out _);
        var context = build.Open(("engine", "docker"));
        RecordFile.Write(context.Paths.RuntimeRecord, Runtime);
        build.Write("artifacts/sample/debian/trace.json", "{}");
        RecordFile.Write(context.Paths.KitsRecord, new KitsRecord { Inputs = [], Kits = new Dictionary<string, string>() });
        var tar = context.Paths.BaseTar(Fingerprint.Of(context.Book.Packaging.Standin));
        AtomicFile.WriteText(tar, BareDebian);
        var engine = new CommandLineEngine(context);
        var input = PackageInput.Of(context.Workspace, Format, engine);
        using (var images = new PackageImages(input, engine, new Bases(context), build.PathOf("context"), CancellationToken.None))
        {
            images.Build();
            Assert.That(images.Builder, Is.EqualTo("bootstrapped sid"), "no image is named, so none is pulled");
        }

        Assert.That(
            build
                .Processes.CommandLines.Where(c => c.StartsWith("docker image build", StringComparison.Ordinal))
                .Select(c => Regex.Replace(c, "-[0-9a-f]{8}\"", "\"").Replace(build.Root, ""))
                .Select(c => Regex.Replace(c, "--iidfile \"[^\"]*\" ", "")),
            Is.EqualTo(
                new[]
                {
                    Tools("root"),
                    Tools("tools"),
                    "docker image build --build-arg \"TOOLS=localhost/sample:debian-debian-tools\" "
                        + "--build-arg \"ROOT=localhost/sample:debian-debian-root\" --build-arg \"RUN_USER=sample\" --no-cache "
                        + "--tag \"localhost/sample:debian-debian-package\" --target \"package\" \"/context\"",
                }
            )
        );
    }

    private static string Tools(string target) =>
        "docker image build --build-arg \"BASE=localhost/sample:debian-debian-builder\" "
        + "--build-arg \"DEBIAN=localhost/sample:debian-standin\" "
        + $"--tag \"localhost/sample:debian-debian-{target}\" --target \"{target}\" \"/context-tools\"";

    private void Write(out PackageFiles files)
    {
        var workspace = build.Open().Workspace;
        files = PackageFiles.Of(workspace, Format, Runtime);
        var dockerfile = File.ReadAllText(Path.Combine(workspace.Paths.PackageTemplates, Format + ".Dockerfile"));
        files.Write(build.PathOf("context"), dockerfile, Path.Combine(workspace.Paths.Runtime, Runtime.File));
    }

    private void Copy(string fixture, string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Checkout.FixtureFolder(fixture)))
            build.Write($"{folder}/{Path.GetFileName(file)}", File.ReadAllText(file));
    }

    private static string Read(params string[] names) => File.ReadAllText(Path.Combine([Checkout.FixtureFolder(names[0]), .. names[1..]]));
}
