using System.Text.RegularExpressions;
using Cake.Core;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Pins;

namespace Gfxbake.Host.Tools.Upstream;

/// <summary>Asks for newer versions where the pins say that they are announced.</summary>
internal sealed class UpstreamSurvey(BuildContext context, UpstreamWeb web)
{
    private readonly UpstreamReleases releases = new(context);
    private readonly Dictionary<string, string> silent = new(StringComparer.Ordinal);

    public static PinFile Read(BuildContext context, string name) =>
        PinFile.Parse(name, File.ReadAllText(Path.Combine(context.Root, name)));

    public PinFinding Ask(WatchedPin pin)
    {
        // One that did not answer is asked once, however many recipes use it.
        if (silent.TryGetValue(pin.Address, out var known))
            return new PinFinding(pin, null, Problem: known);
        try
        {
            var newest =
                pin.Watch.Pin is UpstreamWatch.Source ? releases.Newest(pin) : UpstreamNames.Newest(pin.Watch, web.Names(pin.Address));
            if (newest is null)
                return new PinFinding(pin, null, Problem: $"{pin.Address} lists nothing that /{pin.Watch.Match}/ takes");
            var finding = new PinFinding(
                pin,
                newest,
                pin.Watch.Pin is UpstreamWatch.Source ? releases.Commit(pin.Address, newest.Name) : null
            );
            return finding.HasMoved
                ? finding with
                {
                    Problem =
                        $"the tag {newest.Name} of {pin.Address} now names {finding.Digest}, and {pin.Digest} is pinned; "
                        + "look into it before you pin it anew by hand",
                }
                : finding;
        }
        catch (Exception error) when (IsOfAnUpstream(error) && !context.Interruption.Requested)
        {
            var problem = $"{pin.Address}: {error.Message.ReplaceLineEndings(" ")}";
            return new PinFinding(pin, null, Problem: silent[pin.Address] = problem);
        }
    }

    /// <summary>The commit or SHA-256 that belongs to what was found; null for a pin that has none.</summary>
    public string? Digest(PinFinding finding) =>
        finding.Pin.Watch.Pin is UpstreamWatch.Archive ? web.Sha256(finding.Pin.Address, finding.Newest!.Name) : finding.Digest;

    public static bool IsOfAnUpstream(Exception error) =>
        error
            is CakeException
                or HttpRequestException
                or IOException
                or InvalidDataException
                or TaskCanceledException
                or RegexMatchTimeoutException;
}
