using Gfxbake.Pipeline.Numbers;
using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Pipeline.Outputs.Report;

/// <summary>Numbers of one answer.</summary>
/// <param name="Workload">Who asked.</param>
/// <param name="Comparison">What was found.</param>
public sealed record ReportNumbers(string Workload, NumberComparison Comparison)
{
    /// <param name="verify">With --skip-verify there may be none, or that of another image.</param>
    /// <param name="image">Id of the image that the report is about.</param>
    public static IReadOnlyList<ReportNumbers> Of(VerifyRecord? verify, string image) =>
        verify?.ImageId == image ? [.. verify.Workloads.SelectMany(w => w.Numbers.Select(n => new ReportNumbers(w.Name, n)))] : [];
}
