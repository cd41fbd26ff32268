using Cake.Common;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Host.Images;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Run;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;
using Names = Gfxbake.Host.Arguments;

namespace Gfxbake.Host;

/// <summary>
/// What the tasks share. Everything is made when it is first asked for, so that --tree or Help touch neither recipes nor engines.
/// </summary>
public sealed class BuildContext : FrostingContext
{
    private readonly Lazy<RecipeBook> book;
    private readonly Lazy<Recipe> recipe;
    private readonly Lazy<string> variant;
    private readonly Lazy<Engine> engine;
    private readonly Lazy<Workspace> workspace;

    public BuildContext(ICakeContext context, Interruption interruption, CommandLine? line = null)
        : base(context)
    {
        CommandLine = line ?? new CommandLine([]);
        Interruption = interruption;
        Root = context.Environment.WorkingDirectory.FullPath;
        book = new(() => RecipeBook.Open(Path.Combine(Root, "recipes")));
        recipe = new(() => Book.Read(RecipeName));
        variant = new(() => ChosenVariant());
        engine = new(() => EngineTemporary.Give(this, new EngineFinder(this).Find()));
        workspace = new(OfThisRun);
    }

    public string Root { get; }

    public Interruption Interruption { get; }

    public CommandLine CommandLine { get; }

    public RecipeBook Book => book.Value;

    public Recipe Recipe => recipe.Value;

    public string VariantName => variant.Value;

    public Variant Variant => Recipe.Variants[VariantName];

    /// <summary>The variant's rule for code inside libraries, with the form that the command line asks for.</summary>
    public OffloadRule Offload => this.OffloadForm() is { } form ? Variant.Offload with { Form = form } : Variant.Offload;

    /// <summary>The libraries that get a stand-in: the variant's, or those that the command line asks for.</summary>
    public IReadOnlyDictionary<string, StandInRule> StandIns => Book.StandInsOf(this.StandInNames() ?? Variant.Standins);

    /// <summary>Which kernel files of the GPU stay: the variant's choice, or that of the command line.</summary>
    public KernelChoice Kernels => this.KernelChoice() ?? Variant.Kernels;

    public BuildPaths Paths => new(Root, Recipe.Name, VariantName);

    public Engine Engine => engine.Value;

    /// <summary>What this run is about, for steps.</summary>
    public Workspace Workspace => workspace.Value;

    /// <summary>Whether the engine has been chosen; asking for it before that looks for one.</summary>
    public bool EngineIsKnown => engine.IsValueCreated;

    /// <summary>Whether packages can be installed, and podman has no need of what is for others than root.</summary>
    public bool IsRoot { get; init; } = System.Environment.IsPrivilegedProcess;

    /// <summary>The machine that programs run on.</summary>
    public HostTree Machine { get; init; } = new("/");

    /// <summary>What pauses between two tries are measured with.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public bool Provision => this.Flag(Names.Provision);

    /// <summary>
    /// Name of one of this build's images that only this checkout uses: no other build of this machine moves or removes it.
    /// </summary>
    public string Image(string kind) => Workspace.Image(kind);

    /// <summary>
    /// Name by which people find a finished image; the checkout that made one last has it. localhost/ because docker and podman then agree
    /// on it.
    /// </summary>
    public string PublicImage(string kind) => Workspace.PublicImage(kind);

    /// <summary>A path of the command line, absolute; it starts where its caller is.</summary>
    public string FromCaller(string path) => Path.GetFullPath(path, CommandLine.Caller ?? Root);

    private string RecipeName => this.Argument(Names.Recipe, Configuration.GetValue("Gfxbake_Recipe") ?? "");

    private string ChosenVariant()
    {
        var name = this.Argument(Names.Variant, Recipe.DefaultVariant);
        return Recipe.Variants.ContainsKey(name)
            ? name
            : throw new CakeException(
                $"unknown variant '{name}' of {Recipe.Name}; "
                    + $"known: {string.Join(", ", Recipe.Variants.Keys)} (recipes/{Recipe.Name}/recipe.yml)"
            );
    }

    private Workspace OfThisRun() =>
        new()
        {
            Paths = Paths,
            Book = Book,
            Recipe = Recipe,
            VariantName = VariantName,
            Offload = Offload,
            StandIns = StandIns,
            Kernels = Kernels,
            Checkout = Containers.Checkout(Root),
            Command = this.Command,
            RunFirst = this.RunFirst,
            Revision = new(() => GitRevision.OfImages(this)),
            Asked = new(() => BuildArguments.Of(this)),
        };
}
