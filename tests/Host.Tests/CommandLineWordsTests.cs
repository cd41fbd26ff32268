using Cake.Core;

namespace Gfxbake.Host.Tests;

[TestFixture]
internal sealed class CommandLineWordsTests
{
    [TestCase("MinimalImage", "--target=MinimalImage")]
    [TestCase("minimalimage", "--target=MinimalImage")]
    [TestCase("help", "--target=Help")]
    [TestCase("Clean --what images", "--target=Clean --what images")]
    [TestCase("--provision MinimalImage", "--provision --target=MinimalImage")]
    [TestCase("--provision false all", "--provision false --target=All")]
    [TestCase("--recipe whisper Why --path=/x", "--recipe whisper --target=Why --path=/x")]
    [TestCase("-t why --target clean", "--target=Why --target=Clean")]
    [TestCase("--target=Why -v quiet -e", "--target=Why -v quiet -e")]
    [TestCase("--help", "--target=Help")]
    [TestCase("--target=MinimalImage -h", "--target=Help")]
    [TestCase("--tree", "--tree")]
    [TestCase("--version", "--version")]
    [TestCase("--typo MinimalImage", "--typo --target=MinimalImage")]
    public void Words_become_those_that_Cake_reads(string typed, string read) =>
        Assert.That(string.Join(' ', CommandLine.Read(typed.Split(' ')).Words), Is.EqualTo(read));

    [TestCase("Matrix", true)]
    [TestCase("FitModel --json", true)]
    [TestCase("FitModel --json=true --file=m.gguf", true)]
    [TestCase("CheckOllama --json --log=-", true)]
    [TestCase("FitModel --json=false", false)]
    [TestCase("FitModel", false)]
    [TestCase("Run --model=x", true)]
    [TestCase("Why --json", false)]
    public void Result_for_programs_is_all_that_the_standard_output_has(string typed, bool expected) =>
        Assert.That(CommandLine.Read(typed.Split(' ')).IsForPrograms, Is.EqualTo(expected));

    [TestCase("run --model=x -- --help -c 1", "--target=Run --model=x", "--help -c 1")]
    [TestCase("run -- a -- b", "--target=Run", "a -- b")]
    [TestCase("run --", "--target=Run", "")]
    public void What_follows_two_dashes_is_not_cake_s(string typed, string words, string extra)
    {
        var line = CommandLine.Read(typed.Split(' '));

        Assert.That(string.Join(' ', line.Words), Is.EqualTo(words));
        Assert.That(string.Join(' ', line.Extra), Is.EqualTo(extra));
    }

    [Test]
    public void Nothing_stays_nothing() => Assert.That(CommandLine.Read([]).Words, Is.Empty);

    [TestCase("--target=MinimalImge", "there is no target 'MinimalImge'; did you mean MinimalImage?")]
    [TestCase("minimal-image", "there is no target 'minimal-image'; did you mean MinimalImage?")]
    [TestCase("deploy", "there is no target 'deploy'\n")]
    [TestCase("--target", "--target needs the name of a target")]
    [TestCase("--target=", "--target needs the name of a target")]
    [TestCase("--target --provision", "--target needs the name of a target")]
    public void Target_that_is_not_there_is_an_error_that_names_what_may_be_meant(string typed, string message) =>
        Assert.That(
            () => CommandLine.Read(typed.Split(' ')),
            Throws.TypeOf<CakeException>().With.Message.StartsWith(message).And.Message.Contains("./build.sh --target=Help")
        );

    [TestCase("--target=VerifyMinimal --exclusive", true)]
    [TestCase("-e --target=VerifyMinimal", true)]
    [TestCase("--target=VerifyMinimal", false)]
    public void Exclusive_is_known(string typed, bool expected) =>
        Assert.That(CommandLine.Read(typed.Split(' ')).Exclusive, Is.EqualTo(expected));
}
