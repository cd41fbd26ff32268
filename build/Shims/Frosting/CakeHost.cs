using System.Reflection;
using Cake.Cli;
using Cake.Core;
using Cake.Core.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Cake.Frosting;

/// <summary>Finds the public tasks of the entry assembly, wires Cake's services and runs one command line.</summary>
public sealed class CakeHost
{
    private readonly ServiceCollection _services = CreateServices();

    /// <summary>Adds services; the last registration of a type wins, over the host's own ones too.</summary>
    public CakeHost ConfigureServices(Action<IServiceCollection> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services(_services);
        return this;
    }

    /// <summary>Runs the command line; 0 is success, 1 a failed build, -1 a command line that can't be read.</summary>
    public int Run(IEnumerable<string> args)
    {
        var tasks = Assembly
            .GetEntryAssembly()!
            .GetExportedTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IFrostingTask)));
        foreach (var task in tasks)
            _services.AddSingleton(typeof(IFrostingTask), task);

        var registrar = new TypeRegistrar();
        registrar.RegisterInstance(typeof(IServiceCollection), _services);
        var app = new CommandApp<HostCommand>(registrar);
        return app.Run(args);
    }

    private static ServiceCollection CreateServices()
    {
        var services = new ServiceCollection();
        services.AddCakeDiagnostics().UseCakeDefaultModules();
        services
            .AddSingleton(AnsiConsole.Console)
            .AddSingleton<ICakeReportPrinter, CakeReportPrinter>()
            .AddSingleton<ICakeConfiguration>(Configuration)
            .AddSingleton<CakeConfigurationProvider>()
            .AddSingleton<IVersionResolver, VersionResolver>()
            .AddSingleton<VersionFeature>()
            .AddSingleton<InfoFeature>()
            .AddSingleton<BuildScriptHost<IFrostingContext>>()
            .AddSingleton<DryRunScriptHost<IFrostingContext>>()
            .AddSingleton<TreeScriptHost>()
            .AddSingleton<DescriptionScriptHost>()
            .AddSingleton<TaskGraph>();
        return services;
    }

    /// <summary>cake.config and the CAKE_ variables.</summary>
    private static ICakeConfiguration Configuration(IServiceProvider services) =>
        services
            .GetRequiredService<CakeConfigurationProvider>()
            .CreateConfiguration(services.GetRequiredService<ICakeEnvironment>().WorkingDirectory, new Dictionary<string, string>());
}
