using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.IO;
using Cake.Core.Tooling;
using Path = System.IO.Path;

namespace Gfxbake.Host.Tests.Fakes;

/// <summary>A real CakeContext over fakes, in a directory of its own that Dispose deletes.</summary>
public sealed class Fixture : IDisposable
{
    public Fixture()
    {
        Root = Directory.CreateTempSubdirectory("gfxbake-test-").FullName;
        Environment = new FakeEnvironment(Root);
        Environment.Variables["PATH"] = ToolDirectory;
        Environment.Variables["TMPDIR"] = Path.Combine(Root.FullPath, "tmp");
    }

    public DirectoryPath Root { get; }

    public FakeEnvironment Environment { get; }

    public FakeLog Log { get; } = new();

    public FakeConsole Console { get; } = new();

    public FakeProcessRunner Processes { get; } = new();

    /// <summary>Starts real processes instead of recording them.</summary>
    public bool RealProcesses { get; set; }

    public FileSystem FileSystem { get; } = new();

    private string ToolDirectory => Path.Combine(Root.FullPath, "bin");

    /// <summary>Puts an empty file on the PATH, so that Cake finds the tool.</summary>
    public Fixture AddTool(string name)
    {
        Directory.CreateDirectory(ToolDirectory);
        File.WriteAllBytes(Path.Combine(ToolDirectory, name), []);
        return this;
    }

    /// <summary>A context with these command line arguments; a flag is an argument with an empty value.</summary>
    public ICakeContext Context(params (string Name, string Value)[] arguments)
    {
        var globber = new Globber(FileSystem, Environment);
        var configuration = new CakeConfigurationProvider(FileSystem, Environment).CreateConfiguration(
            Root,
            new Dictionary<string, string>()
        );
        var resolution = new ToolResolutionStrategy(FileSystem, Environment, globber, configuration, Log);
        var tools = new ToolLocator(Environment, new ToolRepository(Environment), resolution);
        return new CakeContext(
            FileSystem,
            Environment,
            globber,
            Log,
            new CakeArguments(arguments.ToLookup(argument => argument.Name, argument => argument.Value, StringComparer.OrdinalIgnoreCase)),
            RealProcesses ? new ProcessRunner(FileSystem, Environment, Log, tools, configuration) : Processes,
            new WindowsRegistry(),
            tools,
            new CakeDataService(),
            configuration,
            new ToolInstaller(Environment, tools, configuration, Log, []),
            new NoServices()
        );
    }

    public void Dispose() => Directory.Delete(Root.FullPath, recursive: true);

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
