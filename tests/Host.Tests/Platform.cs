// Only fixtures that say so run at the same time as others. They wait more than they compute, so there may be more than cores.
[assembly: LevelOfParallelism(4)]

// The build program says this of itself, so its callers must too.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
