using Gfxbake.Pipeline.Run;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Serving;

/// <summary>What Doctor says of a machine and this build.</summary>
public static class MachineCheck
{
    public static HostReport Of(BuildContext context, HostTree machine)
    {
        var (book, recipe) = (context.Book, context.Recipe);
        var hasFix = MadeImage.HasFix(context.Paths.FullTar, book.Hosts, recipe.Gpu, context.Variant.Rocr);
        var given = GivenFacts.Of(recipe, context.VariantName, book.Hosts, book.Gpus, book.Devices, hasFix);
        return HostCheckup.Of(book.Doctor, machine, given);
    }
}
