using System.ComponentModel;
using Cake.Cli;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Spectre.Console.Cli;

namespace Cake.Frosting;

// The option names are Cake's own command line.
internal sealed class HostSettings : CommandSettings
{
    [CommandOption("-t|--target <TARGET>")]
    [DefaultValue("Default")]
    [Description("The target to build; may be given more than once.")]
    public string[] Targets { get; init; } = [];

    [CommandOption("-w|--working <PATH>")]
    [TypeConverter(typeof(Cli.DirectoryPathConverter))]
    [Description("The directory to work in.")]
    public DirectoryPath? Working { get; init; }

    [CommandOption("-v|--verbosity <VERBOSITY>")]
    [TypeConverter(typeof(VerbosityConverter))]
    [DefaultValue(Verbosity.Normal)]
    [Description("Quiet, Minimal, Normal, Verbose or Diagnostic.")]
    public Verbosity Verbosity { get; init; }

    [CommandOption("--description|--descriptions|--showdescription|--showdescriptions")]
    [Description("Lists the targets with their descriptions.")]
    public bool Description { get; init; }

    [CommandOption("--tree|--showtree")]
    [Description("Shows what depends on what.")]
    public bool Tree { get; init; }

    [CommandOption("--dryrun|--noop|--whatif")]
    [Description("Shows what would run, runs nothing.")]
    public bool DryRun { get; init; }

    [CommandOption("-e|--exclusive")]
    [Description("Runs the target without what it depends on.")]
    public bool Exclusive { get; init; }

    [CommandOption("--version|--ver")]
    [Description("Shows the version.")]
    public bool Version { get; init; }

    [CommandOption("--info")]
    [Description("Shows the versions and the runtime.")]
    public bool Info { get; init; }
}
