namespace Cake.Docker;

/// <summary>How an option is written where <c>--name value</c> does not fit; {0} is its name, {1} its value.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AutoPropertyAttribute : Attribute
{
    public string? Format { get; set; }
}
