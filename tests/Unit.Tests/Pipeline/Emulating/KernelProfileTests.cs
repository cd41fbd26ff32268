using Gfxbake.Pipeline.Emulating;

namespace Gfxbake.Unit.Tests.Pipeline.Emulating;

public sealed class KernelProfileTests
{
    private const string First = "kernel\tdispatches\tinstructions\twaves\tgroups\tread\twritten\tmicroseconds";

    [Test]
    public void Dearest_kernel_comes_first() =>
        Assert.That(
            KernelProfile.Read([First, "copy\t9\t10\t3\t1\t7\t8\t50", "multiply\t2\t5000\t4\t1\t100\t20\t300"]),
            Is.EqualTo(new[] { new KernelCost("multiply", 2, 5000, 4, 120, 300), new KernelCost("copy", 9, 10, 3, 15, 50) })
        );

    [Test]
    public void Name_out_of_an_image_is_made_visible() =>
        Assert.That(KernelProfile.Read([First, "a\u001b[2J\t1\t1\t1\t1\t1\t1\t1"])[0].Name, Does.Not.Contain("\u001b"));

    [TestCase("no kernel")]
    [TestCase("first line is not kernel, dispatches", "name\tcount")]
    [TestCase("no kernel", First)]
    [TestCase("line 2 of the profile is no name and 7 numbers", First, "copy\t1\t2")]
    [TestCase("line 2 of the profile", First, "copy\t1\t-2\t3\t4\t5\t6\t7")]
    [TestCase("line 3 of the profile", First, "copy\t1\t2\t3\t4\t5\t6\t7", "\t1\t2\t3\t4\t5\t6\t7")]
    public void Other_forms_are_refused(string problem, params string[] lines) =>
        Assert.That(() => KernelProfile.Read(lines), Throws.TypeOf<KernelProfileException>().With.Message.Contains(problem));

    [Test]
    public void Endless_list_of_kernels_is_refused() =>
        Assert.That(
            () => KernelProfile.Read(Enumerable.Repeat("copy\t1\t2\t3\t4\t5\t6\t7", 200_000).Prepend(First)),
            Throws.TypeOf<KernelProfileException>().With.Message.Contains("more than 100000 kernels")
        );

    [Test]
    public void Link_is_not_followed()
    {
        var folder = Directory.CreateTempSubdirectory("gfxbake-profile").FullName;
        try
        {
            var (file, link) = (Path.Combine(folder, "file"), Path.Combine(folder, KernelProfile.FileName));
            File.WriteAllText(file, First + "\ncopy\t1\t2\t3\t4\t5\t6\t7\n");
            File.CreateSymbolicLink(link, file);

            Assert.Multiple(() =>
            {
                Assert.That(KernelProfile.Read(file), Has.Count.EqualTo(1));
                Assert.That(() => KernelProfile.Read(link), Throws.TypeOf<KernelProfileException>());
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void Table_fits_80_columns()
    {
        var costs = Enumerable
            .Range(0, 40)
            .Select(i => new KernelCost(
                $"_ZL13mul_mat_vec_qIL9ggml_type8ELi{i}ELb1ELb0ELb0EEvPKvS2_PKi31ggml",
                58,
                13_114_368,
                50_000,
                1 << 30,
                1_000_000
            ));
        List<string> lines = [.. KernelProfileText.Lines([.. costs], "profile.tsv")];

        Assert.Multiple(() =>
        {
            Assert.That(lines.Select(l => l.Length), Has.All.LessThanOrEqualTo(80));
            Assert.That(lines[^3], Is.EqualTo("524,574,720 instructions of waves, 40 kernels, 10 of them not shown"));
            Assert.That(lines[^2], Is.EqualTo("40.00 s in kernels by the clock: 13.1 million instructions a second"));
        });
    }
}
