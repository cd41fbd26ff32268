using Gfxbake.Host.Tasks.Ci;

namespace Gfxbake.Host.Tests.Fakes;

/// <summary>A sample whose recipe pins a tag, an archive and versions, and the servers where newer ones are announced.</summary>
internal sealed class UpstreamSample : IDisposable
{
    public const string Recipe = "recipes/sample/recipe.yml",
        Api = "/api/v3/repos/ggml-org/llama.cpp";

    public const string Old = "1111111111111111111111111111111111111111",
        New = "2222222222222222222222222222222222222222";

    public static readonly string Digest = new('a', 64);

    public static readonly byte[] Tarball = ReleasableSample.Bytes(4000);

    private readonly SampleServer web;

    public UpstreamSample()
    {
        web = new SampleServer(
            (request, response) =>
            {
                Asked.Add(request.Url!.AbsolutePath);
                if (request.Url.AbsolutePath.EndsWith("7.14.1.tar.gz", StringComparison.Ordinal))
                    response.OutputStream.Write(Tarball);
                if (Pages.TryGetValue(request.Url.AbsolutePath, out var page))
                    return page;
                if (!request.Url.AbsolutePath.EndsWith(".tar.gz", StringComparison.Ordinal))
                    response.StatusCode = 404;
                return "";
            }
        );
        Sample.Build.Write("cake.config", $"[Gfxbake]\nRecipe=sample\nGitHubApi={GitHub.Address}\n");
        // Apache's listing; a page whose script holds the names; a Debian pool.
        Pages["/rocm/apt/"] =
            """<html><a href="?C=N">Name</a><a href="/rocm/">Parent</a><a href="6.4.3/">6.4.3/</a> <a href="7.2/">7.2/</a>"""
            + """<a href="7.2.1/">7.2.1/</a><a href="latest/">latest/</a><a href=".7.9/">x</a></html>""";
        Pages["/tarball/"] =
            """<script>const files = [{"name": "dist-gfx1151-7.14.0.tar.gz", "mtime": 1}, """
            + """{"name": "dist-gfx1151-7.14.1.tar.gz", "mtime": 2}, {"name": "dist-gfx1150-7.15.0.tar.gz"}];</script>""";
        Pages["/nightly/"] =
            """<a href="./dist-gfx1151-7.15.0a20261119.tar.gz">x</a><a href="./dist-gfx1151-7.15.0a20261120.tar.gz">x</a>""";
        Pages["/pool/"] =
            """<a href="libhsa_7.2.4%2bdfsg-1~exp1_amd64.deb">x</a><a href="libhsa_7.2.4%2bdfsg-1_amd64.deb">y</a>"""
            + """<a href="libhsa_5.7.1-2_amd64.deb">z</a>""";
        foreach (var tag in new[] { "b8770", "v0.7.0", "b8771", "v0.8.0", "b9001", "b9002" })
            GitHub.AddRelease(tag);
        GitHub.AddRelease("v0.9.0-rc1");
        GitHub.AddRelease("v0.10.0", prerelease: true);
        GitHub.Tags["v0.8.0"] = New;
        WriteRecipe();
    }

    public BuiltSample Sample { get; } = new();

    public GitHubServer GitHub { get; } = new("ggml-org/llama.cpp");

    public string Address => web.Address;

    /// <summary>Listings by path.</summary>
    public Dictionary<string, string> Pages { get; } = [];

    /// <summary>Paths that were asked for.</summary>
    public List<string> Asked { get; } = [];

    public string Screen => Sample.Screen;

    public void Dispose()
    {
        web.Dispose();
        GitHub.Dispose();
        Sample.Dispose();
    }

    public string Read(string file = Recipe) => File.ReadAllText(Sample.Build.PathOf(file));

    public void Check(params (string Name, string Value)[] arguments) => Sample.Run<CheckUpstream>(arguments);

    public void WriteRecipe(string tag = "v0.7.0", string? apt = null, string? tarball = null)
    {
        Sample.Build.SetHealthcheck("/bin/true");
        Sample.ChangeRecipe(
            $$"""
            # Pinned together.
                source:
                  name: sample
                  repository: https://github.com/ggml-org/llama.cpp
                  tag: {{tag}}
                  commit: {{Old}}
                archive:
                  url: 'http://{{web.Address}}/tarball/dist-gfx1151-7.14.0.tar.gz' # by hand
                  sha256: {{Digest}}
                args: {ROCM: "7.2", OTHER: '7.2', HSA: 7.2.4+dfsg-1~exp1}   # exact
                upstream:
                  - {pin: source, match: 'v(?<version>\d+\.\d+\.\d+)'}
                  - {pin: archive, index: '{{tarball
                ?? $"http://{web.Address}/tarball/"}}', match: 'dist-gfx1151-(?<version>[0-9.]+)\.tar\.gz'}
                  - {pin: archive, index: 'http://{{web.Address}}/nightly/', match: 'dist-gfx1151-(?<version>.*)\.tar\.gz', update: false}
                  - {pin: args.ROCM, index: '{{apt ?? $"http://{web.Address}/rocm/apt/"}}', match: '(?<version>[0-9.]+)/'}
                  - {pin: args.HSA, index: 'http://{{web.Address}}/pool/', match: 'libhsa_(?<version>[^_]+)_amd64\.deb'}
            """
        );
    }
}
