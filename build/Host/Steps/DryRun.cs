using System.Reflection;
using Cake.Core;
using Cake.Frosting;

namespace Gfxbake.Host.Steps;

/// <summary>A task that itself says what it would do; Cake's dry run would only print the task's name.</summary>
public interface IDryRun;

/// <summary>Hands --dryrun to the tasks that want it.</summary>
public static class DryRun
{
    private static readonly string[] Flags = ["--dryrun", "--noop", "--whatif"];

    /// <summary>
    /// The command line with --print-only in place of the flag, when every target is an IDryRun: Cake takes its own flag for itself
    /// and never shows it to the tasks.
    /// </summary>
    public static IReadOnlyList<string> ForTasks(IReadOnlyList<string> arguments)
    {
        var targets = Targets(arguments).ToList();
        var own = typeof(DryRun)
            .Assembly.GetExportedTypes()
            .Where(t => t.IsAssignableTo(typeof(IDryRun)) && t.IsClass)
            .Select(t => t.GetCustomAttribute<TaskNameAttribute>()?.Name ?? t.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return targets.Count > 0 && targets.All(own.Contains)
            ? [.. arguments.Select(a => Flags.Contains(a) ? "--" + Arguments.PrintOnly : a)]
            : arguments;
    }

    /// <summary>Whether nothing may be changed.</summary>
    public static bool Asked(ICakeContext context) => context.Flag(Arguments.PrintOnly);

    private static IEnumerable<string> Targets(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is "--target" or "-t" && i + 1 < arguments.Count)
                yield return arguments[i + 1];
            foreach (var start in new[] { "--target=", "-t=" })
            {
                if (arguments[i].StartsWith(start, StringComparison.Ordinal))
                    yield return arguments[i][start.Length..];
            }
        }
    }
}
