using Cake.Frosting;

namespace Gfxbake.Host.Tasks.Exports;

/// <summary>
/// The whole main job: the verified minimal image, its export, its sizes against the budget, its report and what is in it.
/// </summary>
[TaskName("All")]
[TaskDescription("Minimal image, export, sizes, report and SBOM")]
[IsDependentOn(typeof(SaveMinimalImageZst))]
[IsDependentOn(typeof(CompareExports))]
[IsDependentOn(typeof(Report))]
[IsDependentOn(typeof(Sbom))]
public sealed class All : FrostingTask<BuildContext>;
