using System.Security.Cryptography;
using System.Text;
using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Packages;

/// <summary>
/// The folder in which one kind of package is made: the runtime, the small files, and what docker/packages/FORMAT-* becomes for it.
/// </summary>
public sealed class PackageContext
{
    private const string Template = ".hbs";
    private const string Program = "0755",
        Plain = "0644";

    /// <summary>How a template's name begins where the result is named after the package: package.spec.hbs gives NAME.spec.</summary>
    private const string OfPackage = "package.";

    /// <summary>Tells the scripts beside it about the package; whoever makes the package by hand has no use for it.</summary>
    private const string Facts = "facts.sh";

    private readonly BuildContext context;
    private readonly string format;
    private readonly RuntimeRecord runtime;
    private readonly PackageFormat settings;
    private readonly PackageModel model;
    private readonly SortedDictionary<string, string> texts = new(StringComparer.Ordinal);
    private readonly List<string> sources = [];

    /// <param name="context">The build.</param>
    /// <param name="format">The name of a format of packages.yml.</param>
    /// <param name="runtime">What the package installs.</param>
    /// <exception cref="CakeException">A template or a file of the recipe is missing or wrong.</exception>
    public PackageContext(BuildContext context, string format, RuntimeRecord runtime)
    {
        (this.context, this.format, this.runtime) = (context, format, runtime);
        settings = context.Book.Packaging.Format(format);
        try
        {
            model = new PackageModel(context.Recipe, runtime, context.Book.Packaging, format);
            var files = Files().ToList();
            var forFormat = model.ForFormat(files);
            foreach (var script in Scripts().Where(s => s.EndsWith(Template, StringComparison.Ordinal)))
            {
                var name = Path.GetFileName(script)[(format.Length + 1)..^Template.Length];
                Add(name.Replace(OfPackage, runtime.Name + "."), Fill(script, forFormat), isSource: name != Facts);
            }
        }
        catch (PackageException exception)
        {
            throw new CakeException(exception.Message);
        }
    }

    /// <summary>Digest of everything in the folder but the runtime and the Dockerfile.</summary>
    public string Fingerprint =>
        Gfxbake.Formats.Files.Fingerprint.Of(texts.Values.Concat(Scripts().Select(s => Gfxbake.Formats.Files.Fingerprint.OfFile(s))));

    /// <summary>Names of the files that make the package, with which anybody can make it again: not the runtime.</summary>
    public IReadOnlyList<string> Sources => sources;

    /// <summary>Writes the folder; the runtime is linked, not copied.</summary>
    public void Write(string folder)
    {
        Folders.Empty(folder);
        foreach (var (name, text) in texts)
            AtomicFile.WriteText(Path.Combine(folder, name), text);
        foreach (
            var script in Scripts()
                .Where(s => !s.EndsWith(Template, StringComparison.Ordinal) && !s.EndsWith(".Dockerfile", StringComparison.Ordinal))
        )
        {
            File.Copy(script, Path.Combine(folder, Path.GetFileName(script)));
        }

        File.Copy(Path.Combine(context.Paths.PackageTemplates, format + ".Dockerfile"), Path.Combine(folder, "Dockerfile"));
        HardLink.OrCopy(Path.Combine(context.Paths.Runtime, runtime.File), Path.Combine(folder, runtime.File));
    }

    private IEnumerable<string> Scripts() =>
        Directory.EnumerateFiles(context.Paths.PackageTemplates, format + "-*").Order(StringComparer.Ordinal);

    private IEnumerable<PackagedFile> Files()
    {
        var starter = Path.Combine(context.Paths.PackageTemplates, "starter.sh" + Template);
        var environment = ImageLabels.InstalledEnvironment(context.Workspace);
        foreach (var program in runtime.Programs)
        {
            yield return Put(
                program.Name,
                $"{settings.Places.Programs}/{program.Name}",
                Program,
                Fill(starter, model.ForStarter(environment, program))
            );
        }

        var forFile = model.ForFile();
        foreach (var file in PackageKey.Of(context).Files)
            yield return Put(file.Name, file.Target, Plain, Fill(Path.Combine(context.Paths.Recipes, file.Source), forFile));
    }

    private PackagedFile Put(string name, string target, string mode, string text)
    {
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
        if (new FileInfo(path) is not { Exists: true, LinkTarget: null })
            throw new PackageException($"{context.Paths.Show(path)} is missing or a link; correct packages.files of the recipe");
        return PackageTemplate.Fill(File.ReadAllText(path), values, settings.Escape, context.Paths.Show(path));
    }
}
