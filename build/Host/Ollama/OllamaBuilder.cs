using Cake.Common.Diagnostics;
using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Building;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Ollama;

/// <summary>Compiles Ollama on this machine against the stage, and collects it in its own layout.</summary>
/// <param name="context">The build.</param>
public sealed class OllamaBuilder(BuildContext context)
{
    public const string Example = "for instance ./build.sh --target=BuildOllama --recipe=ollama-rocm-igpu --source=ollama=DIR";

    private const int LogTail = 12;

    private readonly OllamaFolder result = new(context.Paths.Ollama);

    /// <exception cref="CakeException">It can't be compiled, or did not compile.</exception>
    public void Run()
    {
        var rule =
            context.Recipe.Compile
            ?? throw new CakeException(
                $"the recipe {context.Recipe.Name} compiles nothing on this machine; one that does has 'compile', {Example}"
            );
        var code = new OllamaCode(context, rule);
        var stage = OpenStage.Of(context);
        var gpu = ChosenGpu(context) ?? rule.CodeTarget;
        code.Open();
        var planner = new OllamaPlanner(context.Book.OllamaBuild, new FolderTree(code.Program.Folder));
        var (plan, sources) = Plan(planner, code, stage, gpu);
        if (DryRun.Asked(context))
        {
            foreach (var line in Told(plan, code))
                context.CommandLine.Output.WriteLine(line);
            return;
        }

        var tools = CompileTools.Versions(context, plan.Go.Count > 0);
        var inputs = Inputs(plan, code, tools, stage);
        if (IsDone(inputs))
        {
            context.Information("  nothing to do: {0} is of these sources already", context.Paths.Show(context.Paths.Ollama));
            return;
        }

        Prepare(inputs, code, sources);
        Compile(plan, sources);
        var files = OllamaFolder.List(result.Partial);
        result.Finish();
        RecordFile.Write(
            context.Paths.OllamaRecord,
            new OllamaRecord
            {
                Inputs = inputs,
                Version = code.Version,
                Form = plan.Form,
                Rocm = stage.Version,
                Gpu = gpu,
                Presets = plan.Steps.ToDictionary(s => s.Name, s => s.Preset),
                Tools = tools,
                Files = files,
            }
        );
        context.Information(
            "  {0}: {1} files, {2}",
            context.Paths.Show(context.Paths.Ollama),
            files.Count,
            SizeText.Of(files.Sum(f => f.Bytes))
        );
        context.Information("Next: {0}", context.Command("RunOllama"));
    }

    /// <summary>The one GPU that --gpu names; null when it is not given.</summary>
    /// <exception cref="CakeException">It names several.</exception>
    internal static string? ChosenGpu(BuildContext context) =>
        context.Value(Arguments.Gpu) is not { } gpu ? null
        : gpu.Contains(',') ? throw new CakeException($"--{Arguments.Gpu}={gpu}: name one GPU here, for instance --{Arguments.Gpu}=gfx1103")
        : gpu;

    private (OllamaPlan Plan, IReadOnlyDictionary<string, string> Folders) Plan(
        OllamaPlanner planner,
        OllamaCode code,
        RocmStage stage,
        string gpu
    )
    {
        try
        {
            code.OpenFetched(planner, planner.Form());
            var folders = code.Trees.ToDictionary(
                t => t.Key,
                t => Path.Combine(context.Paths.OllamaBuild, "src", t.Key),
                StringComparer.Ordinal
            );
            var plan = planner.Plan(
                new()
                {
                    Stage = stage,
                    Gpu = gpu,
                    Version = code.Version,
                    Output = Path.Combine(result.Partial, context.Book.OllamaBuild.Go.Output),
                    Folders = folders,
                    Options = context.Recipe.Compile!.Cmake,
                }
            );
            return (plan, folders);
        }
        catch (OllamaBuildException error)
        {
            throw new CakeException($"{code.Program.Folder}: {error.Message}");
        }
    }

