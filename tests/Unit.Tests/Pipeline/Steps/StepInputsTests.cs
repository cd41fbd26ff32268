using System.Reflection;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Unit.Tests.Pipeline.Steps;

public sealed class StepInputsTests
{
    private sealed record Dough
    {
        [Input("flour")]
        public required string Flour { get; init; }

        [Input("seeds")]
        public required IReadOnlyList<string> Seeds { get; init; }

        [Inputs]
        public required Dictionary<string, string> Rest { get; init; }

        [Place]
        public required string Bowl { get; init; }
    }

    private sealed record Forgotten
    {
        public required string Salt { get; init; }
    }

    private static readonly Dough Plain = new()
    {
        Flour = "rye",
        Seeds = ["sesame"],
        Rest = new() { ["water"] = "cold" },
        Bowl = "red",
    };

    private static IEnumerable<Type> InputTypes =>
        typeof(StepRunner)
            .Assembly.GetTypes()
            .Where(t => t.BaseType is { IsGenericType: true } above && above.GetGenericTypeDefinition() == typeof(Step<,>))
            .Select(t => t.BaseType!.GetGenericArguments()[0]);

    [Test]
    public void Each_input_has_its_name_and_short_texts_stay_readable()
    {
        var inputs = StepInputs.Of(Plain);

        Assert.Multiple(() =>
        {
            Assert.That(inputs.Keys, Is.EqualTo(new[] { "flour", "seeds", "water" }));
            Assert.That(inputs["flour"], Is.EqualTo("rye"));
            Assert.That(inputs["water"], Is.EqualTo("cold"));
        });
    }

    [Test]
    public void Another_place_is_no_other_input() =>
        Assert.That(StepInputs.Of(Plain with { Bowl = "blue" }), Is.EqualTo(StepInputs.Of(Plain)));

    [Test]
    public void Another_list_is_another_input() =>
        Assert.That(StepInputs.Of(Plain with { Seeds = ["poppy"] })["seeds"], Is.Not.EqualTo(StepInputs.Of(Plain)["seeds"]));

    [Test]
    public void Property_that_nobody_marked_is_refused() =>
        Assert.That(
            () => StepInputs.Of(new Forgotten { Salt = "" }),
            Throws.InvalidOperationException.With.Message.EqualTo("Forgotten.Salt is neither an input nor a place")
        );

    [TestCaseSource(nameof(InputTypes))]
    public void Input_of_every_step_is_marked(Type input) =>
        Assert.That(
            input.GetProperties(BindingFlags.Public | BindingFlags.Instance),
            Has.All.Matches<PropertyInfo?>(p =>
                p!.IsDefined(typeof(InputAttribute)) ^ p!.IsDefined(typeof(InputsAttribute)) ^ p!.IsDefined(typeof(PlaceAttribute))
            )
        );

    [Test]
    public void There_are_steps() => Assert.That(InputTypes.Count(), Is.GreaterThanOrEqualTo(6));
}
