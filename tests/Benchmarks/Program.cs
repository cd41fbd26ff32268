using Gfxbake.Benchmarks;

switch (args)
{
    case ["traces"]:
        return TraceBenchmark.Run(500);
    case ["traces", string size] when int.TryParse(size, out int megabytes) && megabytes is >= 100 and <= 1_000_000:
        return TraceBenchmark.Run(megabytes);
    default:
        Console.Error.WriteLine("usage: Benchmarks traces [MB]   reads a made-up strace log of 500 (or MB, at least 100) megabytes");
        return 2;
}
