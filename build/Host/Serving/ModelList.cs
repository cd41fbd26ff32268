using System.Globalization;
using Gfxbake.Formats.Gguf;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Run;
using Gfxbake.Pipeline.Serving;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Serving;

/// <summary>The presets, and what of them lies in the folder with models.</summary>
public static class ModelList
{
    private const int NameColumns = 22;

    public static IEnumerable<string> Lines(BuildContext context)
    {
        var folder = ModelBase.Find(context);
        var files = folder is null ? [] : ModelFolder.Files(folder);
        var memory = MachineMemory.Of(context.Machine);
        yield return folder is null ? $"Which folder has the models is not known ({ModelBase.Variable})." : $"Models in {folder}";
        yield return $"Memory: {SizeText.Of(memory.Bytes)}";
        yield return "";
        foreach (var preset in context.Book.Presets.Values)
        {
            var found = folder is null ? [] : ModelFolder.Find(folder, files, preset);
            var name = $"  {preset.Name.PadRight(NameColumns)}";
            if (found.Count == 0)
                yield return $"{name} -  {preset.From}";
            foreach (var model in found)
            {
                yield return $"{name} {Size(model), 10}  {Fit(context, preset, model, memory)}";
                yield return $"      {PlainText.Visible(Path.GetRelativePath(folder!, model.Path))}";
            }
        }

        yield return "";
        yield return "-  is not here; behind it stands who has it on huggingface.co.";
        yield return "./build.sh --target=Run --model=NAME runs one of them.";
    }

    private static string Size(ModelFiles model) => SizeText.Of(model.Bytes);

    private static string Fit(BuildContext context, ModelPreset preset, ModelFiles model, MachineMemory memory)
    {
        if (context.Recipe.Run is not { } rule)
            return "";
        try
        {
            var options = ModelRun.Options(rule, preset);
            var facts = context.Book.ModelMemory;
            if (options.GetValueOrDefault(rule.Options.Context) is not { } tokens || FitQuestion.WrongContexts(tokens) is not null)
                return "";
            var question = FitQuestion.Of(
                tokens,
                options.GetValueOrDefault(rule.Options.CacheType),
                options.GetValueOrDefault(rule.Options.Parallel),
                facts
            );
            var estimate = ModelFit.Of(GgufModel.Open(model.Path), facts, question).Estimates[0];
            var answer = estimate.In(memory.Bytes, facts.Margin.Bytes) switch
            {
                FitAnswer.Fits => "fits",
                FitAnswer.Tight => "barely fits",
                _ => "does not fit",
            };
            return string.Create(CultureInfo.InvariantCulture, $"{answer}: {SizeText.Of(estimate.Total)} at {estimate.Context} tokens");
        }
        catch (Exception error) when (error is GgufFormatException or FitException or IOException or UnauthorizedAccessException)
        {
            return $"broken: {PlainText.Line(error.Message)}";
        }
    }
}
