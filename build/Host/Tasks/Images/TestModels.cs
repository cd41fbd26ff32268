using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>The models and files that workloads read: models are written here or given, never downloaded.</summary>
internal static class TestModels
{
    public static IEnumerable<string> Files(BuildContext context) =>
        TestInputs.Names(context.Recipe).Select(n => Path.Combine(context.Paths.Models, n));

    public static void Write(BuildContext context)
    {
        Directory.CreateDirectory(context.Paths.Models);
        foreach (var model in context.Recipe.Models)
            AtomicFile.Write(Path.Combine(context.Paths.Models, model.FileName), stream => Write(context, model, stream));
        foreach (var file in context.Recipe.TestFiles)
            AtomicFile.Write(Path.Combine(context.Paths.Models, file.FileName), stream => stream.Write(Read(context, file)));
    }

    private static void Write(BuildContext context, TestModel model, Stream stream)
    {
        if (model.Given is { } given)
            stream.Write(Read(context, given));
        else
            model.Write(stream);
    }

    private static byte[] Read(BuildContext context, TestFile file)
    {
        try
        {
            return file.Read(context.Paths.Recipes);
        }
        catch (InvalidDataException exception)
        {
            throw new CakeException(exception.Message);
        }
    }
}
