using Cake.Cli;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Host;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Steps;
using Microsoft.Extensions.DependencyInjection;

Console.OutputEncoding = System.Text.Encoding.UTF8;

// Cake looks at TERM alone and would write colours into files and pipes.
if (Console.IsOutputRedirected)
    Environment.SetEnvironmentVariable("NO_COLOR", "1");
CommandLine line;
try
{
    line = CommandLine.OfProcess(args);
}
catch (CakeException exception)
{
    Console.Error.WriteLine($"Error: {exception.Message}");
    return 1;
}

// Cake's headings and times are not for the program that reads the result.
if (line.IsForPrograms)
    Console.SetOut(Console.Error);
using var interruption = new Interruption();
var status = new CakeHost()
    .UseContext<BuildContext>()
    .UseLifetime<BuildLifetime>()
    .UseWorkingDirectory(BuildPaths.FindRoot(AppContext.BaseDirectory))
    .ConfigureServices(services => services.AddSingleton(interruption).AddSingleton(line).AddSingleton<IVersionResolver, ProjectVersion>())
    .Run(DryRun.ForTasks(line.Words));
interruption.ParkIfRequested();

// Cake passes a tool's exit code on, or 1, or -1, from one version to the next.
return status == 0 ? line.Status ?? 0 : 1;
