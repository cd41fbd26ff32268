using Cake.Cli;
using Cake.Cli.Infrastructure;
using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Cake.Core.Scripting;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console.Cli;

namespace Cake.Frosting;

internal sealed class HostCommand(IServiceCollection services) : Command<HostSettings>
{
    public override int Execute(CommandContext context, HostSettings settings, CancellationToken cancellationToken)
    {
        services.AddSingleton<ICakeArguments>(context.Remaining.ToCakeArguments(settings.Targets));
        using var provider = services.BuildServiceProvider();
        var log = provider.GetRequiredService<ICakeLog>();
        try
        {
            if (settings.Version || settings.Info)
            {
                ShowVersion(provider, settings);
                return 0;
            }

            log.Verbosity = settings.Verbosity;
            EnterWorkingDirectory(provider, settings);
            RunTargets(provider, settings);
            return 0;
        }
        catch (Exception exception)
        {
            // A task's exception comes inside of the report's, which hides its exit code; so it does in Cake.Frosting 7.0.
            log.LogException(exception);
            return 1;
        }
    }

    private static void ShowVersion(ServiceProvider provider, HostSettings settings)
    {
        var console = provider.GetRequiredService<IConsole>();
        if (settings.Version)
            provider.GetRequiredService<VersionFeature>().Run(console);
        else
            provider.GetRequiredService<InfoFeature>().Run(console);
    }

    private static void EnterWorkingDirectory(ServiceProvider provider, HostSettings settings)
    {
        var wanted = settings.Working ?? provider.GetService<WorkingDirectory>()?.Path;
        if (wanted is null)
            return;

        var environment = provider.GetRequiredService<ICakeEnvironment>();
        var path = wanted.MakeAbsolute(environment);
        if (!provider.GetRequiredService<IFileSystem>().Exist(path))
            throw new CakeException($"The working directory '{path}' does not exist.");

        environment.WorkingDirectory = path;
    }

    private static void RunTargets(ServiceProvider provider, HostSettings settings)
    {
        IScriptHost host = settings switch
        {
            { DryRun: true } => provider.GetRequiredService<DryRunScriptHost<IFrostingContext>>(),
            { Tree: true } => provider.GetRequiredService<TreeScriptHost>(),
            { Description: true } => provider.GetRequiredService<DescriptionScriptHost>(),
            _ => provider.GetRequiredService<BuildScriptHost<IFrostingContext>>(),
        };
        if (settings.Exclusive)
            host.Settings.UseExclusiveTarget();

        provider.GetRequiredService<TaskGraph>().Register();
        host.RunTargetsAsync(settings.Targets).GetAwaiter().GetResult();
    }
}
