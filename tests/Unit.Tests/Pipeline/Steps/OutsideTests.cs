using System.Collections;
using System.Reflection;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Unit.Tests.Pipeline.Steps;

/// <summary>Code that a step gets from outside counts: it comes as an interface that the step names, and never inside an input.</summary>
public sealed class OutsideTests
{
    private static IReadOnlyList<SampleSteps.Sample> Steps => SampleSteps.All;

    private static IEnumerable<Type> StepTypes =>
        typeof(StepRunner)
            .Assembly.GetTypes()
            .Where(t => t.BaseType is { IsGenericType: true } above && above.GetGenericTypeDefinition() == typeof(Step<,>));

    [Test]
    public void Every_step_is_among_the_samples() =>
        Assert.That(Steps.Select(s => s.Itself.GetType()).Distinct(), Is.EquivalentTo(StepTypes));

    [TestCaseSource(nameof(Steps))]
    public void Whatever_a_step_holds_is_data_or_named_as_coming_from_outside(object sample)
    {
        var (step, outside) = (((SampleSteps.Sample)sample).Itself, ((SampleSteps.Sample)sample).Outside);
        var held = step.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Where(f => f.FieldType != typeof(string));

        Assert.That(held.Select(f => f.GetValue(step)), Is.SubsetOf(outside));
    }

    [TestCaseSource(nameof(StepTypes))]
    public void Input_holds_no_code(Type step) =>
        Assert.That(Callbacks(step.BaseType!.GetGenericArguments()[0], []), Is.Empty, "what it does would not be digested");

    [Test]
    public void Code_in_an_input_is_found() => Assert.That(Callbacks(typeof(Bowl), []), Is.EqualTo(new[] { "Filling.Fill" }));

    private sealed record Filling(Func<string> Fill);

    private sealed record Bowl(IReadOnlyList<Filling> Inside, string Colour);

    private static IEnumerable<string> Callbacks(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type))
            return [];
        var holdsOthers =
            type.IsAssignableTo(typeof(IEnumerable)) || type.FullName!.StartsWith("System.ValueTuple", StringComparison.Ordinal);
        if (holdsOthers)
            return type.GetGenericArguments().SelectMany(a => Callbacks(a, seen));
        if (!type.FullName!.StartsWith("Gfxbake.", StringComparison.Ordinal))
            return [];
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .SelectMany(p =>
                p.PropertyType.IsAssignableTo(typeof(Delegate)) || p.PropertyType is { IsInterface: true, IsGenericType: false }
                    ? [$"{type.Name}.{p.Name}"]
                    : Callbacks(p.PropertyType, seen)
            );
    }
}
