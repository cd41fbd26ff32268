using System.Security.Cryptography;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools.Upstream;

namespace Gfxbake.Host.Tests.Tasks.Ci;

/// <summary>Pins that stand in files which recipes include.</summary>
[TestFixture]
internal sealed class IncludedPinsTests
{
    [Test]
    public void Pin_of_an_included_file_is_asked_for_once_and_found_there()
    {
        using var build = new SampleBuild();
        File.WriteAllText(
            build.PathOf("recipes/_shared/compiled.yml"),
            """
            variants:
              native:
                summary: compiled
                base:
                  bootstrap: {suite: sid, source_date_epoch: 1}
                dockerfile: docker/full.Dockerfile
                source: {name: tool, repository: https://example.org/tool, tag: v1, commit: 0123456789abcdef0123456789abcdef01234567}
                upstream:
                  - {pin: source, match: 'v(?<version>.*)'}
            """
        );
        var text = File.ReadAllText(build.PathOf("recipes/sample/recipe.yml"));
        foreach (var name in new[] { "sample", "second" })
        {
            Directory.CreateDirectory(build.PathOf("recipes/" + name));
            File.WriteAllText(
                build.PathOf($"recipes/{name}/recipe.yml"),
                text.Replace("name: sample\n", $"name: {name}\ninclude: [compiled]\n")
                    .Replace("variants:\n", "variants:\n  native: {code_target: gfx1151}\n")
            );
        }

        var pins = UpstreamPins.Of(build.Open(), null);

        Assert.That(pins.Select(p => $"{p.File} {p.Name}"), Is.EqualTo(new[] { "recipes/_shared/compiled.yml v1" }));
    }

    [Test]
    public void Tag_of_a_source_that_variants_share_is_found_and_written_in_the_list()
    {
        using var sample = new UpstreamSample();
        const string Shared = "recipes/_shared/tool.yml";
        sample.Sample.Build.Write(
            Shared,
            $$"""
            sources:
              tool:
                repository: https://github.com/ggml-org/llama.cpp
                tag: v0.7.0 # together
                commit: {{UpstreamSample.Old}}
                upstream:
                  - {pin: source, match: 'v(?<version>\d+\.\d+\.\d+)'}
            """
        );
        sample.Sample.Build.SetHealthcheck("/bin/true");
        sample.Sample.Build.Change("name: sample\n", "name: sample\ninclude: [tool]\n");
        sample.Sample.Build.Change("version_of: sample\n", "version_of: sample\n    source: {from: tool, cmake: {A: b}}\n");

        sample.Check(("update", ""));

        Assert.That(
            sample.Screen,
            Does.Contain("  tool      source            v0.7.0               v0.8.0               newer\n")
                .And.Contain($"{Shared}:4: tag\n  - v0.7.0\n  + v0.8.0\n")
                .And.Contain("2 values changed;")
        );
        Assert.That(
            sample.Read(Shared),
            Does.Contain("tag: v0.8.0 # together\n").And.Contain($"commit: {UpstreamSample.New}\n").And.Not.Contain("v0.7.0")
        );
    }

    [Test]
    public void Archive_of_several_is_asked_and_written_in_its_block()
    {
        using var sample = new UpstreamSample();
        sample.Sample.Build.SetHealthcheck("/bin/true");
        sample.Sample.Build.Change(
            "version_of: sample\n",
            $$"""
            version_of: sample
                archives:
                  dist.tar.gz:
                    url: http://{{sample.Address}}/tarball/dist-gfx1151-7.14.0.tar.gz
                    sha256: {{UpstreamSample.Digest}}
                    upstream:
                      - pin: archive
                        index: http://{{sample.Address}}/tarball/
                        match: dist-gfx1151-(?<version>[0-9.]+)\.tar\.gz

            """
        );

        sample.Check(("update", ""));

        Assert.That(
            sample.Screen,
            Does.Contain("  debian    archive           7.14.0               7.14.1               newer\n").And.Contain("2 values changed;")
        );
        Assert.That(
            sample.Read(),
            Does.Contain("dist-gfx1151-7.14.1.tar.gz\n").And.Contain(Convert.ToHexStringLower(SHA256.HashData(UpstreamSample.Tarball)))
        );
    }

    [Test]
    public void Repositorys_pins_can_be_read()
    {
        using var build = new SampleBuild();
        Directory.Delete(build.PathOf("recipes"), recursive: true);
        Directory.CreateSymbolicLink(build.PathOf("recipes"), Path.Combine(Checkout.RepositoryRoot, "recipes"));

        Assert.That(
            UpstreamPins.Of(build.Open(), null).Select(p => p.File).Distinct(),
            Does.Contain("recipes/_shared/llama-cpp-source.yml")
        );
    }
}
