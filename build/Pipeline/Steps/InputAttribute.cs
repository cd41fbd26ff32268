namespace Gfxbake.Pipeline.Steps;

/// <summary>Marks what a step's result depends on; another value makes the step run again, "because of: NAME".</summary>
/// <param name="name">What a person calls it.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InputAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>Marks a dictionary each of whose entries is an input of its own, named by its key.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InputsAttribute : Attribute;

/// <summary>Marks where something lies or how it is got; what it is stands in another property, which is an input.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PlaceAttribute : Attribute;
