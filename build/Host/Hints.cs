using Cake.Common;
using Gfxbake.Formats.Text;

namespace Gfxbake.Host;

/// <summary>Commands that messages name: they do the same to the same build, wherever the recipe's default is another one.</summary>
public static class Hints
{
    // What changes which build it is; the rest of a command line changes only how it is made.
    private static readonly string[] Build =
    [
        Arguments.Recipe,
        Arguments.Variant,
        Arguments.Engine,
        Arguments.Offload,
        Arguments.Standins,
        Arguments.Kernels,
        Arguments.Source,
        Arguments.With,
    ];

    /// <summary>The command that runs a target for the build that this run is about.</summary>
    public static string Command(this BuildContext context, string target) =>
        string.Join(
            ' ',
            [
                "./build.sh",
                "--target=" + target,
                .. Build
                    .Where(n => context.HasArgument(n))
                    .SelectMany(n => context.Arguments.GetArguments(n).Select(v => (Name: n, Value: v)))
                    .Where(a => !IsDefault(context, a.Name, a.Value))
                    .Select(a => $"--{a.Name}={ShellText.Quote(a.Value)}"),
            ]
        );

    /// <summary>What to do about a step that has not run.</summary>
    public static string RunFirst(this BuildContext context, string target) =>
        $"run {context.Command(target)} first{(context.CommandLine.Exclusive ? ", or leave --exclusive out" : "")}";

    private static bool IsDefault(BuildContext context, string name, string value) =>
        name switch
        {
            Arguments.Recipe => value == context.Configuration.GetValue("Gfxbake_Recipe"),
            Arguments.Variant => value == context.Recipe.DefaultVariant,
            Arguments.Engine => value == "auto",
            _ => false,
        };
}
