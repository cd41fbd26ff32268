using Cake.Cli;
using Cake.Frosting;
using Gfxbake.Host;
using Gfxbake.Host.Steps;
using Microsoft.Extensions.DependencyInjection;

Console.OutputEncoding = System.Text.Encoding.UTF8;
// Cake looks at TERM alone and would write colours into files and pipes.
if (Console.IsOutputRedirected) Environment.SetEnvironmentVariable("NO_COLOR", "1");
using var interruption = new Interruption();
var status = new CakeHost()
    .UseContext<BuildContext>()
    .UseLifetime<BuildLifetime>()
    .UseWorkingDirectory(BuildPaths.FindRoot(AppContext.BaseDirectory))
    .ConfigureServices(services => services.AddSingleton(interruption).AddSingleton<IVersionResolver, ProjectVersion>())
    .Run(DryRun.ForTasks(args));
interruption.ParkIfRequested();
// Cake passes a tool's exit code on, or 1, or -1, from one version to the next.
return status == 0 ? 0 : 1;
