using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Serving;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Check;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Pipeline.Run;
using Gfxbake.Pipeline.Serving;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Checks;

/// <summary>CheckGpu's work on this machine: what it checks, by which way, and the report.</summary>
/// <param name="context">The build.</param>
/// <param name="target">What is tried.</param>
/// <param name="tree">The machine.</param>
public sealed class GpuChecks(BuildContext context, GpuTarget target, HostTree tree)
{
    private GpuNodes? gpu;

    /// <summary>Looks for the GPU, where nothing stands in for it.</summary>
    /// <exception cref="CakeException">It is not there, or this user has no right to it.</exception>
    public void FindGpu()
    {
        if (target.StandIn is not null)
            return;
        var (book, recipe) = (context.Book, context.Recipe);
        gpu = GpuNodes.Find(tree, book.RunsOnRocr(context.Variant), book.Gpus[recipe.Gpu].GfxTargetVersion);
        if (gpu.Missing is { } missing)
            throw new CakeException(GpuTarget.NoGpu(book, context.Variant, missing, Same));
        if (gpu.Closed.Count > 0)
        {
            throw new CakeException(
                $"this user may not open {TextLines.List(gpu.Closed)}\nNext: {context.Command("Doctor")} tells how to get the right."
            );
        }
    }

    /// <summary>Checks the minimal image.</summary>
    public GpuReport OfImage()
    {
        var name = context.PublicImage("minimal");
        var id =
            context.ImageId(name)
            ?? throw new CakeException(
                $"{context.Engine.Kind} has no image {name}\nNext: {context.Command("MinimalImage")} makes it; "
                    + "--package checks an installed package instead."
            );
        var engine = new CommandLineEngine(context);
        var checker = new GpuChecker(context.Workspace, engine, new CakeReporter(context))
        {
            Gpu = gpu is null ? null : new(gpu.Paths, gpu.Groups, gpu.Groups.Count > 0 && RunDevice.KeepsGroups(context)),
        };
        // full.json may be of another image than the one that has the name now.
        var isOurs = RecordFile.TryRead<MinimalRecord>(context.Paths.MinimalRecord)?.ImageId == id;
        var full = isOurs ? RecordFile.TryRead<FullRecord>(context.Paths.FullRecord) : null;
        return Report(
            checker.Run(target, id),
            "minimal image",
            CheckedThings.Image(id, engine.Inspect(id)),
            CheckedThings.Packages(full, context.Variant)
        );
    }

    /// <summary>Checks the programs of the installed package.</summary>
    public GpuReport OfPackage()
    {
        var recipe = context.Recipe;
        var home = new RuntimePlaces($"{recipe.Name}-{context.VariantName}").Home;
        if (tree.Find(home[1..]).Count == 0)
        {
            var makers = context.Book.Packaging.Formats.Values.Select(f => context.Command(f.Target));
            throw new CakeException(
                $"the package of {recipe.Name}, variant {context.VariantName}, is not installed here: {home} is not there\n"
                    + $"Next: {string.Join(" or ", makers)} makes one; without --package the image is checked."
            );
        }

        // What a starter sets itself must not be set for it.
        var own = recipe.Packages?.Environment ?? new Dictionary<string, string>();
        var checker = new GpuChecker(context.Workspace, new LocalPrograms(context), new CakeReporter(context))
        {
            Environment = recipe.Image.Environment.Where(e => !own.ContainsKey(e.Key)).ToDictionary(),
        };
        return Report(checker.Run(target, ""), "installed package");
    }

    /// <summary>Writes both files and tells where they are.</summary>
    public void Write(GpuReport report)
    {
        var paths = context.Paths;
        List<string> lines = [.. GpuReportText.Lines(report)];
        RecordFile.Write(paths.GpuReport, report);
        AtomicFile.WriteText(paths.GpuReportText, string.Join('\n', lines) + "\n");
        // Spectre's console would break the lines.
        foreach (var line in lines.Prepend(""))
            Console.Out.WriteLine(line);
        Console.Out.WriteLine($"\nWritten: {paths.Show(paths.GpuReport)}, {paths.Show(paths.GpuReportText)}");
        if (report.IsHardware)
            Console.Out.WriteLine("Nobody has such a report yet: please send it (docs/checkgpu.md says how).");
    }

    /// <summary>What to say of a report that is no success: a sentence, and what to do.</summary>
    public string Problem(GpuReport report)
    {
        var worst = report.Checks.First(c => c.Verdict == report.Verdict);
        var sentence = GpuReportText.Summary(report).TrimEnd('.') + $" ({worst.Name}: {worst.Problems[0]}).";
        var log = $"the output is in {context.Paths.Show(context.Paths.FailedLog(worst.Name))}";
        var whole = report.Image is null
            ? "install the package again"
            : $"{context.Command("VerifyMinimal")} tells whether the image is whole";
        IReadOnlyList<string> known = [.. target.Checks.SelectMany(c => c.Check!.Known).Distinct()];
        var advice = worst.Verdict switch
        {
            GpuVerdict.WrongNumbers => "do not trust its answers, and send the report (docs/checkgpu.md)"
                + (known.Count == 0 ? "." : $"; known: {TextLines.List(known)}."),
            GpuVerdict.Failed => $"{log}.",
            _ when target.StandIn is not null => $"{whole}; {log}.",
            _ => $"{context.Command("Doctor")} tells what keeps this machine's GPU away; where nothing does, {whole}; {log}.",
        };
        return $"{sentence}\nNext: {advice}";
    }

    /// <summary>The command of a target; of CheckGpu for the same programs.</summary>
    private string Same(string target) =>
        context.Command(target) + (target == GpuTarget.Name && context.Flag(Arguments.Package) ? $" --{Arguments.Package}" : "");

    private GpuReport Report(
        IReadOnlyList<GpuFinding> checks,
        string programs,
        CheckedImage? image = null,
        IReadOnlyDictionary<string, string>? packages = null
    )
    {
        var (book, recipe) = (context.Book, context.Recipe);
        var given = GivenFacts.Of(recipe, context.VariantName, book.Hosts, book.Gpus, book.Devices);
        var report = new GpuReport
        {
            Recipe = recipe.Name,
            Variant = context.VariantName,
            Gpu = recipe.Gpu,
            On = target.Title,
            IsHardware = target.StandIn is null,
            Computes = target.Computes,
            Programs = programs,
            Verdict = checks.Max(c => c.Verdict),
            Image = image,
            Packages = packages ?? new Dictionary<string, string>(),
            Machine = CheckedThings.Machine(book.Doctor, tree, given),
            Checks = checks,
        };
        return Anonymous.OfThisMachine(context.Root).Of(report);
    }
}
