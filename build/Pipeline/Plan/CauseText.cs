namespace Gfxbake.Pipeline.Plan;

/// <summary>Causes as people read them.</summary>
internal static class CauseText
{
    public static string Phrase(Reason reason) =>
        reason switch
        {
            Reason.Traced => "traced in",
            Reason.RecipeKeep => "kept by rule",
            Reason.MountPoint => "place of a mount",
            Reason.Interpreter => "loader of",
            Reason.ScriptInterpreter => "runs",
            Reason.NeededBy => "needed by",
            Reason.DlopenedBy => "dlopened by",
            Reason.SymlinkTarget => "target of",
            Reason.HardLinkTarget => "same file as",
            Reason.KernelOfTarget => "GPU code for",
            Reason.KernelOfAnyGpu => "GPU table of",
            Reason.DirectoryOf => "directory of",
            Reason.AliasOf => "other name of",
            Reason.LicenceOf => "licence of",
            Reason.Excluded => "below mount",
            Reason.OnlyListed => "only listed by",
            Reason.RecipeDrop => "dropped by rule",
            Reason.StandIn => "only for replaced",
            Reason.OtherGpu => "names only",
            Reason.OtherType => "for type",
            Reason.LibraryDropped => "kernel of dropped",
            _ => "unreferenced",
        };

    /// <summary>Whether By is a path of the plan, which has causes in turn.</summary>
    public static bool LeadsOn(Reason reason) =>
        reason
            is Reason.Interpreter
                or Reason.ScriptInterpreter
                or Reason.NeededBy
                or Reason.DlopenedBy
                or Reason.SymlinkTarget
                or Reason.HardLinkTarget
                or Reason.KernelOfTarget
                or Reason.KernelOfAnyGpu
                or Reason.DirectoryOf
                or Reason.AliasOf
                or Reason.StandIn;
}
