using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Gguf;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>The models and files that workloads read: models are written here, never downloaded.</summary>
internal static class TestModels
{
    public static IEnumerable<string> Files(BuildContext context) =>
        TestInputs.Names(context.Recipe).Select(n => Path.Combine(context.Paths.Models, n));

    public static void Write(BuildContext context)
    {
        Directory.CreateDirectory(context.Paths.Models);
        foreach (var model in context.Recipe.Models)
            AtomicFile.Write(Path.Combine(context.Paths.Models, model.FileName), stream => Write(model, stream));
        foreach (var file in context.Recipe.TestFiles)
            AtomicFile.Write(Path.Combine(context.Paths.Models, file.FileName), stream => stream.Write(Read(context, file)));
    }

    private static void Write(TestModel model, Stream stream)
    {
        var weights = model.Weights == "q8_0" ? GgufTensorType.Q8 : GgufTensorType.F16;
        if (model.Architecture == TestArchitecture.Whisper)
            TinyWhisper.Write((ulong)model.Seed, weights, stream);
        else
            TinyModel.Write(new TinyModelSettings { Seed = (ulong)model.Seed, WeightType = weights }, stream);
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
