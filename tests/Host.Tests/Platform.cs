// The build program says this of itself, so its callers must too.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
