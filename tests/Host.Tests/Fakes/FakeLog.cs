using Cake.Core.Diagnostics;

namespace Gfxbake.Host.Tests.Fakes;

/// <summary>Keeps every line as <c>Level: text</c>, whatever its verbosity.</summary>
public sealed class FakeLog : ICakeLog
{
    public List<string> Lines { get; } = [];

    public Verbosity Verbosity { get; set; } = Verbosity.Normal;

    public void Write(Verbosity verbosity, LogLevel level, string format, params object[] args) =>
        Lines.Add($"{level}: {(args.Length == 0 ? format : string.Format(format, args))}");
}
