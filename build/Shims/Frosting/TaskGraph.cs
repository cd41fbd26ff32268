using System.Reflection;
using Cake.Core;
using Cake.Core.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting;

/// <summary>Turns the task types into the engine's tasks.</summary>
internal sealed class TaskGraph(ICakeEngine engine, IFrostingContext context, ICakeLog log, IServiceProvider services)
{
    public void Register()
    {
        foreach (var task in services.GetServices<IFrostingTask>())
        {
            if (ContextOf(task.GetType()).IsInstanceOfType(context))
                Register(task);
            else
                log.Warning("Task {0} is left out: the context is no {1}.", NameOf(task.GetType()), ContextOf(task.GetType()).FullName!);
        }

        RegisterLifetimes();
    }

    /// <summary>Names the nearest targets where one is misspelt; the engine itself only says that it was not found.</summary>
    public void CheckTargets(IEnumerable<string> targets)
    {
        foreach (var target in targets.Where(target => !engine.Tasks.Any(task => IsNamed(task, target))))
        {
            var near = engine.Tasks.Select(task => task.Name).Where(name => IsNear(name, target)).Order(StringComparer.Ordinal).ToArray();
            var hint = near.Length > 0 ? $"did you mean {string.Join(" or ", near)}? " : string.Empty;
            throw new CakeException(1, $"Target '{target}' does not exist; {hint}--description lists the targets.");
        }
    }

    private static bool IsNamed(ICakeTaskInfo task, string target) => string.Equals(task.Name, target, StringComparison.OrdinalIgnoreCase);

    private static bool IsNear(string name, string target) =>
        target.Length > 0
        && (
            name.Contains(target, StringComparison.OrdinalIgnoreCase)
            || target.Contains(name, StringComparison.OrdinalIgnoreCase)
            || Distance(name.ToUpperInvariant(), target.ToUpperInvariant()) <= Math.Max(2, target.Length / 4)
        );

    /// <summary>Levenshtein's edit distance.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var substituted = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    private static string NameOf(Type type) =>
        type.IsAssignableTo(typeof(IFrostingTask))
            ? type.GetCustomAttribute<TaskNameAttribute>()?.Name ?? type.Name
            : throw new FrostingException($"A task depends on {type.FullName}, which is no task.");

    private static Type ContextOf(Type type) => FrostingBase(type)?.GenericTypeArguments[0] ?? typeof(ICakeContext);

    private static Type? FrostingBase(Type type)
    {
        for (var at = type; at is not null; at = at.BaseType)
        {
            if (at.IsGenericType && at.GetGenericTypeDefinition() == typeof(FrostingTask<>))
            {
                return at;
            }
        }

        return null;
    }

    // A task without work shows as such in the report and the tree, so only what is overridden is registered.
    private static bool Overrides(Type type, string method)
    {
        var root = FrostingBase(type);
        return root is null
            || type.GetMethods().Any(m => m.Name == method && m.GetBaseDefinition().DeclaringType == root && m.DeclaringType != root);
    }

    private void Register(IFrostingTask task)
    {
        var type = task.GetType();
        var builder = engine.RegisterTask(NameOf(type));
        if (type.GetCustomAttribute<TaskDescriptionAttribute>() is { } text)
            builder.Description(text.Description);

        if (Overrides(type, "Run"))
            builder.Does(() => task.RunAsync(context));

        if (Overrides(type, "ShouldRun"))
            builder.WithCriteria(() => task.ShouldRun(context));

        if (Overrides(type, "OnError"))
            builder.OnError(exception => task.OnError(exception, context));

        foreach (var other in type.GetCustomAttributes<IsDependentOnAttribute>())
            builder.IsDependentOn(NameOf(other.Task));
    }

    private void RegisterLifetimes()
    {
        if (services.GetService<IFrostingSetup>() is { } setup)
            engine.RegisterSetupAction(info => setup.Setup(context, info));

        if (services.GetService<IFrostingTeardown>() is { } teardown)
            engine.RegisterTeardownAction(info => teardown.Teardown(context, info));
    }
}
