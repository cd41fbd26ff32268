using Gfxbake.Pipeline.Downgrade;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>RocmDowngradePlan with the real apt, dnf and pacman on small machines with two versions of a rocblas.</summary>
[Category(Needs.Engine)]
[NonParallelizable]
public sealed class DowngradePlanTests
{
    private const string Install =
        "apt-get -o Acquire::Check-Valid-Until=false update "
        + "&& DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "
        + "makepkg pacman-package-manager libarchive-tools fakeroot dnf rpm createrepo-c dpkg-dev passwd util-linux";

    private readonly string image = $"localhost/gfxbake-downgrade:{Guid.NewGuid():N}";
    private Checkout checkout = null!;

    [OneTimeSetUp]
    public void Build()
    {
        checkout = new Checkout("podman");
        var made = checkout.Run("--target=BaseImage", "--provision");
        Assert.That(made.Status, Is.Zero, made.Output);
        var folder = Directory.CreateDirectory(Path.Combine(checkout.Root, "tools")).FullName;
        File.WriteAllText(Path.Combine(folder, "Dockerfile"), $"FROM {checkout.Image("base")}\nRUN {Install}\n");
        var built = checkout.Engine("build", "--tag", image, folder);
        Assert.That(built.Status, Is.Zero, built.Output);
        Checkout.CopyFolder(Checkout.FixtureFolder("package-managers"), Path.Combine(checkout.Root, "scripts"));
    }

    [OneTimeTearDown]
    public void Delete()
    {
        checkout.Engine("rmi", "--force", image);
        checkout.Dispose();
    }

    [TestCase("apt", "apt-get install --allow-downgrades hipblas=6.3.0-1 rocblas=6.3.0-1")]
    [TestCase("dnf", "dnf downgrade --allowerasing hipblas-6.3.0-1 rocblas-6.3.0-1")]
    [TestCase("pacman", "pacman -U {root}/hipblas-6.3.0-1-any.pkg.tar.gz {root}/rocblas-6.3.0-1-any.pkg.tar.gz")]
    public void Plan_has_what_the_manager_says_and_changes_nothing(string manager, string command)
    {
        var root = Path.Combine(checkout.Root, "machine-" + manager);
        var made = InContainer("bash", Path.Combine(checkout.Root, "scripts", manager + ".sh"), root);
        Assert.That(made.Status, Is.Zero, made.Output);
        var before = Listing(root);
        var facts = RecipeBook.Open(Path.Combine(Checkout.RepositoryRoot, "recipes")).PackageManagers;
        var rule = DowngradePlanner.ManagerOf(facts, root);

        var plan = DowngradePlanner.Of(facts, rule, root, "6.3", words => Answer(InContainer([.. words])));

        Assert.That(plan.Manager, Is.EqualTo(manager));
        Assert.That(
            plan.Packages.Select(p => $"{p.Name} {p.Version} {p.To} {string.Join('+', p.Dependents)}"),
            Is.EqualTo(new[] { "hipblas 7.2.0-1 6.3.0-1 my-llm", $"rocblas 7.2.0-1 6.3.0-1 {(manager == "apt" ? "my-llm" : "")}" })
        );
        Assert.That(plan.Breaks, Is.EqualTo(new[] { "my-llm" }), "it wants hipblas 7");
        Assert.That(plan.Lost, Is.Empty);
        var expected = command.Replace("{root}", Path.Combine(root, "var/cache/pacman/pkg"), StringComparison.Ordinal);
        Assert.That(string.Join(' ', plan.Commands[0].Skip(1)), Is.EqualTo(expected));
        // pacman takes nobody's package away: who wants this has to remove my-llm first.
        var refuses = manager == "pacman";
        Assert.That(plan.CanBeDone, Is.EqualTo(!refuses));
        Assert.That(
            string.Join('\n', DowngradeText.Lines(plan)),
            Does.Contain(refuses ? "pacman refuses it: failed to prepare transaction" : "    sudo " + expected)
        );
        Assert.That(Listing(root), Is.EqualTo(before));

        // What the plan says is what happens: the manager refuses, or takes my-llm away.
        var none = DowngradePlanner.Of(facts, rule, root, "5.7", words => Answer(InContainer([.. words])));
        Assert.That((none.Commands.Count, none.CanBeDone), Is.EqualTo((0, false)));
        Assert.That(none.Packages.Select(p => p.Older[0]), Is.EqualTo(new[] { "6.3.0-1", "6.3.0-1" }));
    }

    private Outcome InContainer(params string[] words) =>
        checkout.Engine([
            "run",
            "--rm",
            "--network",
            "none",
            "--volume",
            $"{checkout.Root}:{checkout.Root}",
            "--env",
            "LC_ALL=C",
            image,
            .. words,
        ]);

    private static ToolAnswer Answer(Outcome outcome) => new(outcome.Status, outcome.Output.Split('\n'), []);

    // dnf notes when it looked, and apt keeps an index of its lists.
    private static List<string> Listing(string root) =>
        [
            .. Directory
                .EnumerateFiles(root, "*", SearchOption.AllDirectories)
                .Where(f =>
                    !f.Contains("/var/cache/dnf/") && !f.Contains("/var/log/") && !f.EndsWith("pkgcache.bin", StringComparison.Ordinal)
                )
                .Select(f => $"{f} {new FileInfo(f).Length}")
                .Where(f => !f.Contains("sqlite-") && !f.Contains("/.rpm.lock"))
                .Order(StringComparer.Ordinal),
        ];
}
