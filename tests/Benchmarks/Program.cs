using Gfxbake.Benchmarks;

switch (args)
{
    case ["traces"]:
        return TraceBenchmark.Run(500);
    case ["traces", string size] when int.TryParse(size, out int megabytes) && megabytes is >= 100 and <= 1_000_000:
        return TraceBenchmark.Run(megabytes);
    case ["offload"]:
        return OffloadBenchmark.RunSynthetic();
    case ["offload", string file]:
        return OffloadBenchmark.Run(Path.GetFullPath(file), SyntheticLibrary.Gpu);
    case ["offload", string file, string gpu]:
        return OffloadBenchmark.Run(Path.GetFullPath(file), gpu);
    case ["export", string tar]:
        return ExportBenchmark.Run(Path.GetFullPath(tar));
    case ["start", string folder, .. { Length: > 0 } images]:
        return StartBenchmark.Run(Path.GetFullPath(folder), images);
    case ["offload-quietly", string file, string gpu]:
        return OffloadBenchmark.RunQuietly(file, gpu);
    default:
        Console.Error.WriteLine(
            """
            usage: Benchmarks traces [MB]             reads a made-up strace log of 500 (or MB, at least 100) megabytes
                   Benchmarks offload [FILE [GPU]]    leaves only the code for GPU (gfx1100) in a copy of FILE, or of two made-up libraries
                   Benchmarks export TAR              compresses TAR as SaveMinimalImageZst does, in turns with zstd -T0 -10 --long=27
                   Benchmarks start FOLDER IMAGE…     from the start to the first token on the null GPU; FOLDER is artifacts/RECIPE/VARIANT
            """
        );
        return 2;
}
