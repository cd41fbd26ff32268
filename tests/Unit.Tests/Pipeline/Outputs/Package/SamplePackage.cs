using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Package;

/// <summary>A recipe and a runtime with values that a shell and rpm's macros would take for something else.</summary>
internal static class SamplePackage
{
    public static Recipe Recipe { get; } =
        new()
        {
            Name = "tool",
            Summary = "a tool's 100 % for \"GPUs\" and $more",
            Source = "https://example.org/tool?a=1&b=2",
            License = "MIT",
            Gpu = "gfx1151",
            DefaultVariant = "debian",
            Variants = new Dictionary<string, Variant>(),
            Image = new ImageMetadata { User = "someone", Workdir = "/" },
            Layers = [],
            Workloads = [],
            Packages = new PackageRecipe
            {
                Release = 3,
                Epoch = 2,
                Description = ["A tool that is 100 % a sample, with its libraries in", "{{home}} and no % sign for rpm."],
                Programs = ["/usr/bin/tool"],
                User = "tool",
                Environment = new Dictionary<string, string> { ["TOOL_MODE"] = "it's fast" },
                HostFiles = new Dictionary<string, IReadOnlyList<string>>
                {
                    ["SSL_CERT_FILE"] = ["/etc/ssl/cert.pem", "/etc/pki/cert.pem"],
                },
                Files =
                [
                    new PackageFile("s", "/usr/lib/systemd/system/tool.service"),
                    new PackageFile("u", "/usr/lib/sysusers.d/tool.conf"),
                    new PackageFile("e", "/etc/tool.env"),
                ],
                Hints = ["Edit /etc/tool.env, then: systemctl enable --now tool", "It's 100 % yours."],
                Formats = new Dictionary<string, FormatWords>
                {
                    ["arch"] = new()
                    {
                        Relations = new Dictionary<string, IReadOnlyList<string>>
                        {
                            ["depends"] = ["sh", "glibc>=2.38"],
                            ["optdepends"] = ["ca-certificates: it's for downloads"],
                            ["conflicts"] = ["other-tool"],
                        },
                    },
                    ["fedora"] = new()
                    {
                        Relations = new Dictionary<string, IReadOnlyList<string>>
                        {
                            ["recommends"] = ["ca-certificates"],
                            ["suggests"] = ["python3-tool"],
                            ["conflicts"] = ["other-tool < 2"],
                        },
                        Lint = [new LintException("some-error", "It's wrong about \"this\" 100 %.")],
                    },
                },
            },
        };

    public static RuntimeRecord Runtime { get; } =
        new()
        {
            Inputs = [],
            Name = "tool-debian",
            Version = "1.2.3",
            Epoch = 1_763_596_800,
            File = "tool-debian-1.2.3.tar",
            Sha256 = new string('a', 64),
            TarBytes = 1,
            FileBytes = 1,
            Entries = 1,
            MinimalImageId = "1",
            Programs = [new RuntimeProgram("tool", "/usr/lib/tool-debian/usr/bin/tool")],
            Environment = new Dictionary<string, string> { ["GPU"] = "11.0.0" },
            Links = ["/usr/share/tool"],
            Placed = ["/usr/share/tool-more/100%.py"],
            Licence = "MIT AND (MIT OR NCSA)",
            Parts = [new RuntimePart("glibc", "2.43"), new RuntimePart("zlib", "1.3")],
        };

    /// <summary>The repository's own: what packages.yml says is a part of each golden file.</summary>
    public static PackagingFacts Facts { get; } = RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes")).Packaging;

    public static IReadOnlyList<PackagedFile> Files { get; } =
    [
        new("tool", "/usr/bin/tool", "0755", new string('b', 64), Config: false),
        new("tool.service", "/usr/lib/systemd/system/tool.service", "0644", new string('c', 64), Config: false),
        new("tool.conf", "/usr/lib/sysusers.d/tool.conf", "0644", new string('d', 64), Config: false),
        new("tool.env", "/etc/tool.env", "0644", new string('e', 64), Config: true),
    ];
}
