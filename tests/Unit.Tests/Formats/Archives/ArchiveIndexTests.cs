using System.Text;
using Gfxbake.Formats.Archives;

namespace Gfxbake.Unit.Tests.Formats.Archives;

/// <summary>podman, and docker with containerd, load what index.json says and leave manifest.json alone.</summary>
public sealed class ArchiveIndexTests
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json",
        IndexType = "application/vnd.oci.image.index.v1+json";
    private const string NoMachine = ""","platform":{"architecture":"unknown","os":"unknown"}""";

    private const string Another = "which is another image than manifest.json describes";

    private static readonly ArchiveBuilder Image = new() { OciNames = true };
    private static readonly string Other = ArchiveBuilder.Hash([1]);
    private static readonly string Same = Manifest(Image.ImageId, [.. Image.Layers.Select(ArchiveBuilder.Hash)]);

    [Test]
    public void Index_of_the_same_image_is_taken() => Assert.That(Read(Index(Named(Same)), Same).ImageId, Is.EqualTo(Image.ImageId));

    [Test]
    public void Index_of_an_index_with_what_docker_notes_of_a_build_is_taken()
    {
        var notes = Manifest(Other, [Other]);
        var index = Index(Named(Same), Named(notes, more: NoMachine));

        Assert.That(Read(Index(Named(index, IndexType)), index, Same, notes).ImageId, Is.EqualTo(Image.ImageId));
    }

    [Test]
    public void Index_with_another_configuration_is_refused() =>
        AssertOther(Manifest(Other, [.. Image.Layers.Select(ArchiveBuilder.Hash)]));

    [Test]
    public void Index_with_other_layers_is_refused()
    {
        AssertOther(Manifest(Image.ImageId, Other, Other));
        AssertOther(Manifest(Image.ImageId));
        AssertOther(Manifest(Image.ImageId, [.. Image.Layers.Select(ArchiveBuilder.Hash).Reverse()]));
    }

    [Test]
    public void Second_image_at_the_top_is_refused_whatever_machine_it_is_for()
    {
        var other = Manifest(Other, Other);

        AssertRefused(Another, Index(Named(Same), Named(other, more: NoMachine)), Same, other);
    }

    [Test]
    public void Second_image_for_a_machine_is_refused_below()
    {
        var other = Manifest(Other, Other);
        var index = Index(Named(Same), Named(other, more: NoMachine.Replace("\"os\":\"unknown\"", "\"os\":\"linux\"")));

        AssertRefused(Another, Index(Named(index, IndexType)), index, Same, other);
    }

    [Test]
    public void Index_that_leads_to_no_image_is_refused()
    {
        AssertRefused($"blobs/sha256/{ArchiveBuilder.Hash(Encoding.UTF8.GetBytes(Same))} is missing", Index(Named(Same)));
        AssertRefused("index.json is broken: 'manifests' has another form", "{}");
        AssertRefused(
            "which is neither a manifest nor an index",
            Index(Named(Same, "application/vnd.docker.distribution.manifest.v1+json")),
            Same
        );
        AssertRefused("is broken: 'manifests' has another form", Index(Named(Same, IndexType)), Same);
        AssertRefused("index.json is no index of images", Index(Named(Same)).Replace(IndexType, "x"), Same);
        AssertRefused("names something without a SHA-256", Index($$"""{"mediaType":"{{ManifestType}}","digest":"sha512:00"}"""));
    }

    private static void AssertOther(string manifest) => AssertRefused(Another, Index(Named(manifest)), manifest);

    private static void AssertRefused(string message, string index, params string[] blobs) =>
        Assert.That(() => Read(index, blobs), Throws.TypeOf<ArchiveFormatException>().With.Message.Contains(message));

    private static ArchiveContents Read(string index, params string[] blobs)
    {
        var files = blobs.Select(Encoding.UTF8.GetBytes).Select(b => ArchiveBuilder.File("blobs/sha256/" + ArchiveBuilder.Hash(b), b));
        var first = ArchiveBuilder.File("index.json", Encoding.UTF8.GetBytes(index));
        var image = new ArchiveBuilder { OciNames = true, Last = [first, .. files] };
        return DockerArchiveReader.Read(new MemoryStream(image.Build()));
    }

    private static string Index(params string[] descriptors) =>
        $$"""{"schemaVersion":2,"mediaType":"{{IndexType}}","manifests":[{{string.Join(',', descriptors)}}]}""";

    private static string Named(string document, string type = ManifestType, string more = "") =>
        $$"""{"mediaType":"{{type}}","digest":"sha256:{{ArchiveBuilder.Hash(Encoding.UTF8.GetBytes(document))}}"{{more}}}""";

    private static string Manifest(string config, params string[] layers)
    {
        var described = layers.Select(l => $$"""{"digest":"sha256:{{l}}"}""");
        return $$"""{"schemaVersion":2,"config":{"digest":"sha256:{{config}}"},"layers":[{{string.Join(',', described)}}]}""";
    }
}
