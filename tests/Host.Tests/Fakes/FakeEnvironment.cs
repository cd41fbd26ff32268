using Cake.Core;
using Cake.Core.IO;

namespace Gfxbake.Host.Tests.Fakes;

/// <summary>An environment that sees no variable of the machine that runs the tests.</summary>
public sealed class FakeEnvironment(DirectoryPath root) : ICakeEnvironment
{
    public Dictionary<string, string?> Variables { get; } = [];

    public DirectoryPath WorkingDirectory { get; set; } = root;

    public DirectoryPath UserHomeDirectory => ApplicationRoot.Combine("home");

    public DirectoryPath ApplicationRoot { get; } = root;

    public ICakePlatform Platform { get; } = new CakePlatform();

    public ICakeRuntime Runtime { get; } = new CakeRuntime();

    public DirectoryPath GetSpecialPath(SpecialPath path) => ApplicationRoot.Combine(path.ToString());

    public string? GetEnvironmentVariable(string variable) => Variables.GetValueOrDefault(variable);

    public IDictionary<string, string?> GetEnvironmentVariables() => new Dictionary<string, string?>(Variables);
}
