using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.IO;
using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting;

internal sealed record WorkingDirectory(DirectoryPath Path);

internal sealed record CakeSetting(string Key, string Value);

internal static class HostConfiguration
{
    /// <summary>cake.config and the CAKE_ variables, under the settings that the host registered.</summary>
    public static ICakeConfiguration Create(IServiceProvider services)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in services.GetServices<CakeSetting>())
        {
            settings[setting.Key] = setting.Value;
        }

        return services.GetRequiredService<CakeConfigurationProvider>()
            .CreateConfiguration(services.GetRequiredService<ICakeEnvironment>().WorkingDirectory, settings);
    }
}
