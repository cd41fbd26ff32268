using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Plan;

namespace Gfxbake.Pipeline.Verify;

/// <summary>One way to build a variant's minimal image that was proven, and what it came to.</summary>
/// <param name="Full">Digest of full.mtree: rows of another full image are no longer true.</param>
/// <param name="Form">How GPU code is stored.</param>
/// <param name="StandIns">Rules whose stand-ins are in it.</param>
/// <param name="Asked">Whether kernel files of types went that nobody asks for.</param>
/// <param name="FileBytes">Sum of its files.</param>
/// <param name="Files">How many there are.</param>
public sealed record ProvenForm(string Full, string Form, IReadOnlyList<string> StandIns, bool Asked, long FileBytes, int Files)
{
    /// <summary>What tells it from the others: "slim, stand-ins comgr and rocsolver, kernels by type".</summary>
    public string Name =>
        string.Join(
            ", ",
            new[]
            {
                Form,
                StandIns.Count == 0 ? "" : $"stand-in{(StandIns.Count == 1 ? "" : "s")} {string.Join(" and ", StandIns)}",
                Asked ? "kernels by type" : "",
            }.Where(t => t.Length > 0)
        );

    public static ProvenForm Of(string full, PrunePlan plan, MinimalRecord image) =>
        new(
            full,
            plan.Offload.ToString().ToLowerInvariant(),
            [.. plan.Entries.Select(e => e.StandIn?.Rule).OfType<string>().Distinct().Order(StringComparer.Ordinal)],
            plan.Entries.Any(e => e.Causes.Any(c => c.Reason == Reason.OtherType)),
            image.Size.Content.FileBytes,
            image.Size.Content.Files
        );
}

/// <summary>forms.json: the ways in which one variant was built and proven, the last of each.</summary>
public sealed record ProvenForms(IReadOnlyList<ProvenForm> Forms)
{
    /// <summary>Those of one full image, the largest first.</summary>
    public static IReadOnlyList<ProvenForm> Read(string path, string full) =>
        [
            .. (RecordFile.TryRead<ProvenForms>(path)?.Forms ?? [])
                .Where(f => f.Full == full)
                .OrderByDescending(f => f.FileBytes)
                .ThenBy(f => f.Name, StringComparer.Ordinal),
        ];

    /// <summary>Adds one, in the place of one of the same name; rows of other full images go.</summary>
    public static void Add(string path, ProvenForm form) =>
        RecordFile.Write(path, new ProvenForms([.. Read(path, form.Full).Where(f => f.Name != form.Name), form]));
}
