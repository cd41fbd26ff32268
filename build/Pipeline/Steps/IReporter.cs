namespace Gfxbake.Pipeline.Steps;

/// <summary>What a step says while it works.</summary>
public interface IReporter
{
    /// <summary>One line for whoever watches.</summary>
    void Say(string line);

    /// <summary>One line that whoever watches should not miss.</summary>
    void Warn(string line);

    /// <summary>Work over a known number of bytes, shown as it goes on.</summary>
    /// <param name="what">What is done, as "hashing its files".</param>
    /// <param name="bytes">All of it.</param>
    /// <param name="work">Reports the bytes that are done.</param>
    void Transfer(string what, long bytes, Action<IProgress<long>> work);
}
