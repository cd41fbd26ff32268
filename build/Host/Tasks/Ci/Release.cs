using System.Globalization;
using Cake.Common;
using Cake.Common.Diagnostics;
using Cake.Core;
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
    /// <summary>Setting of cake.config: bytes of the largest asset, where a server allows less than GitHub.</summary>
    public const string LargestSetting = "Gfxbake_LargestAsset";

    public override void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            var dry = DryRun.Asked(context);
            var github = dry ? null : GitHubAccess.ToWrite(context);
            var (repository, input) = (Repository(context), ReleaseInput.Collect(context));
            var tag = context.Value(Arguments.Tag) ?? ReleaseNames.DefaultTag(context.Recipe.Name, context.VariantName, input.Full.Version);
            if (!ReleaseNames.IsTag(tag))
                throw new CakeException($"--{Arguments.Tag}: '{tag}' is no tag; use letters, digits, '.', '_', '+' and '-'");
            if (!dry)
                context.Interruption.LockFiles(context);
            var files = ReleaseFiles.Read(context, input, Largest(context), dry);
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

    private static GitHubName Repository(BuildContext context)
    {
        var text = context.Value(Arguments.Repository) ?? context.EnvironmentVariable("GITHUB_REPOSITORY") ?? "";
        return GitHubName.TryParse(text)
            ?? throw new CakeException(
                $"Release needs --{Arguments.Repository}=owner/name, "
                    + $"or GITHUB_REPOSITORY{(text.Length == 0 ? "" : $"; '{text}' is no such name")}"
            );
    }

    private static long Largest(BuildContext context) =>
        long.TryParse(context.Configuration.GetValue(LargestSetting), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
        && bytes is > 0 and <= ReleasedFile.LargestAsset
            ? bytes
            : ReleasedFile.LargestAsset;
}
