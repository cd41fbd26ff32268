using Gfxbake.Core.Gguf;
using Gfxbake.Core.Recipes;
using Gfxbake.Core.Records;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>The models that workloads use: written here, never downloaded.</summary>
internal static class TestModels
{
    public static string File(BuildContext context, TestModel model) => Path.Combine(context.Paths.Models, model.Name + ".gguf");

    public static void Write(BuildContext context)
    {
        Directory.CreateDirectory(context.Paths.Models);
        foreach (var model in context.Recipe.Models)
        {
            var settings = new TinyModelSettings { Seed = (ulong)model.Seed, WeightType = model.Weights == "q8_0" ? GgufTensorType.Q8 : GgufTensorType.F16 };
            AtomicFile.Write(File(context, model), stream => TinyModel.Write(settings, stream));
        }
    }
}
