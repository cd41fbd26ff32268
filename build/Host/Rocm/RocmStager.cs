using Cake.Core;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Staging;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Rocm;

/// <summary>Brings a recipe's packages, checks them against its lock, and unpacks them into a folder of artifacts/.</summary>
internal sealed class RocmStager
{
    // Unpacking is bound by one core's decompression, downloads by the network.
    private const int Downloading = 4;

    private readonly BuildContext context;
    private readonly StageRule rule;
    private readonly StageMaker maker;
    private readonly string? from;

    public RocmStager(BuildContext context)
    {
        this.context = context;
        rule =
            context.Recipe.Stage
            ?? throw new CakeException(
                $"{context.Recipe.Name} stages no packages; for instance ./build.sh --target=StageRocm --recipe=ollama-rocm-igpu"
            );
        maker = new StageMaker(rule, context.Paths.RocmStage, context.Paths.RocmStageWork);
        from = context.Value(Arguments.From) is { } given ? context.FromCaller(given) : null;
        if (from is not null && !Directory.Exists(from))
            throw new CakeException($"--{Arguments.From} names {from}, which is no folder; it is one with the packages' files");
    }

    private TextWriter Output => context.CommandLine.Output;

    private string LockFile => Path.Combine(context.Paths.Recipes, rule.Lock);

    public void Run() =>
        context.Interruption.Guard(() =>
        {
            try
            {
                if (DryRun.Asked(context))
                    Say();
                else
                    Stage();
            }
            catch (StageException error)
            {
                throw new CakeException(error.Message, error);
            }
        });

    private void Say()
    {
        Output.WriteLine($"Packages: {string.Join(", ", rule.Packages)}");
        Output.WriteLine(from is null ? $"From: {string.Join(", ", rule.Repositories)}" : $"From: {from}");
        Output.WriteLine($"Lock: recipes/{rule.Lock}{(context.Flag(Arguments.Update) ? ", would be written anew" : "")}");
        Output.WriteLine($"Stage: {context.Paths.Show(context.Paths.RocmStage)}");
        Output.WriteLine("Nothing was changed (--dryrun).");
    }

    private void Stage()
    {
        context.Interruption.LockFiles(context);
        if (context.Flag(Arguments.Update))
            new StageLock(context, rule, from).Write(LockFile);
        var packages = Locked();
        // A folder that is named is looked at also when nothing is to be unpacked: whoever names it asks whether it is right.
        var given = from is null ? null : StageFolder.Files(from, packages, rule.Lock);
        var (there, why) = context.Flag(Arguments.Force) ? (null, null) : maker.Existing(maker.Inputs(packages));
        if (there is not null)
        {
            Output.WriteLine("Unchanged:");
            Tell(there);
            return;
        }

        if (why is not null)
            Output.WriteLine($"Staged anew: {why}.");
        var files = given ?? Downloaded(packages);
        var bytes = files.Sum(f => new FileInfo(f.File).Length);
        StageRecord? record = null;
        Transfer.Run(
            "unpacked",
            bytes,
            progress => record = maker.Make(files, Environment.ProcessorCount, progress, context.Interruption.Token)
        );
        Tell(record!);
    }

    private IReadOnlyList<LockedPackage> Locked()
    {
        var file = new FileInfo(LockFile);
        if (!file.Exists)
        {
            throw new StageException(
                $"recipes/{rule.Lock} is not there yet: nothing says which files are right\n"
                    + $"write it: ./build.sh --target=StageRocm --recipe={context.Recipe.Name} --{Arguments.Update}, which asks dnf, "
                    + $"or add --{Arguments.From}=DIR with the packages' files"
            );
        }

        if (file is not { LinkTarget: null, Length: <= PackageLock.MostBytes })
            throw new StageException($"recipes/{rule.Lock} is a link, or larger than {PackageLock.MostBytes} bytes");
        var (packages, problems) = PackageLock.Read(File.ReadLines(file.FullName));
        if (problems.Count > 0)
            throw new StageException(string.Join('\n', problems.Select(p => $"recipes/{rule.Lock}:{p.Line}: {p.Message}")));
        return packages.Count is > 0 and <= PackageLock.Most
            ? packages
            : throw new StageException($"recipes/{rule.Lock} has {packages.Count} packages; 1 to {PackageLock.Most} are allowed");
    }

    /// <summary>Every package's file, its digest checked.</summary>
    private List<(LockedPackage Package, string File)> Downloaded(IReadOnlyList<LockedPackage> packages)
    {
        var files = new string[packages.Count];
        // Each waits for its network; what is there already is only read. Bars of several at a time would mix.
        var done = 0;
        try
        {
            Parallel.For(
                0,
                packages.Count,
                new ParallelOptions { MaxDegreeOfParallelism = Downloading, CancellationToken = context.Interruption.Token },
                i =>
                {
                    files[i] = new Downloads(context) { Quiet = true, Lock = rule.Lock }.Get(packages[i].Archive);
                    Output.WriteLine($"  {Interlocked.Increment(ref done), 3} of {packages.Count}  {packages[i].Name}");
                }
            );
        }
        catch (AggregateException several)
        {
            throw several.Flatten().InnerExceptions.OfType<CakeException>().FirstOrDefault() ?? several.InnerExceptions[0];
        }

        return [.. packages.Zip(files)];
    }

    private void Tell(StageRecord record)
    {
        Output.WriteLine($"ROCm {record.RocmVersion} in {context.Paths.Show(context.Paths.RocmStage)}");
        Output.WriteLine(
            $"  {record.Packages.Count} packages, {record.Count.Files} files, {record.Count.Links} links, {record.Count.Bytes / 1e6:N0} MB"
        );
        Output.WriteLine($"  libraries  {record.Libraries}");
        Output.WriteLine($"  tables     {record.Tensile ?? "none: rocBLAS can't compute"}");
        Output.WriteLine($"  compiler   {record.Compiler ?? "none: nothing can be compiled with it"}");
        if (record.NeededOfHost.Count > 0)
            Output.WriteLine($"  {record.NeededOfHost.Count} libraries are this machine's own: {context.Paths.Show(maker.Record)}");
    }
}
