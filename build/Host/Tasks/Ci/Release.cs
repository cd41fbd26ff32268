using Cake.Common.Diagnostics;
using Cake.Frosting;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Releases;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools.GitHub;
using Gfxbake.Pipeline.Outputs.Release;
using Spectre.Console;

namespace Gfxbake.Host.Tasks.Ci;

/// <summary>Publishes one verified build on GitHub. Builds nothing: what is released is what was looked at.</summary>
[TaskName("Release")]
[TaskDescription("Publishes a verified build on GitHub: --repository=")]
public sealed class Release : FrostingTask<BuildContext>, IDryRun
{
    public override void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            var dry = DryRun.Asked(context);
            var github = dry ? null : GitHubAccess.ToWrite(context);
            var (repository, input) = (ReleaseArguments.Repository(context), ReleaseInput.Collect(context));
            var tag = ReleaseArguments.Tag(context, input.Full.Version);
            if (!dry)
                context.Interruption.LockFiles(context);
            var files = ReleaseFiles.Read(context, input, ReleaseArguments.Largest(context), dry);
            var notes = ReleaseText.Notes(context.Recipe, input.Sizes, input.Verify, files);
            AnsiConsole.WriteLine($"{repository} {tag}, at commit {input.Sizes.Revision[..12]}\n{"bytes", 16}  file");
            foreach (var part in files.SelectMany(f => f.Parts))
                AnsiConsole.WriteLine($"{part.Length, 16:N0}  {part.Name}");
            if (github is null)
            {
                // As it is, without line breaks of the console.
                AnsiConsole.Profile.Out.Writer.WriteLine($"\nnotes:\n{notes}");
                AnsiConsole.WriteLine("nothing was sent (--dryrun)");
                return;
            }

            AtomicFile.WriteText(Path.Combine(context.Paths.Release, "notes.md"), notes);
            using var upload = new AssetUpload(github.Token!);
            var plan = new ReleasePlan(
                repository,
                tag,
                input.Sizes.Revision,
                notes,
                ReleaseText.Marker(context.Recipe.Name, context.VariantName),
                [.. files.SelectMany(f => f.Parts)]
            );
            context.Information("released: {0}", new ReleasePublisher(context, github, upload, plan).Publish());
        });
}
