namespace Gfxbake.Core.Tests;

public sealed class ArchitectureTests
{
    [Test]
    public void Core_references_no_cake_assembly()
        => Assert.That(typeof(Core.Recipes.Recipe).Assembly.GetReferencedAssemblies().Select(a => a.Name), Has.None.StartsWith("Cake"));

    [Test]
    public void Core_starts_no_process()
        => Assert.That(typeof(Core.Recipes.Recipe).Assembly.GetReferencedAssemblies().Select(a => a.Name), Has.None.EqualTo("System.Diagnostics.Process"));
}
