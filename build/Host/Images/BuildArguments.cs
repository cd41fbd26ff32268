using Cake.CMake;
using Cake.Common;
using Cake.Core;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;
using Names = Gfxbake.Host.Arguments;

namespace Gfxbake.Host.Images;

/// <summary>What the command line asks of a build, held against the recipe's variant.</summary>
public static class BuildArguments
{
    /// <exception cref="CakeException">The variant compiles nothing, or not like this.</exception>
    public static Asked Of(BuildContext context)
    {
        CheckCompiling(context);
        var asked = new Asked
        {
            Refresh = context.Flag(Names.Refresh),
            UpdateLock = context.Flag(Names.UpdateLock),
            Jobs = Jobs(context),
        };
        if (context.Value(Names.Zstd) is { } zstd)
            asked = asked with { Zstd = zstd };
        asked = asked with { SourceFolders = LocalFolders(context) };
        return context.Variant.Source is null ? asked : asked with { CMake = CMake(context) };
    }

    /// <summary>What says how a variant is compiled.</summary>
    public static IReadOnlyList<string> Compiling { get; } = [Names.Source, Names.With, Names.Jobs];

    /// <summary>What is wrong with a full image as it is asked for, said before a step has cost its minutes.</summary>
    public static void Check(BuildContext context)
    {
        if (context.Flag(Names.Refresh))
            CheckRefresh(context);
        CheckCompiling(context);
    }

    private static void CheckCompiling(BuildContext context)
    {
        if (context.Variant.Source is { } source)
        {
            _ = (Switches(context, source), Jobs(context), LocalFolders(context));
            return;
        }

        // A package may have files of a source that nothing is compiled from.
        var named = Sources(context).Count > 0;
        if (named)
            _ = LocalFolders(context);
        var compiled = context.Recipe.Variants.Where(v => v.Value.Source is not null).Select(v => v.Key).ToList();
        foreach (var name in Compiling.Where(n => context.HasArgument(n) && !(named && n == Names.Source)))
        {
            throw new CakeException(
                $"--{name}: variant {context.VariantName} compiles nothing; "
                    + $"{(compiled.Count == 0 ? "no variant of this recipe does" : "variants that do: " + string.Join(", ", compiled))}"
            );
        }
    }

    /// <summary>The folders that --source names, absolute, by the source's name: DIR is the program's, NAME=DIR any other's.</summary>
    /// <exception cref="CakeException">A folder is not there, the program's is no checkout, or a source is named twice.</exception>
    public static IReadOnlyDictionary<string, string> LocalFolders(BuildContext context)
    {
        var sources = Sources(context);
        var program = context.Variant.Source?.Name;
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var argument in context.HasArgument(Names.Source) ? context.Arguments.GetArguments(Names.Source) : [])
        {
            var named = sources.FirstOrDefault(s => argument.StartsWith(s.Name + "=", StringComparison.Ordinal));
            var name =
                named?.Name
                ?? program
                ?? throw new CakeException(
                    $"--{Names.Source}={argument}: variant {context.VariantName} compiles nothing; NAME=DIR can name {Known(sources)}"
                );
            var folder = LocalFolder(context, argument, named is null ? argument : argument[(name.Length + 1)..], name == program);
            if (!found.TryAdd(name, folder))
                throw new CakeException($"--{Names.Source} names a folder of {name} twice");
        }

        return found;
    }

    /// <summary>What the variant compiles, and what else its packages have files of.</summary>
    private static List<SourceCode> Sources(BuildContext context)
    {
        var trees = (context.Recipe.Packages?.Trees ?? []).Where(t => t.IsOf(context.VariantName)).Select(t => t.From).OfType<string>();
        return [.. context.Variant.Sources.Concat(trees.Distinct().Select(f => context.Recipe.Sources[f])).DistinctBy(s => s.Name)];
    }

    private static string Known(IEnumerable<SourceCode> sources) => string.Join(", ", sources.Select(s => s.Name));

    private static string LocalFolder(BuildContext context, string argument, string path, bool isProgram)
    {
        var folder = context.FromCaller(path);
        if (!Directory.Exists(folder))
        {
            var others = argument.Contains('=') ? $"; NAME=DIR can name {Known(Sources(context))}" : "";
            throw new CakeException($"--{Names.Source}={argument}: there is no folder {folder}{others}");
        }

        return isProgram && context.Variant.Source is { } source && !File.Exists(Path.Combine(folder, source.Has))
            ? throw new CakeException($"--{Names.Source}={argument}: {folder} has no {source.Has}; name the top folder of the checkout")
            : folder;
    }

    /// <summary>The words that follow cmake -S /src -B /build, which runs in the compile stage.</summary>
    private static List<string> CMake(BuildContext context)
    {
        var settings = new CMakeSettings
        {
            Generator = context.Variant.Source!.Generator,
            Options = [.. context.Variant.Source.CmakeOptions(context.Recipe, context.Variant, Switches(context, context.Variant.Source))],
        };
        return ["-G" + settings.Generator, .. settings.Options];
    }

    private static List<string> Switches(BuildContext context, SourceCode source)
    {
        var known = source.Switches;
        List<string> names =
        [
            .. (context.Value(Names.With) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        ];
        foreach (var name in names.Where(n => !known.ContainsKey(n)))
        {
            throw new CakeException(
                $"--{Names.With}={name}: unknown switch; known: "
                    + $"{(known.Count == 0 ? "none" : string.Join(", ", known.Keys))} (recipes/{context.Recipe.Name}/recipe.yml)"
            );
        }

        return names;
    }

    private static string Jobs(BuildContext context) => context.Value(Names.Jobs) ?? "";

    private static void CheckRefresh(BuildContext context)
    {
        _ = StepRecords.OfStep(() =>
            LockedVersions.Of(context.Paths, refresh: true, context.Flag(Names.UpdateLock), LockedVersions.Newer(context.Command))
        );
        if (
            !File.ReadAllText(Path.Combine(context.Root, context.Variant.Dockerfile))
                .Contains(FullFolder.Preferences, StringComparison.Ordinal)
        )
        {
            throw new CakeException(
                $"--{Names.Refresh}: {context.Variant.Dockerfile} does not COPY {FullFolder.Preferences} before it asks the archive, "
                    + "so the engine would answer from its cache; docs/updating.md shows the line"
            );
        }
    }
}
