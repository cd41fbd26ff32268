using System.Reflection;
using Cake.Frosting;

namespace Gfxbake.Host;

/// <summary>The tasks of this program, as their attributes describe them.</summary>
internal static class TaskList
{
    public static IReadOnlyList<(string Name, string Description)> All { get; } =
    [
        .. typeof(TaskList)
            .Assembly.GetExportedTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IFrostingTask)))
            .Select(t =>
                (
                    t.GetCustomAttribute<TaskNameAttribute>()?.Name ?? t.Name,
                    t.GetCustomAttribute<TaskDescriptionAttribute>()?.Description ?? ""
                )
            )
            .OrderBy(t => t.Item1, StringComparer.Ordinal),
    ];
}
