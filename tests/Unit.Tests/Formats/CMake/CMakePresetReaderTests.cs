using Gfxbake.Formats.CMake;
using Gfxbake.Formats.Images;

namespace Gfxbake.Unit.Tests.Formats.CMake;

[TestFixture]
internal sealed class CMakePresetReaderTests
{
    private string folder = null!;

    [SetUp]
    public void SetUp() => folder = Directory.CreateTempSubdirectory("gfxbake-presets").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [Test]
    public void What_a_preset_inherits_is_its_own_and_the_nearest_value_wins()
    {
        Write(
            "CMakePresets.json",
            """
            {"version": 3, "configurePresets": [
              {"name": "base", "hidden": true, "cacheVariables": {"A": "base", "B": {"type": "BOOL", "value": true}, "C": "base"}},
              {"name": "other", "hidden": true, "cacheVariables": {"A": "other", "D": "other"}},
              {"name": "gpu", "inherits": ["base", "other"], "cacheVariables": {"C": null, "E": false}}],
             "buildPresets": [
              {"name": "all", "configurePreset": "base", "targets": "ggml-hip"},
              {"name": "gpu 7", "inherits": "all", "configurePreset": "gpu"}]}
            """
        );
        var presets = Read();

        Assert.That(presets.Names, Is.EqualTo(new[] { "gpu" }));
        Assert.That(
            presets.Configure.Single(c => c.Name == "gpu").CacheVariables,
            Is.EquivalentTo(
                new Dictionary<string, string>
                {
                    ["A"] = "base",
                    ["B"] = "TRUE",
                    ["D"] = "other",
                    ["E"] = "FALSE",
                }
            )
        );
        Assert.That(presets.TargetsOf("gpu"), Is.EqualTo(new[] { "ggml-hip" }));
        Assert.That(presets.TargetsOf("nowhere"), Is.Empty);
    }

    [Test]
    public void Files_that_are_included_count_each_once()
    {
        Write("CMakePresets.json", """{"version": 4, "include": ["cmake/a.json", "cmake/b.json"]}""");
        Write("cmake/a.json", """{"include": ["b.json"], "configurePresets": [{"name": "a", "inherits": "b"}]}""");
        Write("cmake/b.json", """{"configurePresets": [{"name": "b", "cacheVariables": {"X": "1"}}]}""");

        Assert.That(Read().Configure.Select(c => c.CacheVariables["X"]), Is.EqualTo(new[] { "1", "1" }));
    }

    [TestCase("""{"include": ["../outside.json"]}""", "outside of the source")]
    [TestCase("""{"include": ["nowhere.json"]}""", "/nowhere.json is not there")]
    [TestCase("""{"configurePresets": [{"name": "a", "inherits": "a"}]}""", "inherits from itself")]
    [TestCase("""{"configurePresets": [{"name": "a", "inherits": "b"}]}""", "inherits from 'b', which is not there")]
    [TestCase("""{"configurePresets": [{"name": "a"}, {"name": "a"}]}""", "two of configurePresets are called 'a'")]
    [TestCase("""{"configurePresets": [{"hidden": true}]}""", "has no name")]
    [TestCase("""{"configurePresets": {}}""", "configurePresets is no Array")]
    [TestCase("""{"configurePresets": [{"name": "a", "cacheVariables": {"A": 1}}]}""", "neither text nor a truth value")]
    [TestCase("""[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]""", "no JSON that can be read")]
    [TestCase("", "no JSON that can be read")]
    public void File_that_CMake_would_refuse_is_an_error(string text, string said)
    {
        Write("CMakePresets.json", text);

        Assert.That(() => Read(), Throws.TypeOf<CMakePresetException>().With.Message.Contains(said));
    }

    [Test]
    public void Circle_of_two_ends()
    {
        Write(
            "CMakePresets.json",
            """{"configurePresets": [{"name": "a", "inherits": "b"}, {"name": "b", "inherits": "c"}, {"name": "c", "inherits": "b"}]}"""
        );

        Assert.That(() => ReadOrRefuse(), Throws.Nothing);
    }

    [Test]
    public void Large_file_is_refused()
    {
        Write("CMakePresets.json", "{}" + new string(' ', 1 << 20));

        Assert.That(() => Read(), Throws.TypeOf<CMakePresetException>().With.Message.Contains("more than"));
    }

    [Test]
    public void Any_text_is_read_or_refused() =>
        Rounds.Run(
            random =>
            {
                string[] pieces = ["{", "}", "[", "]", "\"name\":", "\"inherits\":", "\"a\"", "\"configurePresets\":", ",", "null", "1"];
                Write(
                    "CMakePresets.json",
                    string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(pieces.Length)]))
                );
                Assert.That(() => ReadOrRefuse(), Throws.Nothing);
            },
            cost: 10
        );

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
        File.WriteAllText(Path.Combine(folder, name), text);
    }

    private void ReadOrRefuse()
    {
        try
        {
            Read();
        }
        catch (CMakePresetException)
        {
            // It is no file that CMake reads.
        }
    }

    private CMakePresets Read() => CMakePresetReader.Read(new FolderTree(folder), "/CMakePresets.json");
}
