using System.Buffers.Binary;
using System.Security.Cryptography;
using Gfxbake.Formats.Gguf;

namespace Gfxbake.Unit.Tests.Formats.Gguf;

public sealed class TinyModelTests
{
    // A change here changes every trace and every recorded output: make it on purpose.
    [TestCase(GgufTensorType.F16, 2768096, "435fc3f6a33efa249f444237ff8eb342cadc9027756ddfbca83d15102dfb4aeb")]
    [TestCase(GgufTensorType.Q8, 1477856, "9ac75fe1b987bff0aa23cb83fc97c4c9a232a850368213c4bdeb89631046f680")]
    public void Default_model_has_the_same_bytes_everywhere(GgufTensorType type, int size, string sha256)
    {
        var bytes = Bytes(new TinyModelSettings { WeightType = type });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(bytes, Has.Length.EqualTo(size));
            Assert.That(Convert.ToHexStringLower(SHA256.HashData(bytes)), Is.EqualTo(sha256));
        }
    }

    [Test]
    public void Another_seed_makes_other_weights_of_the_same_shape()
    {
        var first = Bytes(new TinyModelSettings());
        var second = Bytes(new TinyModelSettings { Seed = 2 });

        Assert.That(second, Has.Length.EqualTo(first.Length).And.Not.EqualTo(first));
    }

    [Test]
    public void Metadata_describes_the_settings()
    {
        var file = Read(
            new TinyModelSettings
            {
                Layers = 1,
                Context = 64,
                KvHeads = 1,
                WeightType = GgufTensorType.Q8,
            }
        );

        using (Assert.EnterMultipleScope())
        {
            Assert.That(file.Magic, Is.EqualTo("GGUF"));
            Assert.That(file.Version, Is.EqualTo(3u));
            Assert.That(file.Metadata["general.architecture"], Is.EqualTo("llama"));
            Assert.That(file.Metadata["general.file_type"], Is.EqualTo(7u));
            Assert.That(file.Metadata["llama.block_count"], Is.EqualTo(1u));
            Assert.That(file.Metadata["llama.context_length"], Is.EqualTo(64u));
            Assert.That(file.Metadata["llama.attention.head_count_kv"], Is.EqualTo(1u));
            Assert.That(file.Metadata["llama.rope.dimension_count"], Is.EqualTo(64u));
            Assert.That(file.Metadata["tokenizer.chat_template"], Does.Contain("add_generation_prompt"));
        }
    }

    [Test]
    public void Vocabulary_has_a_token_for_every_byte_and_one_score_and_type_a_token()
    {
        var metadata = Read(new TinyModelSettings()).Metadata;
        var tokens = (object[])metadata["tokenizer.ggml.tokens"];
        var types = (object[])metadata["tokenizer.ggml.token_type"];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(tokens[3..259], Is.EqualTo(Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>")));
            Assert.That(types[3..259], Is.All.EqualTo(6));
            Assert.That(tokens, Is.Unique);
            Assert.That(tokens, Has.Length.EqualTo(384));
            Assert.That(types, Has.Length.EqualTo(384));
            Assert.That((object[])metadata["tokenizer.ggml.scores"], Has.Length.EqualTo(384));
        }
    }

    [Test]
    public void Longer_pieces_can_be_merged_out_of_shorter_ones()
    {
        var tokens = ((object[])Read(new TinyModelSettings()).Metadata["tokenizer.ggml.tokens"]).Cast<string>().ToHashSet();

        foreach (var piece in tokens.Where(token => token.Length > 1 && token[0] is not ('<' or '[')))
        {
            Assert.That(
                Enumerable.Range(1, piece.Length - 1).Any(cut => tokens.Contains(piece[..cut]) && tokens.Contains(piece[cut..])),
                piece
            );
        }
    }

    [Test]
    public void Tensors_have_llama_names_shapes_and_types()
    {
        var file = Read(new TinyModelSettings { WeightType = GgufTensorType.Q8 });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(file.Tensors, Has.Count.EqualTo(3 + (2 * 9)));
            Assert.That(file["blk.1.attn_k.weight"].Shape, Is.EqualTo(new[] { 256, 128 }));
            Assert.That(file["blk.0.ffn_down.weight"].Shape, Is.EqualTo(new[] { 512, 256 }));
            Assert.That(file["output.weight"].Type, Is.EqualTo(8u));
            Assert.That(file["output_norm.weight"].Type, Is.Zero);
            Assert.That(file.Tensors.Select(tensor => tensor.Offset % 32), Is.All.Zero);
        }
    }

    [Test]
    public void Output_rows_are_zero_for_tokens_that_are_no_text()
    {
        var file = Read(new TinyModelSettings());
        var output = file.Data(file["output.weight"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(output[..(259 * 512)].ToArray(), Is.All.Zero);
            Assert.That(output.Slice(259 * 512, 512).ToArray(), Has.Some.Not.Zero);
        }
    }

    [Test]
    public void Weights_keep_the_scale_of_their_input()
    {
        var file = Read(new TinyModelSettings());
        var data = file.Data(file["blk.0.attn_q.weight"]);
        var squares = 0.0;
        for (var i = 0; i < 256 * 256; i++)
        {
            var value = (double)BinaryPrimitives.ReadHalfLittleEndian(data[(i * 2)..]);
            squares += value * value;
        }

        Assert.That(squares / (256 * 256), Is.EqualTo(1.0 / 256).Within(0.0002));
    }

    [Test]
    public void Settings_that_make_no_model_are_all_named_at_once()
    {
        var settings = new TinyModelSettings
        {
            Embedding = 100,
            Heads = 3,
            KvHeads = 2,
            FeedForward = 33,
            WeightType = GgufTensorType.F32,
        };

        Assert.That(
            () => TinyModel.Write(settings, Stream.Null),
            Throws.ArgumentException.With.Message.EqualTo(
                "Tiny model: Embedding 100 is no multiple of 32; FeedForward 33 is no multiple of 32; "
                    + "Embedding 100 does not divide into 3 heads of even size; KvHeads 2 does not divide Heads 3; "
                    + "WeightType F32 is neither F16 nor Q8."
            )
        );
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(65)]
    [TestCase(int.MaxValue)]
    public void Layers_out_of_range_are_refused(int layers)
    {
        Assert.That(
            () => TinyModel.Write(new TinyModelSettings { Layers = layers }, Stream.Null),
            Throws.ArgumentException.With.Message.Contains($"Layers {layers} is not between 1 and 64")
        );
    }

    private static byte[] Bytes(TinyModelSettings settings)
    {
        using var stream = new MemoryStream();
        TinyModel.Write(settings, stream);
        return stream.ToArray();
    }

    private static GgufFile Read(TinyModelSettings settings) => new(Bytes(settings));
}
