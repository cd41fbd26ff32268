using System.Text;
using Gfxbake.Pipeline.Numbers;

namespace Gfxbake.Unit.Tests.Pipeline.Numbers;

public sealed class CompletionReaderTests
{
    private const string One = "{\"completion_probabilities\":[{\"id\":5,\"token\":\"a\",\"logprob\":-0.5,\"top_logprobs\":[LIST]}]}";
    private const string Entry = "{\"id\":7,\"token\":\"b\",\"logprob\":-1.5}";

    [Test]
    public void Real_answer_is_read()
    {
        var positions = CompletionReader.Read(Completions.Real("f16"));

        Assert.Multiple(() =>
        {
            Assert.That(positions.Select(p => p.Chosen), Is.EqualTo(new[] { 353, 348, 302 }));
            Assert.That(positions.Select(p => p.Listed), Is.All.EqualTo(12));
            Assert.That(positions[0].Tokens[372], Is.EqualTo(new TokenNumber(372, " GPU", -4.736109733581543)));
        });
    }

    [Test]
    public void Generated_token_counts_where_it_is_not_among_the_listed_ones()
    {
        var position = CompletionReader.Read(One.Replace("LIST", Entry))[0];

        Assert.That(position.Tokens.Keys, Is.EquivalentTo(new[] { 5, 7 }));
        Assert.That(position.Listed, Is.EqualTo(1));
    }

    [TestCase("", "is no JSON")]
    [TestCase("data: {\"stop\":false}", "is no JSON")]
    [TestCase("{}", "has no 'completion_probabilities'")]
    [TestCase("[]", "has no 'completion_probabilities'")]
    [TestCase("{\"completion_probabilities\":[]}", "has no list of positions")]
    [TestCase("{\"completion_probabilities\":5}", "has no list of positions")]
    [TestCase("{\"completion_probabilities\":[5]}", "has no object at position 1")]
    // Of post_sampling_probs, and of servers before there were log probabilities.
    [TestCase(
        "{\"completion_probabilities\":[{\"id\":353,\"token\":\"~\",\"bytes\":[126],\"prob\":1.0,\"top_probs\":[]}]}",
        "has no finite number 'logprob' for token 353 at position 1: there is none, as of an older server or with post_sampling_probs"
    )]
    [TestCase(
        "{\"completion_probabilities\":[{\"content\":\" a\",\"probs\":[{\"tok_str\":\" a\",\"prob\":0.5}]}]}",
        "has no token number 'id' at position 1"
    )]
    [TestCase("start\nsha256:00", "is longer than 4 MiB, or binary; ask for fewer 'n_probs' or 'n_predict'")]
    public void Answer_without_log_probabilities_is_refused(string body, string message) =>
        Assert.That(() => CompletionReader.Read(body), Throws.TypeOf<CompletionFormatException>().With.Message.StartsWith(message));

    [TestCase(
        "{\"id\":7,\"token\":\"b\",\"logprob\":null}",
        "for token 7 at position 1, entry 1: null, which stands for a NaN or an infinity"
    )]
    [TestCase("{\"id\":7,\"token\":\"b\",\"logprob\":-1e999}", "for token 7 at position 1, entry 1: -1e999")]
    [TestCase("{\"id\":7,\"token\":\"b\",\"logprob\":\"-1\"}", "has no finite number 'logprob'")]
    [TestCase("{\"id\":7,\"token\":\"b\",\"logprob\":0.5}", "has a logarithm above 0 for token 7 at position 1, entry 1: 0.5")]
    [TestCase("{\"id\":99999999999,\"token\":\"b\",\"logprob\":-1}", "has no token number 'id'")]
    [TestCase("{\"id\":-1,\"token\":\"b\",\"logprob\":-1}", "has no token number 'id'")]
    [TestCase("{\"id\":1.5,\"token\":\"b\",\"logprob\":-1}", "has no token number 'id'")]
    [TestCase("{\"id\":7,\"token\":8,\"logprob\":-1}", "has no text 'token'")]
    [TestCase("{\"id\":7,\"token\":\"\\ud800\",\"logprob\":-1}", "has a text that is none")]
    [TestCase(Entry + "," + Entry, "lists token 7 twice at position 1")]
    [TestCase("[]", "has no object at position 1, entry 1")]
    public void Token_that_cannot_be_is_refused_with_its_place(string list, string message) =>
        Assert.That(
            () => CompletionReader.Read(One.Replace("LIST", list)),
            Throws.TypeOf<CompletionFormatException>().With.Message.Contains(message)
        );

    [Test]
    public void Position_without_a_list_is_refused() =>
        Assert.That(
            () => CompletionReader.Read("{\"completion_probabilities\":[{\"id\":5,\"token\":\"a\",\"logprob\":-0.5}]}"),
            Throws.TypeOf<CompletionFormatException>().With.Message.EqualTo("has no list 'top_logprobs' at position 1")
        );

    // llama-server writes the logarithm of 0 as the lowest float; one of the smallest floats is no exact number either.
    [TestCase("-3.4028234663852886e+38")]
    [TestCase("-103.2")]
    public void What_a_float_can_hardly_hold_counts_as_the_least_that_it_holds_well(string logarithm) =>
        Assert.That(
            CompletionReader.Read(One.Replace("LIST", $"{{{Completions.Token(7, logarithm)}}}"))[0].Tokens[7].LogProbability,
            Is.EqualTo(-87.3365).Within(0.001)
        );

    [Test]
    public void Answer_that_is_nested_without_end_is_refused() =>
        Assert.That(
            () => CompletionReader.Read(One.Replace("LIST", new string('[', 100_000))),
            Throws.TypeOf<CompletionFormatException>().With.Message.StartsWith("is no JSON")
        );

    [Test]
    public void Answer_that_is_too_long_is_refused_unread() =>
        Assert.That(
            () => CompletionReader.Read(new string(' ', AnswerJson.MostBytes) + One.Replace("LIST", Entry)),
            Throws.TypeOf<CompletionFormatException>().With.Message.StartsWith("is longer than 4 MiB")
        );

    [TestCase("x", 64, true)]
    [TestCase("\U0001f9e8", 64, false)]
    public void Long_text_of_a_token_is_cut_between_two_characters(string unit, int length, bool even)
    {
        var text = (even ? "" : "x") + string.Concat(Enumerable.Repeat(unit, 1000));
        var token = CompletionReader.Read(One.Replace("LIST", Entry.Replace("\"b\"", $"\"{text}\"")))[0].Tokens[7];

        Assert.That(token.Text, Has.Length.InRange(length, length + 1).And.EndsWith("…"));
        Assert.That(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(token.Text)), Is.EqualTo(token.Text));
    }

    // A server's words are anything: whatever they are, they end in an answer or in the one error.
    [Test]
    public void Damaged_answer_is_read_or_refused()
    {
        var real = Completions.Real("q8_0");
        Rounds.Run(random =>
        {
            var text = new StringBuilder(real[..random.Next(2, real.Length)]);
            for (var i = random.Next(4); i > 0; i--)
                text[random.Next(text.Length)] = "{}[]\",:-1e\\u\0n"[random.Next(14)];
            try
            {
                _ = CompletionReader.Read(text.ToString());
            }
            catch (CompletionFormatException exception)
            {
                Assert.That(exception.Message, Has.Length.LessThan(500));
            }
        });
    }
}
