namespace Gfxbake.Unit.Tests.Pipeline.Steps;

/// <summary>What a checkout has for packages, small: two formats, each with a template and the files that every format has.</summary>
internal static class SamplePackages
{
    public const string Recipe = """

        packages:
          release: 1
          epoch: 1
          description: [a sample]
          programs: [/usr/bin/sample]
          trees: [{source: _shared/packages/start, target: /usr/bin/start}]
          user: someone
        """;

    private const string Shared = """
        standin: {suite: sid, source_date_epoch: 1}
        packager: someone <someone@example.org>
        formats:
        """;

    private const string Format = """

          NAME:
            target: TARGET
            architecture: amd64
            file: '{name}_{version}-{release}_{architecture}.NAME'
            compression: NAME-hard
            version: {signs: a-z0-9.}
            places: {programs: /usr/bin, units: /usr/lib/systemd/system, configuration: /etc}
            relations: {depends: []}
        """;

    /// <summary>Files by their path in the checkout.</summary>
    public static IEnumerable<(string Path, string Text)> Files()
    {
        yield return ("recipes/_shared/packages.yml", Shared + Of("arch", "ArchPackage") + Of("fedora", "FedoraPackage") + "\n");
        yield return ("recipes/_shared/packages/start", "exec sample\n");
        yield return ("docker/packages/starter.sh.hbs", "exec {{shell path}}\n");
        yield return ("docker/packages/bundle.Dockerfile", "FROM parts\n");
        yield return ("docker/packages/bundle.sh", "patchelf\n");
        foreach (var format in new[] { "arch", "fedora" })
        {
            yield return ($"docker/packages/{format}.Dockerfile", "FROM tools\n");
            yield return ($"docker/packages/{format}-tools.Dockerfile", "FROM base\n");
            yield return ($"docker/packages/{format}-tools.sh", "install\n");
            yield return ($"docker/packages/{format}-build.sh", "build\n");
            yield return ($"docker/packages/{format}-list.hbs", "{{text name}} {{text version}}\n");
        }
    }

    private static string Of(string name, string target) => Format.Replace("NAME", name).Replace("TARGET", target);
}
