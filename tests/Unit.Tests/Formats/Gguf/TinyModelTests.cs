using System.Buffers.Binary;
using System.Security.Cryptography;
using Gfxbake.Formats.Gguf;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Unit.Tests.Formats.Gguf;

public sealed class TinyModelTests
{
    private static readonly TinyArchitecture Llama = Repository("llama");

    // A change here changes every trace and every recorded output: make it on purpose.
    [TestCase(GgufTensorType.F16, 2768096, "435fc3f6a33efa249f444237ff8eb342cadc9027756ddfbca83d15102dfb4aeb")]
    [TestCase(GgufTensorType.Q8, 1477856, "9ac75fe1b987bff0aa23cb83fc97c4c9a232a850368213c4bdeb89631046f680")]
    [TestCase(GgufTensorType.K4, 899552, "8e27d14ee39b8413d97c130a21a4d67642a80da14c24711a48f828aeedf66219")]
    public void Default_model_has_the_same_bytes_everywhere(GgufTensorType type, int size, string sha256)
    {
        var bytes = Bytes(Llama, weights: type);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(bytes, Has.Length.EqualTo(size));
            Assert.That(Convert.ToHexStringLower(SHA256.HashData(bytes)), Is.EqualTo(sha256));
        }
    }

    [TestCase("qwen2moe", GgufTensorType.F16, "d134817d53c84aa1b27b730435a4fd95fed13fd9896980510978c275d6e0a4f5")]
    [TestCase("qwen2moe", GgufTensorType.K4, "27cf384437157f384bec47287bc9e7a39d3ef74dfce674af17117ccb3971129d")]
    [TestCase("bert", GgufTensorType.F16, "7c68d4a9e49f4159f6e2b8afdc577828a9a041fbf4063183851956b5f9a1bd15")]
    public void Other_model_has_the_same_bytes_everywhere(string name, GgufTensorType type, string sha256) =>
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(Bytes(Repository(name), name: name, weights: type))), Is.EqualTo(sha256));

    [Test]
    public void Another_seed_makes_other_weights_of_the_same_shape()
    {
        var first = Bytes(Llama);
        var second = Bytes(Llama, seed: 2);

        Assert.That(second, Has.Length.EqualTo(first.Length).And.Not.EqualTo(first));
    }

    [Test]
    public void Metadata_describes_the_settings()
    {
        var file = new GgufFile(
            Bytes(With(("n_layer", 1), ("n_ctx", 64), ("n_head_kv", 1), ("n_embd_kv", 64)), weights: GgufTensorType.Q8)
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
        var metadata = new GgufFile(Bytes(Llama)).Metadata;
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
        var tokens = ((object[])new GgufFile(Bytes(Llama)).Metadata["tokenizer.ggml.tokens"]).Cast<string>().ToHashSet();

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
        var file = new GgufFile(Bytes(Llama, weights: GgufTensorType.Q8));

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
    public void Q4_K_M_is_a_mixture()
    {
        var file = new GgufFile(Bytes(Llama, weights: GgufTensorType.K4));

        Assert.That(file.Metadata["general.file_type"], Is.EqualTo(15u));
        Assert.That(
            file.Tensors.Where(t => t.Name.StartsWith("blk.1.", StringComparison.Ordinal) && t.Type == 14).Select(t => t.Name),
            Is.EquivalentTo(new[] { "blk.1.attn_v.weight", "blk.1.ffn_down.weight" })
        );
        Assert.That((file["token_embd.weight"].Type, file["output.weight"].Type), Is.EqualTo((12u, 14u)));
    }

    [Test]
    public void Output_rows_are_zero_for_tokens_that_are_no_text()
    {
        var file = new GgufFile(Bytes(Llama));
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
        var file = new GgufFile(Bytes(Llama));
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
        var settings = With(("n_embd", 100), ("n_head", 3), ("n_head_kv", 2), ("n_ff", 33));

        Assert.That(
            () => Bytes(settings, weights: GgufTensorType.F32),
            Throws.ArgumentException.With.Message.EqualTo(
                "Tiny model: n_embd 100 does not divide into 3 heads of even size; n_head_kv 2 does not divide n_head 3; "
                    + "n_embd 100 is no multiple of 32; n_ff 33 is no multiple of 32; weights F32 are none of F16, Q8, K4."
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
            () => Bytes(With(("n_layer", layers))),
            Throws.ArgumentException.With.Message.Contains($"n_layer {layers} is not between 1 and 64")
        );
    }

    [Test]
    public void Model_too_large_for_a_test_is_refused() =>
        Assert.That(
            () => Bytes(With(("n_embd", 1 << 20), ("n_ff", 1 << 20))),
            Throws.ArgumentException.With.Message.Match(@"the tensors have \d+ values; a test model has at most 67108864")
        );

    // The names and shapes that src/llama-model.cpp of llama.cpp asks for; a missing one or another shape ends loading.
    [TestCase(
        "bert",
        "token_embd.weight:256,384 token_types.weight:256,2 position_embd.weight:256,512 "
            + "token_embd_norm.weight:256 token_embd_norm.bias:256",
        "attn_q.weight:256,256 attn_q.bias:256 attn_k.weight:256,256 attn_k.bias:256 attn_v.weight:256,256 attn_v.bias:256 "
            + "attn_output.weight:256,256 attn_output.bias:256 attn_output_norm.weight:256 attn_output_norm.bias:256 "
            + "ffn_up.weight:256,512 ffn_up.bias:512 ffn_down.weight:512,256 ffn_down.bias:256 "
            + "layer_output_norm.weight:256 layer_output_norm.bias:256"
    )]
    [TestCase(
        "qwen2moe",
        "token_embd.weight:256,384 output_norm.weight:256 output.weight:256,384",
        "attn_norm.weight:256 attn_q.weight:256,256 attn_k.weight:256,128 attn_v.weight:256,128 attn_output.weight:256,256 "
            + "attn_q.bias:256 attn_k.bias:128 attn_v.bias:128 ffn_norm.weight:256 ffn_gate_inp.weight:256,4 "
            + "ffn_gate_exps.weight:256,256,4 ffn_down_exps.weight:256,256,4 ffn_up_exps.weight:256,256,4 "
            + "ffn_gate_inp_shexp.weight:256 ffn_gate_shexp.weight:256,512 ffn_down_shexp.weight:512,256 ffn_up_shexp.weight:256,512"
    )]
    public void Architecture_that_is_only_data_has_the_tensors_that_its_loader_wants(string name, string others, string ofLayer)
    {
        var file = new GgufFile(Bytes(Repository(name), name: name, weights: GgufTensorType.Q8));
        var wanted = others
            .Split(' ')
            .Concat(Enumerable.Range(0, 2).SelectMany(layer => ofLayer.Split(' ').Select(tensor => $"blk.{layer}.{tensor}")));

        Assert.That(file.Tensors.Select(t => $"{t.Name}:{string.Join(',', t.Shape)}"), Is.EquivalentTo(wanted));
        // One-dimensional tensors are added to results or multiplied by them; ggml wants them in single precision.
        Assert.That(file.Tensors.Where(t => t.Shape.Length == 1).Select(t => t.Type), Is.All.Zero);
        Assert.That(file["blk.1.attn_q.weight"].Type, Is.EqualTo(8u));
    }

    [Test]
    public void Keys_of_bert_are_those_that_its_loader_wants()
    {
        var metadata = new GgufFile(Bytes(Repository("bert"), name: "bert")).Metadata;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(metadata["general.architecture"], Is.EqualTo("bert"));
            Assert.That(metadata["bert.attention.layer_norm_epsilon"], Is.EqualTo(1e-12f));
            Assert.That(metadata["bert.attention.causal"], Is.EqualTo(false));
            Assert.That(metadata["bert.pooling_type"], Is.EqualTo(1u));
            Assert.That(metadata["bert.context_length"], Is.EqualTo(512u));
            Assert.That(metadata["bert.attention.head_count"], Is.EqualTo(4u));
            Assert.That(metadata["tokenizer.ggml.token_type_count"], Is.EqualTo(2u));
        }
    }

    [Test]
    public void Keys_of_qwen2moe_are_those_that_its_loader_wants()
    {
        var metadata = new GgufFile(Bytes(Repository("qwen2moe"), name: "qwen2moe")).Metadata;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(metadata["qwen2moe.attention.layer_norm_rms_epsilon"], Is.EqualTo(1e-6f));
            Assert.That(metadata["qwen2moe.expert_count"], Is.EqualTo(4u));
            Assert.That(metadata["qwen2moe.expert_used_count"], Is.EqualTo(2u));
            Assert.That(metadata["qwen2moe.expert_feed_forward_length"], Is.EqualTo(256u));
            Assert.That(metadata["qwen2moe.expert_shared_feed_forward_length"], Is.EqualTo(512u));
        }
    }

    private static TinyArchitecture With(params (string Name, int Value)[] sizes) =>
        Llama with
        {
            Sizes = Llama
                .Sizes.Concat(sizes.Select(s => KeyValuePair.Create(s.Name, s.Value)))
                .GroupBy(s => s.Key)
                .ToDictionary(s => s.Key, s => s.Last().Value),
        };

    private static TinyArchitecture Repository(string name) => RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes")).Models[name];

    private static byte[] Bytes(
        TinyArchitecture architecture,
        ulong seed = 1,
        GgufTensorType weights = GgufTensorType.F16,
        string name = "llama"
    )
    {
        using var stream = new MemoryStream();
        architecture.Write(name, seed, weights, stream);
        return stream.ToArray();
    }
}