    private SortedDictionary<string, string> Inputs(
        OllamaPlan plan,
        OllamaCode code,
        IReadOnlyDictionary<string, string> tools,
        RocmStage stage
    )
    {
        var inputs = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["plan"] = Fingerprint.Of(plan),
            ["stage"] = Fingerprint.Of(stage) + " " + Fingerprint.OfFile(context.Paths.StageRecord),
            ["tools"] = Fingerprint.Of(tools),
        };
        foreach (var (name, tree) in code.Trees)
            inputs[$"source of {name}"] = tree.Fingerprint();
        return inputs;
    }

    private bool IsDone(SortedDictionary<string, string> inputs)
    {
        var before = RecordFile.TryRead<OllamaRecord>(context.Paths.OllamaRecord);
        if (before is null)
            return false;
        if (before.Inputs.SequenceEqual(inputs))
            return result.Has(before.Files);
        var changed = inputs.Keys.Union(before.Inputs.Keys).Where(k => inputs.GetValueOrDefault(k) != before.Inputs.GetValueOrDefault(k));
        context.Information("  again, because of: {0}", string.Join(", ", changed));
        return false;
    }

    /// <summary>Copies the sources, unless an interrupted build of the same ones can go on.</summary>
    private void Prepare(SortedDictionary<string, string> inputs, OllamaCode code, IReadOnlyDictionary<string, string> folders)
    {
        context.Interruption.LockFiles(context);
        var mark = Path.Combine(context.Paths.OllamaBuild, "inputs.json");
        if (RecordFile.TryRead<SortedDictionary<string, string>>(mark) is { } before && before.SequenceEqual(inputs))
            return;
        Folders.Remove(context.Paths.OllamaBuild);
        // CMake patches llama.cpp in place, and nobody's checkout is to be changed.
        foreach (var (name, tree) in code.Trees)
        {
            context.Information("  copying {0} {1}, {2} files", name, tree.Version, tree.Files.Count);
            tree.CopyTo(folders[name]);
        }

        RecordFile.Write(mark, inputs);
    }

    private void Compile(OllamaPlan plan, IReadOnlyDictionary<string, string> folders)
    {
        var log = context.Paths.OllamaBuildLog;
        using var output = new BuildOutput(log);
        var tools = new CompileTools(context, output);
        var source = folders[context.Recipe.Compile!.Sources[0]];
        result.Begin();
        try
        {
            foreach (var step in plan.Steps)
            {
                context.Interruption.ThrowIfRequested();
                var folder = Path.Combine(context.Paths.OllamaBuild, step.Name);
                context.Information(
                    "  {0}: preset '{1}', {2}; log: {3}",
                    step.Name,
                    step.Preset,
                    string.Join(" ", step.Targets),
                    context.Paths.Show(log)
                );
                tools.Configure(Path.Combine(source, plan.Source), folder, step);
                tools.Build(folder, step, context.Value(Arguments.Jobs));
                foreach (var rule in step.Collect)
                    result.Collect(folder, rule);
            }

            if (plan.Go.Count > 0)
            {
                context.Information("  go: {0}", context.Book.OllamaBuild.Go.Output);
                tools.RunGo(source, plan.Go);
            }
        }
        catch (CakeException error) when (!context.Interruption.Requested)
        {
            var (what, lines) = output.Failure() is { Length: > 0 } failure
                ? ("the first error", failure)
                : ("the last lines", output.Tail(LogTail));
            throw DiskFull.OrOther(
                output.Has(NoSpace.Words),
                $"{error.Message}\n{what} in {context.Paths.Show(log)}:\n{lines}\n"
                    + "Next: mend what it says and run the same command again; what is compiled stays compiled"
            );
        }
    }

    private IEnumerable<string> Told(OllamaPlan plan, OllamaCode code)
    {
        foreach (var (name, tree) in code.Trees)
            yield return $"{name} {tree.Version}: {tree.Folder}";
        foreach (var step in plan.Steps)
        {
            var folder = context.Paths.Show(Path.Combine(context.Paths.OllamaBuild, step.Name));
            IEnumerable<string> configure = CompileTools.Configuring(step, folder).Select(ShellText.Quote);
            IEnumerable<string> build = CompileTools.Building(step, context.Value(Arguments.Jobs));
            string[] variables = [.. step.Environment.Select(v => $"{v.Key}={ShellText.Quote(v.Value)}")];
            foreach (var line in ShellText.Lines([.. variables, "cmake", "-S", plan.Source, .. configure]))
                yield return line;
            foreach (var line in ShellText.Lines([.. variables, "cmake", "--build", folder, .. build]))
                yield return line;
        }

        if (plan.Go.Count > 0)
        {
            foreach (var line in ShellText.Lines(["go", .. plan.Go.Select(ShellText.Quote)]))
                yield return line;
        }

        yield return $"into {context.Paths.Show(context.Paths.Ollama)}";
    }
}
