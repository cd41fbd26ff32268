using System.Text.RegularExpressions;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Run;

/// <summary>Asks the questions of doctor.yml.</summary>
public static partial class HostCheckup
{
    /// <param name="doctor">The questions.</param>
    /// <param name="tree">The machine.</param>
    /// <param name="given">The recipe.</param>
    public static HostReport Of(DoctorFacts doctor, HostTree tree, GivenFacts given)
    {
        var values = new HostValues(doctor, tree, given);
        List<HostFinding> findings =
        [
            .. doctor
                .Checks.Where(c => c.When.All(values.Holds))
                .Select(c => (Check: c, Case: c.Cases.FirstOrDefault(o => o.When.All(values.Holds))))
                .Where(f => f.Case is not null)
                .Select(f => Finding(doctor, values, f.Check, f.Case!)),
        ];
        return new()
        {
            Recipe = values.Fill("{recipe}"),
            Variant = values.Fill("{variant}"),
            Gpu = values.Fill("{gpu}"),
            Works = findings.All(f => f.Level != FindingLevel.Error),
            Findings = findings,
            Boot = [.. Boot(doctor, values, findings)],
        };
    }

    private static HostFinding Finding(DoctorFacts doctor, HostValues values, HostCheck check, HostCase one)
    {
        var source = one.Source is null ? null : doctor.Sources[one.Source];
        return new()
        {
            Check = check.Name,
            Title = check.Title,
            Level = one.Level,
            Found = values.Fill(one.Found),
            Why = one.Why is null ? null : values.Fill(one.Why),
            Source = source?.Where,
            Read = source?.Read,
            Remedy = one.Remedy is null ? null : values.Fill(one.Remedy),
            Run = [.. Known(values, one.Run).Select(r => values.Fill(r, Quote))],
            Add = Parameters(values, one.Add),
            Remove = Parameters(values, one.Remove),
        };
    }

    /// <summary>A text that is one fact stands for each of its values. What a shell could read otherwise gets into no command.</summary>
    private static IReadOnlyList<string> Parameters(HostValues values, IReadOnlyList<string> texts) =>
        [
            .. Known(values, texts)
                .SelectMany(t => FactNames.In(t) is [var name] && t == $"{{{name}}}" ? values[name] : [values.Fill(t)])
                .Where(p => Parameter().IsMatch(p))
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>A command with a hole in it is none.</summary>
    private static IEnumerable<string> Known(HostValues values, IReadOnlyList<string> texts) =>
        texts.Where(t => FactNames.In(t).All(n => values[n].Count > 0));

    private static IEnumerable<BootAdvice> Boot(DoctorFacts doctor, HostValues values, IReadOnlyList<HostFinding> findings)
    {
        List<string> add = [.. findings.SelectMany(f => f.Add).Distinct(StringComparer.Ordinal)];
        List<string> remove = [.. findings.SelectMany(f => f.Remove).Distinct(StringComparer.Ordinal).Except(add)];
        if (add.Count + remove.Count == 0)
            return [];
        var here = doctor.Boot.Where(b => b.When.Count > 0 && b.When.All(values.Holds)).Take(1).ToList();
        return (here.Count > 0 ? here : doctor.Boot).Select(b => new BootAdvice
        {
            Name = b.Name,
            Run = [.. remove.Select(p => With(b.Remove, p)), .. add.Select(p => With(b.Add, p)), .. b.Then],
        });
    }

    private static string With(string command, string parameter) => command.Replace("{parameter}", parameter, StringComparison.Ordinal);

    private static string Quote(string value) =>
        Plain().IsMatch(value) ? value : $"'{value.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,64}(?:=[A-Za-z0-9_.,:-]{0,128})?\z")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\A[A-Za-z0-9_./:=,+@%-]+\z")]
    private static partial Regex Plain();
}
