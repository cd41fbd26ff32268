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
    public void Repositorys_pins_can_be_read()
    {
        using var build = new SampleBuild();
        Directory.Delete(build.PathOf("recipes"), recursive: true);
        Directory.CreateSymbolicLink(build.PathOf("recipes"), Path.Combine(Checkout.RepositoryRoot, "recipes"));

        Assert.That(
            UpstreamPins.Of(build.Open(), null).Select(p => p.File).Distinct(),
            Does.Contain("recipes/_shared/llama-cpp-native.yml")
        );
    }
}
