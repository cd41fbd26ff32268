using Cake.Core;
using Cake.Frosting;

namespace Gfxbake.Host.Tasks.Run;

/// <summary>What runs without --target.</summary>
[TaskName("Default")]
[TaskDescription("Runs when no target is given: Help")]
[IsDependentOn(typeof(Help))]
public sealed class Default : FrostingTask<ICakeContext>;
