using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Gfxbake.Formats.Text;
using YamlDotNet.RepresentationModel;

namespace Gfxbake.Recipes.Yaml;

/// <summary>
/// Turns a YAML document into records and collects every problem with its line, where YamlDotNet's own deserializer stops at the first.
/// </summary>
public sealed class YamlBinder(string file)
{
    // These bounds only keep a hostile recipe from eating the machine; YamlTree has those of its text.
    private const int Deepest = 16;

    /// <summary>Whose types a file's blocks can be.</summary>
    private static readonly Assembly[] Ours = [typeof(YamlBinder).Assembly, typeof(ByteCount).Assembly];

    private const int MostNodes = 20_000;

    private readonly Dictionary<string, YamlPlace> places = new(StringComparer.Ordinal);

    private int nodes;

    public IReadOnlyList<string> Problems => Tree.Problems;

    /// <summary>Where the nodes come from and the problems go.</summary>
    internal YamlTree Tree { get; } = new();

    /// <summary>Reads one document; null when it has problems.</summary>
    public T? Read<T>(TextReader reader)
        where T : class => Tree.Load(file, reader) is { } root ? Read<T>(root) : null;

    /// <summary>Binds a document that the tree has; null when it has problems.</summary>
    internal T? Read<T>(YamlNode root)
        where T : class
    {
        var value = Bind(typeof(T), root, "", 0);
        return Problems.Count == 0 ? (T?)value : null;
    }

    /// <summary>Adds a problem with what a key holds, for instance "variants.debian.code_target".</summary>
    public void Problem(string key, string message) => Tree.Problem(places.GetValueOrDefault(key, new YamlPlace(file, 1)), message);

    /// <summary>The file that gives a key.</summary>
    internal string FileOf(string key) => places.GetValueOrDefault(key, new YamlPlace(file, 1)).File;

    /// <summary>Whether what a key holds comes from an included file.</summary>
    internal bool IsIncluded(string key) => FileOf(key) != file;

    private object? Fail(YamlNode node, string message)
    {
        Tree.Problem(Tree.PlaceOf(node), message);
        return null;
    }

    private object? Bind(Type type, YamlNode node, string key, int depth)
    {
        places[key] = Tree.PlaceOf(node);
        if (depth > Deepest)
            return Fail(node, "is nested too deeply");
        // Aliases of aliases would multiply without end.
        if (++nodes > MostNodes)
            return nodes == MostNodes + 1 ? Fail(node, $"has more than {MostNodes} values; use fewer aliases") : null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return node switch
        {
            YamlScalarNode scalar => BindScalar(type, scalar, key),
            YamlSequenceNode list when ElementOf(type, typeof(IReadOnlyList<>)) is { } element => BindList(element, list, key, depth),
            YamlMappingNode map when ElementOf(type, typeof(IReadOnlyDictionary<,>)) is { } element => BindMap(element, map, key, depth),
            YamlMappingNode map when Ours.Contains(type.Assembly) && type.IsClass => BindRecord(type, map, key, depth),
            _ => Fail(node, $"'{key}' must be {Describe(type)}"),
        };
    }

    private object? BindScalar(Type type, YamlScalarNode scalar, string key)
    {
        var text = scalar.Value ?? "";
        if (type == typeof(string))
            return text;
        if (type == typeof(int) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        if (type == typeof(long) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large))
            return large;
        if (type == typeof(double) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real))
            return real;
        if (type == typeof(bool) && bool.TryParse(text, out var flag))
            return flag;
        if (type == typeof(ByteCount) && ByteCount.TryParse(text) is { } size)
            return size;
        if (type.IsEnum && Enum.GetNames(type).FirstOrDefault(n => Spell(n) == text) is { } name)
            return Enum.Parse(type, name);
        return Fail(scalar, $"'{key}' must be {Describe(type)}, not '{text}'");
    }

    private IList BindList(Type element, YamlSequenceNode list, string key, int depth)
    {
        var result = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        var index = 0;
        foreach (var child in list)
        {
            if (Bind(element, child, $"{key}[{index++}]", depth + 1) is { } value)
                result.Add(value);
        }

        return result;
    }

    private IDictionary BindMap(Type element, YamlMappingNode map, string key, int depth)
    {
        var result = (IDictionary)
            Activator.CreateInstance(typeof(SortedDictionary<,>).MakeGenericType(typeof(string), element), StringComparer.Ordinal)!;
        foreach (var (name, child) in map)
        {
            if (name is not YamlScalarNode { Value: { } text })
                Fail(name, "a key must be a plain word");
            else if (Bind(element, child, Join(key, text), depth + 1) is { } value)
                result[text] = value;
        }

        return result;
    }

    private object? BindRecord(Type type, YamlMappingNode map, string key, int depth)
    {
        var result = RuntimeHelpers.GetUninitializedObject(type);
        // The constructor sets the defaults of what the file leaves out; a positional record has none to set.
        type.GetConstructor(BindingFlags.Instance | BindingFlags.Public, [])?.Invoke(result, []);
        var properties = type.GetProperties().Where(p => p.CanWrite).ToDictionary(p => Spell(p.Name), StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, child) in map)
        {
            var text = (name as YamlScalarNode)?.Value ?? "";
            if (!properties.TryGetValue(text, out var property))
                Fail(name, $"unknown key '{Join(key, text)}'; known: {string.Join(", ", properties.Keys.Order(StringComparer.Ordinal))}");
            else if (seen.Add(text) && Bind(property.PropertyType, child, Join(key, text), depth + 1) is { } value)
                property.SetValue(result, value);
        }

        foreach (var (name, property) in properties)
        {
            if (!seen.Contains(name) && IsRequired(type, property))
                Fail(map, $"key '{Join(key, name)}' is missing ({Describe(property.PropertyType)})");
        }

        return result;
    }

    private static bool IsRequired(Type type, PropertyInfo property) =>
        property.IsDefined(typeof(RequiredMemberAttribute))
        || type.GetConstructors().Any(c => c.GetParameters().Any(p => p.Name == property.Name && !p.HasDefaultValue));

    private static Type? ElementOf(Type type, Type generic) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == generic ? type.GenericTypeArguments[^1] : null;

    private static string Join(string key, string name) => key.Length == 0 ? name : $"{key}.{name}";

    /// <summary>CodeTarget is written code_target, Null is written null.</summary>
    private static string Spell(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));

    private static string Describe(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return "one of " + string.Join(", ", Enum.GetNames(type).Select(Spell));
        if (type == typeof(int) || type == typeof(long))
            return "a whole number";
        if (type == typeof(double))
            return "a number";
        if (type == typeof(bool))
            return "true or false";
        if (type == typeof(string))
            return "text";
        if (type == typeof(ByteCount))
            return ByteCount.Form;
        return ElementOf(type, typeof(IReadOnlyList<>)) is not null ? "a list" : "a block of keys";
    }
}
