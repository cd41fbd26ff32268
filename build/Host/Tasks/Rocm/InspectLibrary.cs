using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Offload;
using Gfxbake.Host.Rocm;
using Spectre.Console;

namespace Gfxbake.Host.Tasks.Rocm;

/// <summary>Tells which GPUs a library has code for, and how much.</summary>
[TaskName("InspectLibrary")]
[TaskDescription("Lists the GPU code inside a library: --file=…")]
public sealed class InspectLibrary : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            var file = LibraryFile.Of(context, nameof(InspectLibrary));
            var inventory =
                file.Use(() => OffloadInventory.Of(file.Open, context.Interruption.Token))
                ?? throw new CakeException(
                    $"{file.Path} has no GPU code: it is no ELF file with {FatBinaryReader.CodeSection}, no code object and no bundle"
                );
            AnsiConsole.WriteLine(file.Path);
            LibraryFile.Print(inventory);
        });
}
