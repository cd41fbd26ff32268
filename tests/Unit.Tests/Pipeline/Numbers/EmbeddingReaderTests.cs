using Gfxbake.Pipeline.Numbers;

namespace Gfxbake.Unit.Tests.Pipeline.Numbers;

public sealed class EmbeddingReaderTests
{
    // Of Debian's llama-server 0.7.0, with a vector of three values.
    private const string Answer = """
        {"model":"tiny","object":"list","usage":{"prompt_tokens":4,"total_tokens":4},"data":[
        {"embedding":[-0.042,0.1689666211605072,3e-05],"index":0,"object":"embedding"}]}
        """;

    [Test]
    public void Vector_is_read()
    {
        var text = EmbeddingReader.Read(Answer).Single();

        Assert.That(text.Listed, Is.EqualTo(3));
        Assert.That(text.Tokens.Values.Select(v => v.LogProbability), Is.EqualTo(new[] { -0.042, 0.1689666211605072, 3e-05 }));
    }

    [TestCase("", "is no JSON")]
    [TestCase("[]", "has no 'data'")]
    [TestCase("{}", "has no 'data'")]
    [TestCase("{\"data\":5}", "has no list of texts in 'data'")]
    [TestCase("{\"data\":[]}", "has no list of texts in 'data'")]
    [TestCase("{\"data\":[5]}", "has no list 'embedding' for text 1")]
    [TestCase("{\"data\":[{\"embedding\":[1]},{}]}", "has no list 'embedding' for text 2")]
    [TestCase("{\"data\":[{\"embedding\":[]}]}", "has no list 'embedding' for text 1")]
    [TestCase("{\"data\":[{\"embedding\":\"AAAA\"}]}", "has no list 'embedding' for text 1")]
    [TestCase("{\"data\":[{\"embedding\":[1,null]}]}", "has no finite number as value 1 of text 1")]
    [TestCase("{\"data\":[{\"embedding\":[1e999]}]}", "has no finite number as value 0 of text 1")]
    [TestCase("{\"data\":[{\"embedding\":[0,0.0]}]}", "has only zeros for text 1")]
    [TestCase("start\nsha256:00", "is longer than 4 MiB")]
    public void Answer_without_vectors_is_refused(string body, string message) =>
        Assert.That(() => EmbeddingReader.Read(body), Throws.TypeOf<CompletionFormatException>().With.Message.StartsWith(message));

    [Test]
    public void Damaged_answer_is_read_or_refused() =>
        Rounds.Run(random =>
        {
            var damaged = Answer.ToCharArray();
            damaged[random.Next(damaged.Length)] = (char)random.Next(32, 127);
            try
            {
                _ = EmbeddingReader.Read(new string(damaged));
            }
            catch (CompletionFormatException)
            {
                // The one error.
            }
        });
}
