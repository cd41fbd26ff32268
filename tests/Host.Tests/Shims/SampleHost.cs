using Cake.Cli;
using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Frosting;
using Gfxbake.Host.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace Gfxbake.Host.Tests.Shims;

/// <summary>One run of the sample tasks through the whole host, in this process.</summary>
internal sealed class SampleHost
{
    private readonly CakeHost _host;

    public SampleHost()
    {
        _host = new CakeHost()
            .UseContext<SampleContext>()
            .ConfigureServices(SampleTasks.Register)
            .ConfigureServices(services =>
                services
                    .AddSingleton(Journal)
                    .AddSingleton<ICakeLog>(Log)
                    .AddSingleton<IConsole>(Console)
                    .AddSingleton<IVersionResolver>(new SampleVersion())
            );
    }

    public Journal Journal { get; } = new();

    public FakeLog Log { get; } = new();

    public FakeConsole Console { get; } = new();

    public SampleHost With(Action<CakeHost> configure)
    {
        configure(_host);
        return this;
    }

    public int Run(params string[] args) => _host.Run(args);

    private sealed class SampleVersion : IVersionResolver
    {
        public string GetVersion() => "1.2.3";

        public string GetProductVersion() => "1.2.3-sample";
    }
}
