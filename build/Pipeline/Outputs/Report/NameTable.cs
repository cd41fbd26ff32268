namespace Gfxbake.Pipeline.Outputs.Report;

/// <summary>Numbers texts in the order in which they come, so that each is written once.</summary>
internal sealed class NameTable
{
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly List<string> names = [];

    public IReadOnlyList<string> Names => names;

    public int Add(string name)
    {
        if (!numbers.TryGetValue(name, out var number))
        {
            numbers.Add(name, number = names.Count);
            names.Add(name);
        }

        return number;
    }
}
