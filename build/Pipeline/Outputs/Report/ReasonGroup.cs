using Gfxbake.Pipeline.Plan;

namespace Gfxbake.Pipeline.Outputs.Report;

/// <summary>Reasons that a picture shows as one: more colours than these nobody tells apart.</summary>
/// <param name="Key">Name of its colour in page.css.</param>
/// <param name="Letter">Stands for it where colours are not seen.</param>
/// <param name="Label">In words.</param>
internal sealed record ReasonGroup(string Key, string Letter, string Label)
{
    private static readonly ReasonGroup Opened = new("opened", "O", "opened by a workload");
    private static readonly ReasonGroup Rule = new("rule", "R", "kept by a rule");
    private static readonly ReasonGroup Needed = new("needed", "N", "needed by a program or library");
    private static readonly ReasonGroup Named = new("named", "D", "named in a program, for dlopen");
    private static readonly ReasonGroup Kernel = new("kernel", "G", "GPU code and its tables");
    private static readonly ReasonGroup Link = new("link", "L", "links and folders");
    private static readonly ReasonGroup Replaced = new("standin", "S", "there by name only: a stand-in");
    private static readonly ReasonGroup Answering = new("answers", "A", "a stand-in that answers from a table");
    private static readonly ReasonGroup Dropped = new("dropped", "X", "dropped");

    public static IReadOnlyList<ReasonGroup> All { get; } = [Opened, Rule, Needed, Named, Kernel, Link, Replaced, Answering, Dropped];

    public static ReasonGroup Of(Reason reason) =>
        reason switch
        {
            Reason.Traced => Opened,
            Reason.RecipeKeep or Reason.MountPoint or Reason.LicenceOf => Rule,
            Reason.Interpreter or Reason.ScriptInterpreter or Reason.NeededBy => Needed,
            Reason.DlopenedBy => Named,
            Reason.KernelOfTarget or Reason.KernelOfAnyGpu => Kernel,
            Reason.SymlinkTarget or Reason.HardLinkTarget or Reason.DirectoryOf or Reason.AliasOf => Link,
            _ => Dropped,
        };
}
