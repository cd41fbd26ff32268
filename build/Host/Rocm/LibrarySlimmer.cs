using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Offload;
using Spectre.Console;

namespace Gfxbake.Host.Rocm;

/// <summary>Writes a copy of one library with the code of the wanted GPUs alone.</summary>
internal static class LibrarySlimmer
{
    private const string Example =
        "./build.sh --target=SlimLibrary --file=/usr/lib/x86_64-linux-gnu/librocblas.so.5 --gpu=gfx1151 --output=/tmp/librocblas.so.5";

    public static void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            var file = LibraryFile.Of(context, "SlimLibrary");
            var output = Output(context, file);
            var targets = Targets(context);
            var form = context.OffloadForm() ?? OffloadForm.Slim;
            var clock = System.Diagnostics.Stopwatch.StartNew();
            AnsiConsole.WriteLine(file.Path);
            LibraryFile.Print(
                file.Use(() => OffloadInventory.Of(file.Open, context.Interruption.Token))
                    ?? throw new CakeException($"{file.Path} has no GPU code to take out")
            );
            var slimmed = file.Use(() => Write(context, file, output, targets, form));
            File.SetUnixFileMode(output, File.GetUnixFileMode(file.Path));
            AnsiConsole.WriteLine($"\n{output}");
            if (!slimmed)
            {
                AnsiConsole.WriteLine(
                    $"There is nothing to take out of it for {string.Join(", ", targets)}, "
                        + "and its form is the wanted one: the copy is the same."
                );
                return;
            }

            LibraryFile.Print(file.Use(() => OffloadInventory.Of(() => File.OpenRead(output), context.Interruption.Token))!);
            var (before, after) = (new FileInfo(file.Path).Length, new FileInfo(output).Length);
            AnsiConsole.WriteLine(
                $"\n{LibraryFile.Mega(after)} of {LibraryFile.Mega(before)} "
                    + $"({1 - ((double)after / before):P0} smaller) in {clock.Elapsed.TotalSeconds:N1} s; "
                    + "every code object that stays was read back and is the same"
            );
        });

    /// <summary>Writes the copy; false when it is the library as it was.</summary>
    private static bool Write(BuildContext context, LibraryFile file, string output, IReadOnlyList<TargetId> targets, OffloadForm form)
    {
        var token = context.Interruption.Token;
        using var old = file.Open();
        if (FatBinaryReader.TryRead(old) is { } fat)
        {
            if (OffloadPlanner.Plan(fat, targets, form) is not { } rewrite)
                return Copy();
            AtomicFile.Write(
                output,
                stream =>
                {
                    var progress = new Progress(rewrite.Bundles.Count);
                    var result = OffloadWriter.Write(file.Open, rewrite, stream, progress, token);
                    OffloadCheck.Verify(
                        file.Open,
                        rewrite,
                        () => File.Open(output + AtomicFile.PartialEnding, FileMode.Open, FileAccess.Read, FileShare.ReadWrite),
                        result,
                        token
                    );
                }
            );
            if (rewrite.MovesTable)
            {
                AnsiConsole.WriteLine(
                    $"\nDo not strip {output}: it has no PT_NOTE to give up, so its program headers stand where GNU strip destroys them."
                );
            }

            if (rewrite.Note is { } note)
                AnsiConsole.WriteLine($"\n{file.Name} {note}");
            return true;
        }

        if (LooseRewrite.Plan(LooseCode.TryRead(old)!, targets, form) is not { } change)
            return Copy();
        AtomicFile.Write(output, stream => change.Write(old, stream, token));
        return true;

        bool Copy()
        {
            AtomicFile.Write(
                output,
                stream =>
                {
                    using var whole = file.Open();
                    whole.CopyToAsync(stream, token).GetAwaiter().GetResult();
                }
            );
            return false;
        }
    }

    private static string Output(BuildContext context, LibraryFile file)
    {
        var output =
            context.Value(Arguments.Output) ?? throw new CakeException($"SlimLibrary needs --output=, the file to write: {Example}");
        var path = context.FromCaller(output);
        if (Directory.Exists(path))
            path = Path.Combine(path, file.Name);
        if (Real(path) == Real(file.Path))
            throw new CakeException($"--output={output} is the library itself; write a copy, try it, then put it in place");
        return path;
    }

    private static string Real(string path) =>
        File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;

    /// <summary>What is wrong with a list of GPUs.</summary>
    internal static string? WrongGpu(string text)
    {
        try
        {
            _ = Parse(text);
            return null;
        }
        catch (FormatException error)
        {
            return $": {error.Message}";
        }
    }

    private static List<TargetId> Targets(BuildContext context) =>
        Parse(context.Value(Arguments.Gpu) ?? throw new CakeException($"SlimLibrary needs --gpu=, the GPU whose code stays: {Example}"));

    private static List<TargetId> Parse(string text) => [.. text.Split(',').Select(TargetId.Parse)];

    /// <summary>A line every two seconds.</summary>
    private sealed class Progress(int all) : IProgress<int>
    {
        private DateTime next = DateTime.UtcNow.AddSeconds(2);

        public void Report(int value)
        {
            if (DateTime.UtcNow < next)
                return;
            next = DateTime.UtcNow.AddSeconds(2);
            AnsiConsole.WriteLine($"  {value:N0} of {all:N0} bundles");
        }
    }
}
