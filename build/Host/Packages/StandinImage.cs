using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Packages;

/// <summary>A bare Debian for what every format needs of one: patchelf, and the shell of the alternate root.</summary>
internal static class StandinImage
{
    /// <summary>Makes it if it is not there; gives it as a Dockerfile's FROM takes it.</summary>
    public static string Provide(BuildContext context)
    {
        var image = context.Image("standin");
        Bases.Provide(context, null, context.Book.Packaging.Standin, image);
        return context.From(image, context.NeedImageId(image));
    }
}
