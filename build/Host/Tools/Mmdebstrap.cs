using Cake.Core;
using Cake.Core.IO;
using Cake.Core.Tooling;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tools;

/// <summary>mmdebstrap: bootstraps a Debian root file system as a tar, the same bytes each time for the same archive state.</summary>
public sealed class MmdebstrapSettings : ToolSettings
{
    public required Bootstrap Bootstrap { get; init; }

    public required FilePath Output { get; init; }
}

public sealed class MmdebstrapRunner(ICakeContext context)
    : Tool<MmdebstrapSettings>(context.FileSystem, context.Environment, context.ProcessRunner, context.Tools)
{
    public void Run(MmdebstrapSettings settings)
    {
        settings.EnvironmentVariables = new Dictionary<string, string>
        {
            ["SOURCE_DATE_EPOCH"] = settings.Bootstrap.SourceDateEpoch.ToString(),
        };
        Run(settings, Arguments(settings));
    }

    internal static ProcessArgumentBuilder Arguments(MmdebstrapSettings settings)
    {
        var words = new List<string>
        {
            "--variant=minbase",
            "--format=tar",
            // An archive copy that stands still has an expired Release file; its signature is checked all the same.
            "--aptopt=Acquire::Check-Valid-Until \"false\"",
            // A layer that is not finished is thrown away whole, so syncing each file only costs time.
            "--customize-hook=echo force-unsafe-io > \"$1/etc/dpkg/dpkg.cfg.d/gfxbake\"",
        };
        if (settings.Bootstrap.Packages.Count > 0)
            words.Add("--include=" + string.Join(',', settings.Bootstrap.Packages));
        if (settings.Bootstrap.Components.Count > 0)
            words.Add("--components=" + string.Join(',', settings.Bootstrap.Components));
        words.Add(settings.Bootstrap.Suite);
        words.Add(settings.Output.FullPath);
        if (settings.Bootstrap.Mirror is { } mirror)
            words.Add(mirror);
        return EngineAliases.Words(words);
    }

    protected override string GetToolName() => "mmdebstrap";

    protected override IEnumerable<string> GetToolExecutableNames() => ["mmdebstrap"];
}
