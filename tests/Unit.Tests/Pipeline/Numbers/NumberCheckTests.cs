using Gfxbake.Pipeline.Numbers;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Unit.Tests.Pipeline.Numbers;

public sealed class NumberCheckTests
{
    private static readonly string Reference = Completions.Of(
        [(1, -0.1), (2, -2.5), (3, -4)],
        [(2, -0.2), (1, -2), (3, -5)],
        [(3, -0.3), (1, -1.5), (2, -6)]
    );

    [Test]
    public void Same_answer_differs_in_nothing()
    {
        var found = Compare(Reference, Reference);

        Assert.Multiple(() =>
        {
            Assert.That(found.Largest, Is.Zero);
            Assert.That(found.Compared, Is.EqualTo(9));
            Assert.That((found.Positions, found.PositionsCompared), Is.EqualTo((3, 3)));
            Assert.That(NumberText.Problems(found), Is.Empty);
            Assert.That(NumberText.Line([found]), Is.EqualTo("numbers within 0 of serve-cpu's (limit 0.02, 9 compared)"));
        });
    }

    [Test]
    public void Difference_within_the_limit_passes_with_its_place()
    {
        var found = Compare(Reference, Reference.Replace("\"logprob\":-5", "\"logprob\":-5.0074"));

        Assert.Multiple(() =>
        {
            Assert.That(found.Place, Is.EqualTo(new NumberPlace(2, new TokenPair(3, "t3", -5, -5.0074))));
            Assert.That(NumberText.Problems(found), Is.Empty);
            Assert.That(NumberText.Line([found]), Is.EqualTo("numbers within 0.0074 of serve-cpu's (limit 0.02, 9 compared)"));
        });
    }

    [TestCase("-5.03")]
    [TestCase("-4.97")]
    public void Difference_above_the_limit_is_told_with_its_token(string measured) =>
        Assert.That(
            NumberText.Problems(Compare(Reference, Reference.Replace("\"logprob\":-5", $"\"logprob\":{measured}"))),
            Is.EqualTo(
                new[]
                {
                    $"POST /completion: token 3 't3' at position 2 has the log probability {measured}, "
                        + "serve-cpu's in the full image is -5: "
                        + "0.03 apart, 0.02 is allowed. Next: ask the same of the full image on this device; when it is as far off, the "
                        + "device or 'largest' in the recipe is wrong, else a file of this image",
                }
            )
        );

    [Test]
    public void What_follows_another_token_is_not_compared()
    {
        var other = Completions.Of([(1, -0.1), (2, -2.5), (3, -4)], [(1, -1), (2, -0.21), (3, -5)], [(3, -3), (1, -4), (2, -5)]);
        var found = Compare(Reference, other, largest: 2);

        Assert.Multiple(() =>
        {
            Assert.That((found.Positions, found.PositionsCompared), Is.EqualTo((3, 2)));
            Assert.That(found.Compared, Is.EqualTo(6));
            Assert.That(found.Largest, Is.EqualTo(1), "the position at which the texts part still counts");
        });
    }

    [Test]
    public void Texts_that_part_too_early_prove_too_little()
    {
        var other = Completions.Of([(2, -0.1), (1, -2.5), (3, -4)], [(2, -0.2), (1, -2), (3, -5)]);

        Assert.That(
            NumberText.Problems(Compare(Reference, other, largest: 3, least: 4)),
            Is.EqualTo(
                new[]
                {
                    "POST /completion: only 3 log probabilities were compared with serve-cpu's, at least 4 must be; "
                        + "1 of 2 positions, where "
                        + "the two texts part. Next: look at the answers; when they are right, raise 'n_probs' or lower 'least'",
                }
            )
        );
    }

    [Test]
    public void Token_that_one_side_does_not_list_is_no_difference()
    {
        var found = Compare(Reference, Completions.Of([(1, -0.1), (9, -2.6), (3, -4)]));

        Assert.Multiple(() =>
        {
            Assert.That(found.Compared, Is.EqualTo(2));
            Assert.That(found.Largest, Is.Zero);
            Assert.That(found.First.Select(t => t.Measured), Is.EqualTo(new double?[] { -0.1, null, -4 }));
        });
    }

    [Test]
    public void Answers_with_no_token_in_common_prove_nothing()
    {
        var found = Compare(Reference, Completions.Of([(11, -0.1)]));

        Assert.That(found.Place, Is.Null);
        Assert.That(NumberText.Problems(found), Has.Exactly(1).StartsWith("POST /completion: only 0 log probabilities"));
    }

    [Test]
    public void First_position_is_shown_by_the_ten_tokens_that_the_reference_finds_most_probable()
    {
        var many = Completions.Of([(50, -9), .. Enumerable.Range(0, 20).Select(i => (i, -20.0 + i))]);

        Assert.That(Compare(many, many).First.Select(t => t.Id), Is.EqualTo(new[] { 19, 18, 17, 16, 15, 14, 13, 12, 11, 50 }));
    }

