using Cake.Common;
using Cake.Core;

namespace Gfxbake.Host.Serving;

/// <summary>The folder with somebody's models. There is no default: nobody's home is anybody else's.</summary>
public static class ModelBase
{
    public const string Variable = "MODEL_BASE_PATH";
    private const string Setting = "Gfxbake_ModelBasePath";

    private static readonly string Ways =
        $"name it with --{Arguments.ModelBase}=DIR, with {Variable}=DIR in the environment, "
        + "or with ModelBasePath=DIR below [Gfxbake] in cake.config";

    /// <summary>The folder, absolute; null where nobody says which.</summary>
    /// <exception cref="CakeException">What is named is no folder.</exception>
    public static string? Find(BuildContext context)
    {
        var (origin, value) = Given(context);
        if (value is null)
            return null;
        // No shell has looked at what stands in cake.config.
        var path = value.StartsWith("~/", StringComparison.Ordinal) ? (context.EnvironmentVariable("HOME") ?? "~") + value[1..] : value;
        var folder = origin == Setting ? Path.GetFullPath(path, context.Root) : context.FromCaller(path);
        return Directory.Exists(folder)
            ? Path.TrimEndingDirectorySeparator(folder)
            : throw new CakeException(
                $"{(origin == Setting ? "ModelBasePath of cake.config" : origin)} names {folder}, which is no folder; {Ways}"
            );
    }

    /// <exception cref="CakeException">Nobody says which folder it is.</exception>
    public static string Need(BuildContext context) =>
        Find(context) ?? throw new CakeException($"it is not known which folder has the models: {Ways}");

    private static (string Origin, string? Value) Given(BuildContext context)
    {
        if (context.Value(Arguments.ModelBase) is { } argument)
            return ("--" + Arguments.ModelBase, argument);
        if (context.EnvironmentVariable(Variable) is { Length: > 0 } variable)
            return (Variable, variable);
        return (Setting, context.Configuration.GetValue(Setting) is { Length: > 0 } setting ? setting : null);
    }
}
