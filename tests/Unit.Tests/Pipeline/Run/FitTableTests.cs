using System.Text.Json;
using Gfxbake.Pipeline.Run;

namespace Gfxbake.Unit.Tests.Pipeline.Run;

public sealed class FitTableTests
{
    private static readonly MachineMemory Memory = new(10_000_000_000, "--memory");
    private static readonly ModelFit Fit = new(
        "gpt-oss",
        true,
        24,
        12,
        0,
        2,
        new FitQuestion([8192, 131072], ["f16"], 4),
        [
            new FitEstimate(8192, "f16", 7_000_000_000, 500_000_000, 600_000_000, 0, 400_000_000),
            new FitEstimate(131072, "f16", 7_000_000_000, 500_000_000, 3_600_000_000, 0, 900_000_000),
        ]
    );

    [Test]
    public void Table_has_a_row_for_each_context_and_type() =>
        Assert.That(
            FitTable.Lines("m.gguf", Fit, Memory, 1_000_000_000),
            Is.EqualTo(
                new[]
                {
                    "m.gguf: gpt-oss, 24 layers, 12 of them with a window, 2 files",
                    "Memory: 10.0 GB (--memory); 1,000.0 MB should stay free",
                    "4 sequences at a time (--parallel)",
                    "",
                    "  context  KV type       weights     KV cache        state      compute          all  fits",
                    "     8192  f16        7,500.0 MB     600.0 MB          0 B     400.0 MB   8,500.0 MB  yes",
                    "   131072  f16        7,500.0 MB   3,600.0 MB          0 B     900.0 MB      12.0 GB  no",
                }
            )
        );

    [Test]
    public void Unknown_architecture_is_told_and_its_name_is_made_harmless() =>
        Assert.That(
            FitTable.Lines("m.gguf", Fit with { IsKnown = false, Architecture = "a\u001b[2J" }, Memory, 0).Take(2),
            Is.EqualTo(
                new[]
                {
                    "m.gguf: a\\x1b[2J, 24 layers, 12 of them with a window, 2 files",
                    "Nothing is known of this architecture (recipes/_shared/model-memory.yml): each layer is taken to have a full cache.",
                }
            )
        );

    [Test]
    public void Json_has_the_bytes()
    {
        using var json = JsonDocument.Parse(FitTable.Json("m.gguf", Fit, Memory, 1_000_000_000));
        var row = json.RootElement.GetProperty("estimates")[1];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(json.RootElement.GetProperty("memory").GetInt64(), Is.EqualTo(10_000_000_000));
            Assert.That(row.GetProperty("cache_type").GetString(), Is.EqualTo("f16"));
            Assert.That(row.GetProperty("total").GetInt64(), Is.EqualTo(12_000_000_000));
            Assert.That(row.GetProperty("answer").GetString(), Is.EqualTo("no"));
        }
    }
}
