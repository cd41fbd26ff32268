using System.Diagnostics;
using System.Runtime.Versioning;
using Gfxbake.Pipeline.Outputs.Package;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Package;

/// <summary>What the repository's templates become for a sample; UPDATE_GOLDEN=1 rewrites the files.</summary>
public sealed class PackageGoldenTests
{
    private static string Root => RepositoryRoot.Path;

    private static IEnumerable<string> Templates =>
        Directory
            .EnumerateFiles(Path.Combine(Root, "docker", "packages"), "*.hbs")
            .Select(f => Path.GetFileName(f)!)
            .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Templates))]
    public void Template_becomes(string template)
    {
        var golden = Path.Combine(Root, "tests", "Unit.Tests", "Pipeline", "Outputs", "Package", "Golden", template[..^".hbs".Length]);
        var text = Fill(template);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(golden)!);
            File.WriteAllText(golden, text);
        }

        Assert.That(text, Is.EqualTo(File.ReadAllText(golden)));
    }

    // A shell reads all of it without a word, so no value has left its place.
    [
        TestCase("arch-PKGBUILD.hbs", "bash"),
        TestCase("arch-facts.sh.hbs", "bash"),
        TestCase("arch-package.install.hbs", "bash"),
        TestCase("fedora-facts.sh.hbs", "bash"),
        TestCase("starter.sh.hbs", "sh")
    ]
    public void Result_is_a_script(string template, string shell)
    {
        using var check = Process.Start(
            new ProcessStartInfo(shell, ["-n"]) { RedirectStandardInput = true, RedirectStandardError = true }
        )!;
        check.StandardInput.Write(Fill(template));
        check.StandardInput.Close();
        var errors = check.StandardError.ReadToEnd();
        check.WaitForExit();

        Assert.That((check.ExitCode, errors), Is.EqualTo((0, "")));
    }

    // What the starter gives the program: the recipe's default, or what is set already.
    [TestCase("", "it's fast|/etc/ssl/cert.pem")]
    [TestCase("TOOL_MODE=slow SSL_CERT_FILE=/mine", "slow|/mine")]
    [TestCase("TOOL_MODE= SSL_CERT_FILE=", "|")]
    [SupportedOSPlatform("linux")]
    public void Starter_sets_what_nobody_has_set(string environment, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("gfxbake-starter").FullName;
        try
        {
            var certificate = Path.Combine(folder, "cert.pem");
            File.WriteAllText(certificate, "");
            var program = Path.Combine(folder, "program");
            File.WriteAllText(program, "#!/bin/sh\nprintf '%s|%s|%s' \"$TOOL_MODE\" \"$SSL_CERT_FILE\" \"$*\"\n");
            File.SetUnixFileMode(program, (UnixFileMode)0x1ed);
            var starter = Path.Combine(folder, "starter");
            File.WriteAllText(
                starter,
                Fill("starter.sh.hbs").Replace("/etc/ssl/cert.pem", certificate).Replace("/usr/lib/tool-debian/usr/bin/tool", program)
            );
            using var run = Process.Start(
                new ProcessStartInfo(
                    "env",
                    ["-u", "SSL_CERT_FILE", .. environment.Split(' ', StringSplitOptions.RemoveEmptyEntries), "sh", starter, "a b", "$c"]
                )
                {
                    RedirectStandardOutput = true,
                }
            )!;

            Assert.That(run.StandardOutput.ReadToEnd(), Is.EqualTo(expected.Replace("/etc/ssl/cert.pem", certificate) + "|a b $c"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Fill(string template)
    {
        var isStarter = template.StartsWith("starter", StringComparison.Ordinal);
        // A starter is the same in packages of all formats.
        var format = isStarter ? "arch" : template.Split('-')[0];
        var model = new PackageModel(SamplePackage.Recipe, SamplePackage.Runtime, SamplePackage.Facts, format);
        return PackageTemplate.Fill(
            File.ReadAllText(Path.Combine(Root, "docker", "packages", template)),
            isStarter ? model.ForStarter(SamplePackage.Runtime.Programs[0]) : model.ForFormat(SamplePackage.Files),
            SamplePackage.Facts.Format(format).Escape,
            template
        );
    }
}
