using System.Security.Cryptography;
using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Gfxbake.Pipeline.Steps;

/// <summary>
/// Digest of the code that a piece of work runs: its method and every method of ours that it reaches, as compiled. So a change of the
/// planner makes a plan again, and a change of the report's colours does not.
/// </summary>
/// <remarks>
/// Of a type that is made, all virtual methods count, since nobody can see which of them is called. Of an interface that the work gets
/// from outside, only the called methods of the given type count. Code of libraries does not count; their versions are pinned.
/// </remarks>
public sealed class CodeDigest
{
    private const string Ours = "Gfxbake.";

    private readonly Dictionary<string, MethodDefinition> methods = [];
    private readonly HashSet<string> made = [];
    private readonly Queue<MethodDefinition> open = new();
    private readonly List<TypeDefinition> outside = [];

    private CodeDigest() { }

    /// <param name="work">Declares or inherits the method.</param>
    /// <param name="method">Its name; all overloads count.</param>
    /// <param name="outside">Types behind the interfaces that the work gets from outside.</param>
    public static string Of(Type work, string method, params IReadOnlyList<Type> outside) =>
        Use(work, method, outside, digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(digest.Text())))[..32]);

    /// <summary>Names of the methods that count, for whoever wants to know why a step runs again.</summary>
    public static IReadOnlyList<string> Methods(Type work, string method, params IReadOnlyList<Type> outside) =>
        Use(work, method, outside, digest => digest.methods.Keys.Order(StringComparer.Ordinal).ToList());

    private static T Use<T>(Type work, string method, IReadOnlyList<Type> outside, Func<CodeDigest, T> use)
    {
        using var resolver = new DefaultAssemblyResolver();
        foreach (var folder in outside.Append(work).Select(t => Path.GetDirectoryName(t.Assembly.Location)!).Distinct())
            resolver.AddSearchDirectory(folder);
        var modules = new Dictionary<string, ModuleDefinition>();
        try
        {
            var digest = new CodeDigest();
            digest.outside.AddRange(outside.Select(t => Find(t, resolver, modules)));
            for (var type = Find(work, resolver, modules); type is not null && digest.methods.Count == 0; type = Above(type))
            {
                foreach (var start in type.Methods.Where(m => m.Name == method))
                    digest.Add(start);
            }

            digest.FollowAll();
            return use(digest);
        }
        finally
        {
            foreach (var module in modules.Values)
                module.Dispose();
        }
    }

    private static TypeDefinition Find(Type type, DefaultAssemblyResolver resolver, Dictionary<string, ModuleDefinition> modules)
    {
        var file = type.Assembly.Location;
        if (!modules.TryGetValue(file, out var module))
            modules[file] = module = ModuleDefinition.ReadModule(file, new ReaderParameters { AssemblyResolver = resolver });
        return module.GetType(type.FullName!.Replace('+', '/'));
    }

    private static TypeDefinition? Above(TypeDefinition type) => type.BaseType is { } above && IsOurs(above) ? above.Resolve() : null;

    private void FollowAll()
    {
        while (open.TryDequeue(out var method))
        {
            if (method.HasBody)
                Follow(method.Body);
        }
    }

    private string Text()
    {
        var text = new StringBuilder();
        foreach (var (name, method) in methods.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append('\n');
            if (!method.HasBody)
                continue;
            foreach (var variable in method.Body.Variables)
                text.Append(variable.VariableType.FullName).Append('\n');
            foreach (var handler in method.Body.ExceptionHandlers)
                text.Append($"{handler.HandlerType} {handler.TryStart} {handler.HandlerStart} {handler.CatchType?.FullName}\n");
            foreach (var instruction in method.Body.Instructions)
                text.Append(instruction).Append('\n');
        }

        return text.ToString();
    }

    private void Follow(MethodBody body)
    {
        foreach (var instruction in body.Instructions)
        {
            switch (instruction.Operand)
            {
                case MethodReference called:
                    Call(called, isMade: instruction.OpCode == OpCodes.Newobj);
                    break;
                case FieldReference field when IsOurs(field.DeclaringType):
                    Start(field.DeclaringType.Resolve());
                    break;
            }
        }
    }

    private void Call(MethodReference called, bool isMade)
    {
        if (!IsOurs(called.DeclaringType) || called.Resolve() is not { } method)
            return;
        Add(method);
        Start(method.DeclaringType);
        if (isMade)
            Make(method.DeclaringType);
        if (method.DeclaringType.IsInterface || method.IsAbstract)
            AddOutside(method);
    }

    /// <summary>The static constructor: it sets what methods of the type read.</summary>
    private void Start(TypeDefinition? type)
    {
        if (type?.Methods.FirstOrDefault(m => m is { IsConstructor: true, IsStatic: true }) is { } start)
            Add(start);
    }

    private void Make(TypeDefinition type)
    {
        if (!made.Add(type.FullName))
            return;
        foreach (var method in type.Methods.Where(m => m.IsVirtual))
            Add(method);
        if (Above(type) is { } above)
            Make(above);
    }

    private void AddOutside(MethodDefinition called)
    {
        foreach (
            var method in outside
                .SelectMany(t => t.Methods)
                .Where(m => m.Name == called.Name && m.Parameters.Count == called.Parameters.Count)
        )
        {
            Add(method);
        }
    }

    private void Add(MethodDefinition method)
    {
        if (methods.TryAdd(method.FullName, method))
            open.Enqueue(method);
    }

    private static bool IsOurs(TypeReference type)
    {
        var outer = type.GetElementType();
        while (outer.DeclaringType is { } above)
            outer = above;
        return outer.Namespace.StartsWith(Ours, StringComparison.Ordinal);
    }
}
