using Gfxbake.Formats.Gguf;

namespace Gfxbake.Unit.Tests.Formats.Gguf;

public sealed class GgufModelTests
{
    private string folder = null!;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gfxbake-gguf").FullName;

    [TearDown]
    public void Clean() => Directory.Delete(folder, recursive: true);

    [Test]
    public void One_file_is_read()
    {
        var model = GgufModel.Open(Write("m.gguf", new GgufWriter().Add("general.architecture", "llama"), "a"));

        Assert.That(model.Parts, Is.EqualTo(1));
        Assert.That(model.Tensors.Select(t => t.Name), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void Parts_are_read_by_the_first()
    {
        var model = GgufModel.Open(Parts());

        Assert.That(model.Parts, Is.EqualTo(3));
        Assert.That(model.Tensors.Select(t => t.Name), Is.EqualTo(new[] { "t0", "t1", "t2" }));
        Assert.That(model.Metadata["general.architecture"].Text, Is.EqualTo("llama"));
    }

    [Test]
    public void Missing_part_is_named()
    {
        var first = Parts();
        File.Delete(PartOf(2));

        Assert.That(
            () => GgufModel.Open(first),
            Throws
                .TypeOf<GgufFormatException>()
                .With.Message.EqualTo("m-00001-of-00003.gguf: part 2 of 3 is missing: m-00002-of-00003.gguf")
        );
    }

    [Test]
    public void Other_part_than_the_first_says_which_is_the_first()
    {
        Parts();

        Assert.That(
            () => GgufModel.Open(PartOf(2)),
            Throws
                .TypeOf<GgufFormatException>()
                .With.Message.EqualTo("m-00002-of-00003.gguf: it is not the first of 3 parts; name m-00001-of-00003.gguf")
        );
    }

    [Test]
    public void Part_with_another_name_is_refused()
    {
        var renamed = Path.Combine(folder, "mine.gguf");
        File.Move(Parts(), renamed);

        Assert.That(
            () => GgufModel.Open(renamed),
            Throws
                .TypeOf<GgufFormatException>()
                .With.Message.EqualTo("mine.gguf: it is one of 3 parts; their names must end in -00001-of-00003.gguf")
        );
    }

    [Test]
    public void Part_in_the_place_of_another_is_refused()
    {
        var first = Parts();
        File.Copy(PartOf(3), PartOf(2), overwrite: true);

        Assert.That(
            () => GgufModel.Open(first),
            Throws.TypeOf<GgufFormatException>().With.Message.EqualTo("m-00002-of-00003.gguf: it does not say that it is part 2 of 3")
        );
    }

    [Test]
    public void Broken_part_is_named()
    {
        var first = Parts();
        File.WriteAllText(PartOf(3), "not yet");

        Assert.That(
            () => GgufModel.Open(first),
            Throws
                .TypeOf<GgufFormatException>()
                .With.Message.EqualTo("m-00003-of-00003.gguf: it is no GGUF file: it does not start with GGUF")
        );
    }

    [Test]
    public void Terminal_is_no_plain_file() =>
        Assert.That(
            () => GgufModel.Open("/dev/ptmx"),
            Throws.TypeOf<GgufFormatException>().With.Message.EqualTo("ptmx: it is no plain file")
        );

    [Test]
    public void Parts_with_too_few_tensors_are_refused() =>
        Assert.That(
            () => GgufModel.Open(Parts(tensors: 4)),
            Throws.TypeOf<GgufFormatException>().With.Message.EqualTo("m-00001-of-00003.gguf: its 3 parts have 3 tensors and should have 4")
        );

    private string Parts(int tensors = 3)
    {
        for (var i = 0; i < 3; i++)
        {
            var writer = new GgufWriter().Add("split.no", (uint)i).Add("split.count", 3u).Add("split.tensors.count", (uint)tensors);
            if (i == 0)
                writer.Add("general.architecture", "llama");
            Write(Path.GetFileName(PartOf(i + 1)), writer, $"t{i}");
        }

        return PartOf(1);
    }

    private string PartOf(int part) => Path.Combine(folder, $"m-0000{part}-of-00003.gguf");

    private string Write(string name, GgufWriter writer, string tensor)
    {
        var path = Path.Combine(folder, name);
        using var stream = File.Create(path);
        writer.Add(new GgufTensor(tensor, GgufTensorType.F16, [2], () => new float[2])).WriteTo(stream);
        return path;
    }
}
