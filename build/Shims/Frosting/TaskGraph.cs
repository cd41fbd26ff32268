using System.Reflection;
using Cake.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting;

/// <summary>Turns the task types into the engine's tasks.</summary>
internal sealed class TaskGraph(ICakeEngine engine, IFrostingContext context, IServiceProvider services)
{
    public void Register()
    {
        foreach (var task in services.GetServices<IFrostingTask>())
            Register(task);

        if (services.GetService<IFrostingLifetime>() is not { } lifetime)
            return;
        engine.RegisterSetupAction(info => lifetime.Setup(context, info));
        engine.RegisterTeardownAction(info => lifetime.Teardown(context, info));
    }

    private void Register(IFrostingTask task)
    {
        var type = task.GetType();
        var builder = engine.RegisterTask(NameOf(type));
        if (type.GetCustomAttribute<TaskDescriptionAttribute>() is { } text)
            builder.Description(text.Description);

        if (Overrides(type, "Run"))
            builder.Does(() => task.RunAsync(context));

        if (Overrides(type, nameof(IFrostingTask.ShouldRun)))
            builder.WithCriteria(() => task.ShouldRun(context));

        foreach (var other in type.GetCustomAttributes<IsDependentOnAttribute>())
            builder.IsDependentOn(NameOf(other.Task));
    }

    private static string NameOf(Type type) => type.GetCustomAttribute<TaskNameAttribute>()?.Name ?? type.Name;

    // A task without work shows as such in the report and the tree, so only what is overridden is registered.
    private static bool Overrides(Type type, string method) =>
        type.GetMethods()
            .Where(m => m.Name == method)
            .Select(m => (At: m.DeclaringType!, From: m.GetBaseDefinition().DeclaringType!))
            .Any(m => m.At != m.From && m.From.IsGenericType && m.From.GetGenericTypeDefinition() == typeof(FrostingTask<>));
}
