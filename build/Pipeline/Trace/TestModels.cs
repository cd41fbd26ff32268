using Gfxbake.Formats.Files;
using Gfxbake.Formats.Gguf;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Trace;

/// <summary>The models and files that workloads read: models are written here, never downloaded.</summary>
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
            AtomicFile.Write(Path.Combine(folder, model.FileName), stream => Write(model, stream));
        foreach (var file in files)
            AtomicFile.Write(Path.Combine(folder, file.FileName), stream => stream.Write(Read(file, recipes)));
    }

    private static void Write(TestModel model, Stream stream)
    {
        var weights = model.Weights == "q8_0" ? GgufTensorType.Q8 : GgufTensorType.F16;
        if (model.Architecture == TestArchitecture.Whisper)
            TinyWhisper.Write((ulong)model.Seed, weights, stream);
        else
            TinyModel.Write(new TinyModelSettings { Seed = (ulong)model.Seed, WeightType = weights }, stream);
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
