using Cake.Core;

namespace Cake.Frosting;

/// <summary>One node of the build's graph; only public types are found.</summary>
public interface IFrostingTask
{
    string SkippedMessage => string.Empty;

    Task RunAsync(ICakeContext context);

    bool ShouldRun(ICakeContext context);

    void OnError(Exception exception, ICakeContext context);

    void Finally(ICakeContext context);
}
