namespace Gfxbake.Formats.Gguf;

/// <summary>A SentencePiece-style vocabulary that can tokenize any text: every byte has a token of its own.</summary>
internal sealed class TinyVocabulary
{
    public const uint UnknownToken = 0;
    public const uint BeginToken = 1;
    public const uint EndToken = 2;

    /// <summary>Stands for a space inside a token.</summary>
    private const string Space = "\u2581";

    /// <summary>Token count is a multiple of this, so that the output matrix suits every block format.</summary>
    private const int SizeMultiple = 32;

    /// <summary>llama.cpp's token types.</summary>
    private enum Kind
    {
        Normal = 1,
        Unknown = 2,
        Control = 3,
        Unused = 5,
        Byte = 6,
    }

    // A piece of several characters is reached by merging two shorter pieces, so the shorter ones come first.
    private static readonly string[] Pieces =
    [
        Space + "t",
        "he",
        Space + "the",
        "in",
        "er",
        Space + "a",
        "on",
        "re",
        "it",
        "an",
        "en",
        "is",
        Space + "w",
        Space + "wh",
        "at",
        Space + "what",
        "GP",
        "GPU",
        Space + "GPU",
    ];

    /// <summary>The same for all models; nobody changes it.</summary>
    public static TinyVocabulary Shared { get; } = new();

    private readonly List<string> _texts = [];
    private readonly List<float> _scores = [];
    private readonly List<int> _kinds = [];

    private TinyVocabulary()
    {
        Add("<unk>", Kind.Unknown, 0);
        Add("<s>", Kind.Control, 0);
        Add("</s>", Kind.Control, 0);
        for (var value = 0; value < 256; value++)
            Add($"<0x{value:X2}>", Kind.Byte, 0);

        Add(Space, Kind.Normal, -1);
        for (var character = '!'; character <= '~'; character++)
            Add(character.ToString(), Kind.Normal, -1);

        // The higher the score, the earlier a merge is done.
        foreach (var piece in Pieces)
            Add(piece, Kind.Normal, piece.Length);

        while (_texts.Count % SizeMultiple != 0)
            Add($"[unused{_texts.Count}]", Kind.Unused, -1000);
    }

    public int Count => _texts.Count;

    public IReadOnlyList<string> Texts => _texts;

    public IReadOnlyList<float> Scores => _scores;

    public IReadOnlyList<int> Kinds => _kinds;

    /// <summary>True for tokens that stand for printable text.</summary>
    public bool IsText(int token) => _kinds[token] == (int)Kind.Normal;

    private void Add(string text, Kind kind, float score)
    {
        _texts.Add(text);
        _kinds.Add((int)kind);
        _scores.Add(score);
    }
}
