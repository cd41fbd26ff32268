using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Serving;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Serving;

/// <summary>What a program of an image says of its options: asked once for each image, which its id names.</summary>
public static class ImageHelp
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <param name="Image">Id of the image.</param>
    /// <param name="Text">What the program printed.</param>
    public sealed record Answer(string Image, string Text);

    /// <exception cref="CakeException">The program has no help.</exception>
    public static ProgramHelp Of(BuildContext context, string imageId, string program)
    {
        var file = context.Paths.ProgramHelp(program);
        if (RecordFile.TryRead<Answer>(file) is not { } answer || answer.Image != imageId)
        {
            answer = new(imageId, Ask(context, imageId, program));
            RecordFile.Write(file, answer);
        }

        var help = ProgramHelp.Parse(answer.Text);
        return help.IsEmpty ? throw new CakeException($"{program} of the image names no options for --help; is the image whole?") : help;
    }

    private static string Ask(BuildContext context, string imageId, string program)
    {
        var run = new ProgramRun
        {
            Image = imageId,
            Program = program,
            Arguments = ["--help"],
            HasNetwork = false,
        };
        try
        {
            return string.Join('\n', context.EngineCommand(Limit, RunWords.Of(run, "--no-healthcheck")));
        }
        catch (Exception exception) when (exception is EngineException or TimeoutException)
        {
            throw new CakeException($"{program} --help does not run in the image: {exception.Message}");
        }
    }
}
