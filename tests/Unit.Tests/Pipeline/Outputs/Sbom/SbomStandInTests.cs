using System.Text.Json;
using Gfxbake.Formats.Images;
using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Pipeline.Outputs.Sbom;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Sbom;

/// <summary>A library that is there by name only is no part of its package any more.</summary>
public sealed class SbomStandInTests
{
    private const string Own = "gfxbake-standin-llvm-of-radv-libLLVM.so.22.1";

    private string folder = null!;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gfxbake-test-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Package_of_the_library_is_gone_and_the_stand_in_is_a_package_of_its_own()
    {
        using var image = Sample();
        var document = Document(image);
        var own = document.Packages.Single(p => p.Name == Own);

        Assert.That(document.Packages.Select(p => p.Name), Is.EqualTo(new[] { Own, "mesa" }));
        Assert.That((own.Version, own.Source, own.Licence.Expression, own.Purl), Is.EqualTo(("1.2.3", "gfxbake", "MIT", (string?)null)));
        Assert.That(own.Links, Is.EqualTo(1), "another name of it is no file of the package either");
        Assert.That(
            own.Files.Select(f => (f.Path, f.Sha256)),
            Is.EqualTo(new[] { (StandInSample.Compiler, image[StandInSample.Compiler].StandIn!.Sha256) })
        );
        Assert.That(
            own.Replaces,
            Is.EqualTo(
                $"Stands in for libLLVM.so.22.1 of libllvm22, {image[StandInSample.Compiler].Size} bytes: the driver has its own compiler. "
                    + "It has 2 functions that say so and abort."
            )
        );
        Assert.That(document.Unowned.Select(f => f.Path), Has.None.EqualTo(StandInSample.Compiler));
    }

    [Test]
    public void Package_of_which_something_else_stays_is_there_without_the_library()
    {
        using var image = Sample(alsoOwned: "\n" + StandInSample.Zip);
        var package = Document(image).Packages.Single(p => p.Name == "libllvm22");

        Assert.That(package.Files.Select(f => f.Path), Has.Member(StandInSample.Zip).And.None.EqualTo(StandInSample.Compiler));
    }

    [Test]
    public void Both_forms_say_what_it_replaces()
    {
        using var image = Sample();
        var document = Document(image);
        using var spdx = JsonDocument.Parse(SampleSbom.Text(SpdxWriter.Write, document));
        using var cyclone = JsonDocument.Parse(SampleSbom.Text(CycloneDxWriter.Write, document));
        var (one, other) = (Named(spdx.RootElement.GetProperty("packages")), Named(cyclone.RootElement.GetProperty("components")));

        Assert.That(one.GetProperty("comment").GetString(), Does.StartWith("Stands in for libLLVM.so.22.1 of libllvm22, "));
        Assert.That(one.GetProperty("licenseDeclared").GetString(), Is.EqualTo("MIT"));
        Assert.That(one.GetProperty("sourceInfo").GetString(), Is.EqualTo("written by gfxbake"));
        Assert.That(other.GetProperty("licenses")[0].GetProperty("expression").GetString(), Is.EqualTo("MIT"));
        Assert.That(
            other
                .GetProperty("properties")
                .EnumerateArray()
                .Single(p => p.GetProperty("name").GetString() == "gfxbake:replaces")
                .GetProperty("value")
                .GetString(),
            Does.StartWith("Stands in for libLLVM.so.22.1")
        );
    }

    [Test]
    public void Stand_in_that_answers_says_where_its_answers_are_from()
    {
        using var image = Sample();
        var plan = image.Plan;
        var entries = plan.Entries.Select(e => e.StandIn is null ? e : e with { StandIn = e.StandIn with { Answers = 40 } });

        Assert.That(
            Document(image, plan, plan with { Entries = [.. entries] }).Packages.Single(p => p.Name == Own).Replaces,
            Does.EndWith(
                ": the driver has its own compiler. It has 2 functions and 40 recorded answers. "
                    + "The answers are what the library itself said when they were recorded in the full image."
            )
        );
    }

    [Test]
    public void Licence_of_a_package_has_it_and_it_is_no_source_package()
    {
        using var image = Sample();
        var packages = Document(image).Packages;

        Assert.That(RuntimeContents.Licence(packages, "Apache-2.0"), Does.StartWith("Apache-2.0 AND MIT"));
        Assert.That(RuntimeContents.Parts(packages), Is.EqualTo(new[] { new RuntimePart("mesa", "26") }));
    }

    [Test]
    public void Layer_with_another_file_in_its_place_is_refused()
    {
        using var image = Sample();
        var plan = image.Plan;
        var other = plan with
        {
            Entries =
            [
                .. plan.Entries.Select(e => e.StandIn is null ? e : e with { StandIn = (e.StandIn with { Why = "another" }).Measured() }),
            ],
        };

        Assert.That(
            () => Document(image, other),
            Throws.TypeOf<SbomException>().With.Message.StartsWith($"{StandInSample.Compiler} is not the stand-in that was planned")
        );
    }

    private static JsonElement Named(JsonElement list) => list.EnumerateArray().Single(e => e.GetProperty("name").GetString() == Own);

    private static PlannedImage Sample(string alsoOwned = "")
    {
        var image = StandInSample.Image();
        image
            .Image.Link("/usr/lib/libLLVM-22.so.1", "libLLVM.so.22.1")
            .Text("/usr/share/doc/libllvm22/copyright", "terms")
            .Text(
                "/var/lib/dpkg/status",
                "Package: libllvm22\nStatus: install ok installed\nVersion: 22\n\n"
                    + "Package: mesa\nStatus: install ok installed\nVersion: 26\n"
            )
            .Text("/var/lib/dpkg/info/libllvm22.list", $"{StandInSample.Compiler}\n/usr/lib/libLLVM-22.so.1{alsoOwned}\n")
            .Text("/var/lib/dpkg/info/mesa.list", $"{StandInSample.Driver}\n");
        return image.Trace("/usr/lib/libLLVM-22.so.1");
    }

    private SbomDocument Document(PlannedImage image, PrunePlan? plan = null, PrunePlan? said = null)
    {
        using var layer = ImageFileSystem.Open(StandInSample.Write(image, plan ?? image.Plan, folder));
        return SbomBuilder.Build(
            new SbomInput
            {
                Subject = new SbomSubject("localhost/sample:debian-minimal", "1.0", "sha256:1234", 1_700_000_000, "1.2.3"),
                Full = image.Image.FileSystem,
                Plan = said ?? image.Plan,
                Layers = [layer],
            }
        );
    }
}
