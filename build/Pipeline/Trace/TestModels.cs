using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Trace;

/// <summary>The models and files that workloads read: models are written here or given, never downloaded.</summary>
internal static class TestModels
{
    /// <param name="folder">Where they are written.</param>
    /// <param name="models">The recipe's models.</param>
    /// <param name="files">The recipe's test files.</param>
    /// <param name="recipes">The folder recipes/, below which test files lie.</param>
    public static void Write(string folder, IReadOnlyList<TestModel> models, IReadOnlyList<TestFile> files, string recipes)
    {
        Directory.CreateDirectory(folder);
        foreach (var model in models)
            AtomicFile.Write(Path.Combine(folder, model.FileName), stream => Write(model, recipes, stream));
        foreach (var file in files)
            AtomicFile.Write(Path.Combine(folder, file.FileName), stream => stream.Write(Read(file, recipes)));
    }

    private static void Write(TestModel model, string recipes, Stream stream)
    {
        if (model.Given is { } given)
            stream.Write(Read(given, recipes));
        else
            model.Write(stream);
    }

    private static byte[] Read(TestFile file, string recipes)
    {
        try
        {
            return file.Read(recipes);
        }
        catch (InvalidDataException exception)
        {
            throw new StepException(exception.Message);
        }
    }
}