    // 0.9 ln(0.9/0.5) + 0.1 ln(0.1/0.5).
    [Test]
    public void Divergence_is_that_of_the_whole_vocabulary()
    {
        var one = Completions.Of([(1, Math.Log(0.9)), (2, Math.Log(0.1))]);
        var other = Completions.Of([(1, Math.Log(0.5)), (2, Math.Log(0.5))]);

        Assert.Multiple(() =>
        {
            Assert.That(Compare(one, other, asked: 3).Divergence, Is.EqualTo(0.3681).Within(0.0001));
            Assert.That(Compare(one, one, asked: 3).Divergence, Is.Zero);
            Assert.That(Compare(one, other, asked: 2).Divergence, Is.Null, "there may be tokens that were not asked for");
            Assert.That(Compare(one, Completions.Of([(1, -0.1), (3, -2)]), asked: 3).Divergence, Is.Null, "two vocabularies");
        });
    }

    [Test]
    public void Answer_that_cannot_be_compared_is_told_with_its_side()
    {
        Assert.That(
            () => Compare("{}", Reference),
            Throws
                .TypeOf<CompletionFormatException>()
                .With.Message.EqualTo("serve-cpu's answer in the full image has no 'completion_probabilities'")
        );
        Assert.That(
            () => Compare(Reference, "{}"),
            Throws.TypeOf<CompletionFormatException>().With.Message.EqualTo("the answer has no 'completion_probabilities'")
        );
    }

    // What half of the bits of the weights come to: 0.16 here, 0.18 in all that the servers gave.
    [Test]
    public void Real_answers_of_two_quantisations_differ_by_more_than_a_device_may()
    {
        var found = Compare(Completions.Real("f16"), Completions.Real("q8_0"));

        Assert.Multiple(() =>
        {
            Assert.That(found.Largest, Is.EqualTo(0.159876).Within(1e-6));
            Assert.That(found.Place!.Token.Text, Is.EqualTo(" GPU"));
            Assert.That(found.PositionsCompared, Is.EqualTo(2), "y and b are about as probable");
            Assert.That(NumberText.Problems(found).ToList(), Has.Count.EqualTo(1));
            Assert.That(NumberText.Problems(Compare(Completions.Real("f16"), Completions.Real("f16"))), Is.Empty);
        });
    }

    [Test]
    public void Token_that_would_deceive_the_eye_is_written_out()
    {
        var far = Completions.Of([(1, -1)]).Replace("t1", "\\u202e\\n");

        Assert.That(
            NumberText.Problems(Compare(Completions.Of([(1, -2)]).Replace("t1", "\\u202e\\n"), far)).First(),
            Does.Contain("'\\u202e\\x0a'")
        );
    }

    [TestCase("0.125", 0.02, null)]
    [TestCase("0.127", 0.02, null)]
    [TestCase(
        "0.25",
        0.02,
        "POST /completion: value 1 of text 2 is 0.25, serve-cpu's in the full image is 0.125: 0.125 apart, 0.02 is allowed. Next: ask"
    )]
    public void Vectors_are_compared_value_by_value(string value, double largest, string? problem)
    {
        const string Vectors = "{\"data\":[{\"embedding\":[0.5,-0.25,1e-7]},{\"embedding\":[0,0.125,-1]}]}";

        var found = Compare(Vectors, Vectors.Replace("0.125", value), largest, least: 6, asked: 0);

        Assert.Multiple(() =>
        {
            Assert.That((found.Kind, found.Compared, found.Positions), Is.EqualTo((NumberKind.Embeddings, 6, 2)));
            Assert.That(found.Divergence, Is.Null);
            Assert.That(found.First.Select(t => t.Id), Is.EqualTo(new[] { 0, 2, 1 }));
            Assert.That(NumberText.Problems(found), problem is null ? Is.Empty : Has.Exactly(1).StartsWith(problem));
        });
    }

    [Test]
    public void Vectors_of_another_length_prove_too_little() =>
        Assert.That(
            NumberText.Problems(Compare("{\"data\":[{\"embedding\":[1,2]}]}", "{\"data\":[{\"embedding\":[1]}]}", least: 2, asked: 0)),
            Is.EqualTo(
                new[]
                {
                    "POST /completion: only 1 values were compared with serve-cpu's, at least 2 must be; 1 of 1 positions. "
                        + "Next: look at the answers; when they are right, lower 'least'",
                }
            )
        );

    private static NumberComparison Compare(string reference, string measured, double largest = 0.02, int least = 1, int asked = 3) =>
        new NumberCheck(
            "POST /completion",
            new NumberLimits
            {
                Against = "serve-cpu",
                Largest = largest,
                Least = least,
            },
            new NumberRequest(asked > 0 ? NumberKind.LogProbabilities : NumberKind.Embeddings, asked, null)
        ).Compare(reference, measured);
}
