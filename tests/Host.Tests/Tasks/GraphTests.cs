using System.Reflection;
using Cake.Frosting;
using Gfxbake.Host.Packages;
using Gfxbake.Host.Tasks.Images;
using Gfxbake.Host.Tasks.Packages;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Host.Tests.Tasks;

[TestFixture]
internal sealed class GraphTests
{
    // Help: two spaces, the name in 18 columns, a space; the rest of 80 columns with a margin.
    private const int LongestDescription = 56;
    private const int MostLines = 60;

    private static readonly string TaskFolder = Path.Combine(Checkout.RepositoryRoot, "build", "Host", "Tasks");

    private static readonly IReadOnlyList<Type> All =
    [
        .. typeof(BuildContext)
            .Assembly.GetTypes()
            // What only another task runs is no target.
            .Where(t => t is { IsClass: true, IsAbstract: false, IsNestedPrivate: false } && t.IsAssignableTo(typeof(IFrostingTask))),
    ];

    [Test]
    public void Host_has_tasks() => Assert.That(All, Has.Count.GreaterThan(8));

    // Frosting finds public types only, and says nothing of the others.
    [TestCaseSource(nameof(All))]
    public void Task_is_public(Type task) => Assert.That(task.IsPublic, Is.True);

    [TestCaseSource(nameof(All))]
    public void Task_is_named_after_its_class(Type task) =>
        Assert.That(task.GetCustomAttribute<TaskNameAttribute>()?.Name, Is.EqualTo(task.Name));

    [TestCaseSource(nameof(All))]
    public void Task_stands_in_a_file_of_its_name(Type task) =>
        Assert.That(
            Directory.GetFiles(
                Path.Combine(Checkout.RepositoryRoot, "build", "Host", "Tasks"),
                task.Name + ".cs",
                SearchOption.AllDirectories
            ),
            Has.Length.EqualTo(1)
        );

    [Test]
    public void Folder_of_tasks_holds_tasks_only() =>
        Assert.That(
            Directory
                .GetFiles(Path.Combine(Checkout.RepositoryRoot, "build", "Host", "Tasks"), "*.cs", SearchOption.AllDirectories)
                .Select(f => Path.GetFileNameWithoutExtension(f)),
            Is.SubsetOf(All.Select(t => t.Name))
        );

    [TestCaseSource(nameof(All))]
    public void Task_is_short(Type task)
    {
        var file = Directory.GetFiles(TaskFolder, task.Name + ".cs", SearchOption.AllDirectories).Single();

        Assert.That(File.ReadAllLines(file), Has.Length.LessThanOrEqualTo(MostLines), "what it does belongs beside Tasks/");
    }

    [TestCaseSource(nameof(All))]
    public void Task_has_a_description_that_fits_the_help(Type task) =>
        Assert.That(
            task.GetCustomAttribute<TaskDescriptionAttribute>()?.Description,
            Is.Not.Null.And.Not.Empty.And.Length.LessThanOrEqualTo(LongestDescription)
        );

    [TestCaseSource(nameof(All))]
    public void Task_depends_on_tasks_only(Type task) => Assert.That(Dependencies(task), Is.SubsetOf(All));

    // An OnError that does not throw again lets the build go on green.
    [TestCaseSource(nameof(All))]
    public void Task_leaves_its_errors_alone(Type task)
    {
        // Build/Shims has neither the method nor the attribute, the real package has both.
        var method = task.GetMethod("OnError");

        Assert.That(method?.DeclaringType, Is.EqualTo(method?.GetBaseDefinition().DeclaringType));
        Assert.That(task.GetCustomAttributes().Select(a => a.GetType().Name), Has.None.EqualTo("ContinueOnErrorAttribute"));
    }

    [TestCaseSource(nameof(All))]
    public void Task_does_not_depend_on_itself(Type task) => Assert.That(Order(task), Does.Not.Contain(task));

    [TestCase(typeof(ArchPackage))]
    [TestCase(typeof(FedoraPackage))]
    public void Target_of_a_package_format_is_the_one_that_packages_yml_names(Type task)
    {
        var formats = RecipeBook.Open(Path.Combine(Checkout.RepositoryRoot, "recipes")).Packaging;

        Assert.That(formats.Format(((PackageTask)Activator.CreateInstance(task)!).Format).Target, Is.EqualTo(task.Name));
    }

    [Test]
    public void Minimal_image_depends_on_each_step_in_turn() =>
        Assert.That(
            Order(typeof(MinimalImage)),
            Is.EqualTo(
                new[]
                {
                    typeof(VerifyMinimal),
                    typeof(MinimalCandidate),
                    typeof(PlanPrune),
                    typeof(TraceImage),
                    typeof(RecordAnswers),
                    typeof(FullImage),
                    typeof(DeviceKits),
                    typeof(BaseImage),
                }
            )
        );

    private static IEnumerable<Type> Dependencies(Type task) => task.GetCustomAttributes<IsDependentOnAttribute>().Select(a => a.Task);

    /// <summary>Everything that the task depends on, nearest first; the task itself only when it is part of a circle.</summary>
    private static List<Type> Order(Type task)
    {
        var found = new List<Type>();
        var waiting = new Queue<Type>(Dependencies(task));
        while (waiting.TryDequeue(out var next))
        {
            if (found.Contains(next))
                continue;
            found.Add(next);
            foreach (var further in Dependencies(next))
                waiting.Enqueue(further);
        }

        return found;
    }
}
