namespace Gfxbake.Unit.Tests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class RepositoryRoot
{
    public static string Path
    {
        get
        {
            var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
            while (!File.Exists(System.IO.Path.Combine(directory!.FullName, "cake.config")))
                directory = directory.Parent;
            return directory.FullName;
        }
    }
}
