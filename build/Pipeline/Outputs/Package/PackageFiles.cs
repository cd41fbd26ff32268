using System.Security.Cryptography;
using System.Text;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>
/// What lies in the folder in which one kind of package is made, but for the runtime: the small files, and what docker/packages/FORMAT-*
/// became for the package.
/// </summary>
/// <param name="Texts">Files of this very package, by name.</param>
/// <param name="Scripts">Files of docker/packages/FORMAT-* as they are, templates too, by name.</param>
/// <param name="Sources">Names of the files with which anybody can make the package again: not the runtime.</param>
public sealed record PackageFiles(
    IReadOnlyDictionary<string, string> Texts,
    IReadOnlyDictionary<string, string> Scripts,
    IReadOnlyList<string> Sources
)
{
    /// <summary>How the name of a template ends.</summary>
    public const string Template = ".hbs";

    private const string Dockerfile = ".Dockerfile";

    /// <exception cref="StepException">A template or a file of the recipe is missing or wrong.</exception>
    public static PackageFiles Of(Workspace workspace, string format, RuntimeRecord runtime)
    {
        try
        {
            return new Filler(workspace, format, runtime).Fill();
        }
        catch (PackageException exception)
        {
            throw new StepException(exception.Message);
        }
    }

    /// <summary>Writes the folder; the runtime is linked, not copied.</summary>
    /// <param name="folder">What is filled anew.</param>
    /// <param name="dockerfile">Text of the Dockerfile.</param>
    /// <param name="runtime">The runtime's tar.</param>
    public void Write(string folder, string dockerfile, string runtime)
    {
        Folders.Empty(folder);
        var plain = Scripts.Where(s =>
            !s.Key.EndsWith(Template, StringComparison.Ordinal) && !s.Key.EndsWith(Dockerfile, StringComparison.Ordinal)
        );
        foreach (var (name, text) in Texts.Concat(plain))
            AtomicFile.WriteText(Path.Combine(folder, name), text);
        AtomicFile.WriteText(Path.Combine(folder, "Dockerfile"), dockerfile);
        HardLink.OrCopy(runtime, Path.Combine(folder, Path.GetFileName(runtime)));
    }

    /// <summary>Fills the templates of one package.</summary>
    private sealed class Filler(Workspace workspace, string format, RuntimeRecord runtime)
    {
        private const string Program = "0755",
            Plain = "0644";

        /// <summary>How a template's name begins where the result is named after the package: package.spec.hbs gives NAME.spec.</summary>
        private const string OfPackage = "package.";

        /// <summary>Tells the scripts beside it about the package; whoever makes the package by hand has no use for it.</summary>
        private const string Facts = "facts.sh";

        private readonly string folder = workspace.Paths.PackageTemplates;
        private readonly PackageFormat settings = workspace.Book.Packaging.Format(format);
        private readonly PackageModel model = new(workspace.Recipe, runtime, workspace.Book.Packaging, format);
        private readonly SortedDictionary<string, string> texts = new(StringComparer.Ordinal);
        private readonly List<string> sources = [];

        public PackageFiles Fill()
        {
            var forFormat = model.ForFormat([.. Files()]);
            var scripts = new SortedDictionary<string, string>(
                Directory.EnumerateFiles(folder, format + "-*").ToDictionary(f => Path.GetFileName(f), File.ReadAllText),
                StringComparer.Ordinal
            );
            foreach (var script in scripts.Keys.Where(s => s.EndsWith(Template, StringComparison.Ordinal)))
            {
                var name = script[(format.Length + 1)..^Template.Length];
                var text = Fill(Path.Combine(folder, script), forFormat);
                Add(name.Replace(OfPackage, runtime.Name + "."), text, isSource: name != Facts);
            }

            return new(texts, scripts, sources);
        }

        private IEnumerable<PackagedFile> Files()
        {
            var starter = Path.Combine(folder, "starter.sh" + Template);
            foreach (var program in runtime.Programs)
            {
                yield return Put(
                    program.Name,
                    $"{settings.Places.Programs}/{program.Name}",
                    Program,
                    Fill(starter, model.ForStarter(program))
                );
            }

            var forFile = model.ForFile();
            foreach (var file in PackageKey.Of(workspace).Files)
                yield return Put(file.Name, file.Target, Plain, Fill(Path.Combine(workspace.Paths.Recipes, file.Source), forFile));
        }

        private PackagedFile Put(string name, string target, string mode, string text)
        {
            if (runtime.Placed.Contains(target))
                throw new PackageException($"{target} would be there twice: of packages.trees, and as a program or one of packages.files");
            Add(name, text, isSource: true);
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            return new PackagedFile(name, target, mode, sha256, settings.Places.IsConfiguration(target));
        }

        private void Add(string name, string text, bool isSource)
        {
            if (!texts.TryAdd(name, text))
            {
                throw new PackageException(
                    $"two files would be called {name} where the package is made; rename one in packages.files of the recipe"
                );
            }

            if (isSource)
                sources.Add(name);
        }

        private string Fill(string path, IReadOnlyDictionary<string, object> values)
        {
            var shown = workspace.Paths.Show(path);
            if (new FileInfo(path) is not { Exists: true, LinkTarget: null })
                throw new PackageException($"{shown} is missing or a link; correct packages.files of the recipe");
            return PackageTemplate.Fill(File.ReadAllText(path), values, settings.Escape, shown);
        }
    }
}
