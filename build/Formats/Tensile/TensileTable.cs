namespace Gfxbake.Formats.Tensile;

/// <summary>What a table of rocBLAS's names: other tables, and which kinds of code its kernels are in.</summary>
/// <remarks>ROCm/Tensile: PlaceholderLibrary.hpp, MasterSolutionLibrary.hpp.</remarks>
public sealed record TensileTable
{
    private const int Deepest = 256;
    private const int MostTables = 1 << 16;

    /// <summary>Beginnings of file names, distinct, in the order of the table.</summary>
    public required IReadOnlyList<string> Tables { get; init; }

    /// <summary>Whether a kernel is in a .hsaco file: one that was compiled from HIP.</summary>
    public bool HasSourceKernels { get; init; }

    /// <summary>Whether a kernel is in a .co file: one that was assembled.</summary>
    public bool HasAssembledKernels { get; init; }

    /// <param name="stream">Seekable; read once from its start.</param>
    /// <exception cref="TensileFormatException">It is no MessagePack, or nested deeper than any table is.</exception>
    public static TensileTable Read(Stream stream)
    {
        stream.Position = 0;
        var reader = new PackReader(stream);
        var (tables, seen) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        var (source, assembled) = (false, false);
        var open = new Stack<Level>();
        do
        {
            // What is closed here may close what is around it too.
            while (open.TryPeek(out var full) && full.Left == 0)
            {
                open.Pop();
                if (full.Type == "Placeholder" && full.Value is { } table && seen.Add(table))
                    tables.Add(table);
                if (seen.Count > MostTables)
                    throw new TensileFormatException(reader.Position, $"it names more than {MostTables} tables");
                if (open.Count == 0)
                {
                    return new()
                    {
                        Tables = tables,
                        HasSourceKernels = source,
                        HasAssembledKernels = assembled,
                    };
                }
            }

            var item = reader.Next();
            if (item.Kind == PackKind.End)
                throw new TensileFormatException(reader.Position, "the file ends in the middle of its table");
            var level = open.Count > 0 ? open.Peek() : null;
            if (level?.Take(item) == "sourceKernel")
                (source, assembled) = (source || item.Kind == PackKind.True, assembled || item.Kind == PackKind.False);
            if (item.Kind is PackKind.Map or PackKind.List)
                open.Push(new Level(item.Kind == PackKind.Map, item.Kind == PackKind.Map ? item.Count * 2 : item.Count));
            else if (level is null)
                throw new TensileFormatException(0, "it is no table: the first item is neither a map nor a list");
            if (open.Count > Deepest)
                throw new TensileFormatException(reader.Position, $"it is nested more than {Deepest} levels deep");
        } while (true);
    }

    /// <summary>A map or list that is being read.</summary>
    private sealed class Level(bool isMap, long left)
    {
        private string? key;

        public long Left { get; private set; } = left;

        public string? Type { get; private set; }

        public string? Value { get; private set; }

        /// <summary>Counts an item; the key that it is the value of, or null.</summary>
        public string? Take(PackItem item)
        {
            var isKey = isMap && Left % 2 == 0;
            Left--;
            if (isKey)
            {
                key = item.Text;
                return null;
            }

            if (key == "type")
                Type = item.Text;
            else if (key == "value")
                Value = item.Text;
            return isMap ? key : null;
        }
    }
}
