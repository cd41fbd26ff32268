namespace Gfxbake.Host.Tests.Fakes;

/// <summary>What a task prints.</summary>
internal static class StandardOutput
{
    public static string Of(Action action)
    {
        var before = Console.Out;
        using var output = new StringWriter();
        Console.SetOut(output);
        try
        {
            action();
        }
        finally
        {
            Console.SetOut(before);
        }

        return output.ToString();
    }
}
