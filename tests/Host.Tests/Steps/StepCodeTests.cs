using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tests.Steps;

/// <summary>Code of the host that a step gets from outside counts as far as the step reaches it.</summary>
[TestFixture]
internal sealed class StepCodeTests
{
    private static readonly IReadOnlyList<string> Full = CodeDigest.Methods(
        typeof(FullStep),
        "Make",
        typeof(CommandLineEngine),
        typeof(Bases),
        typeof(Sources)
    );

    [TestCase("SourceTree::Fetch(")]
    [TestCase("SourcePatches::Apply(")]
    [TestCase("Downloads::Get(")]
    [TestCase("Bases::RunMmdebstrap(")]
    [TestCase("MmdebstrapRunner::Arguments(")]
    [TestCase("ImageBuilder::BuildImage(")]
    [TestCase("FullFolder::Write(")]
    public void Code_that_the_full_image_is_made_with_counts(string method) => Assert.That(Full, Has.Some.Contain(method));

    [TestCase("Sources::Look(")]
    [TestCase("BuildArguments::")]
    [TestCase("EngineStream::Save(")]
    [TestCase("ReportPage::")]
    public void Other_code_does_not(string method) => Assert.That(Full, Has.None.Contain(method));
}
