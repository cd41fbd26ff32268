using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Proof;
using Gfxbake.Unit.Tests.Formats.Images;

namespace Gfxbake.Unit.Tests.Pipeline.Proof;

/// <summary>One entry of a tar in a form that a test can change.</summary>
internal sealed record Node(char Type, string Path, string Text = "", int Mode = 0x1a4, int Uid = 0, int Gid = 0)
{
    public Dictionary<string, byte[]> Xattrs { get; init; } = [];

    public int Major { get; init; }
}

/// <summary>A small image of a runtime: what it was in full, what its plan keeps, and what was built of it.</summary>
internal static class SampleTree
{
    public const string Slim = "usr/lib/libslim.so",
        Alias = "usr/lib/libslim.so.1",
        Kernel = "usr/lib/rocblas/I8I_gfx1100.co";
    public const string Certificates = "etc/ssl/certs/ca-certificates.crt";
    public const int ReadableDirectory = 0x1ed,
        Sticky = 0x3ff,
        SetUid = 0x9ed;

    /// <summary>What stays; the last of it is rewritten.</summary>
    public static List<Node> Kept() =>
        [
            new('5', "./", Mode: ReadableDirectory),
            new('5', "dev", Mode: ReadableDirectory),
            new('5', "etc", Mode: ReadableDirectory),
            new('5', "etc/ssl", Mode: ReadableDirectory),
            new('5', "etc/ssl/certs", Mode: ReadableDirectory),
            new('0', Certificates, "one certificate"),
            new('2', "etc/ssl/certs/0a775a30.0", "ca-certificates.crt", 0x1ff),
            new('0', "etc/nsswitch.conf", "hosts: files dns"),
            new('0', "etc/passwd", "gfxbake:x:10001:10001"),
            new('5', "tmp", Mode: Sticky),
            new('5', "usr", Mode: ReadableDirectory),
            new('5', "usr/bin", Mode: ReadableDirectory),
            new('0', "usr/bin/ping", "a program", ReadableDirectory) { Xattrs = { ["security.capability"] = [1, 2, 3] } },
            new('5', "usr/lib", Mode: ReadableDirectory),
            new('5', "usr/lib/rocblas", Mode: ReadableDirectory),
            new('0', Kernel, "a kernel that no workload opens"),
            new('0', "usr/lib/libllama.so", "text of a library"),
            new('0', "usr/lib/libggml-cpu-zen4.so", "a CPU backend"),
            new('5', "usr/share", Mode: ReadableDirectory),
            new('0', "usr/share/amdgpu.ids", "1002,1586,Radeon 8060S"),
            new('3', "usr/share/null", Mode: 0x1b6) { Major = 1 },
            new('6', "usr/share/pipe"),
            new('5', "var", Mode: ReadableDirectory),
            new('5', "var/lib", Mode: ReadableDirectory),
            new('5', "var/lib/gfxbake", Mode: ReadableDirectory, Uid: 10001, Gid: 10001),
            new('0', Slim, "code of gfx1100", ReadableDirectory),
            new('1', Alias, Slim),
        ];

    /// <summary>The full image: the library has more code, and there is a file that goes.</summary>
    public static List<Node> Full()
    {
        var nodes = Kept();
        nodes[nodes.FindIndex(n => n.Path == Slim)] = new Node('0', Slim, "code of gfx1100 and of gfx900", ReadableDirectory);
        nodes.Insert(nodes.FindIndex(n => n.Path == "usr/lib"), new Node('0', "usr/bin/perl", "waste", ReadableDirectory));
        return nodes;
    }

    public static FileTable Table(IEnumerable<Node> nodes)
    {
        using var image = Tar(nodes).Open();
        return FileTable.Of(image);
    }

    public static ImageProof Proof()
    {
        var full = Table(Full());
        var kept = Table(Kept());
        var entries = full
            .Entries.Select(e => e.Entry)
            .Select(e => new PlanEntry
            {
                Path = e.Path,
                Kind = e.Kind,
                Size = e.Size,
                LinkTarget = e.LinkTarget,
                Action =
                    e.Path == "/usr/bin/perl" ? PlanAction.Drop
                    : e.Path == "/" + Slim ? PlanAction.SlimOffload
                    : PlanAction.Keep,
                Causes = [new Cause(Reason.Traced, "run")],
            });
        var slim = kept.Find("/" + Slim)!;
        return new ImageProof(
            full,
            new PrunePlan { CodeTargets = ["gfx1100"], Entries = [.. entries] },
            [new SlimmedFile("/" + Slim, full.Find("/" + Slim)!.Entry.Size, slim.Entry.Size, slim.Sha256!)]
        );
    }

    private static TarBuilder Tar(IEnumerable<Node> nodes)
    {
        var tar = new TarBuilder();
        foreach (var node in nodes)
        {
            if (node.Xattrs.Count > 0)
                tar.Pax([.. node.Xattrs.Select(x => ($"SCHILY.xattr.{x.Key}", x.Value))]);
            var isFile = node.Type == '0';
            tar.Entry(
                node.Type,
                node.Path,
                isFile ? "" : node.Text,
                isFile ? System.Text.Encoding.UTF8.GetBytes(node.Text) : null,
                node.Mode,
                uid: node.Uid,
                gid: node.Gid,
                major: node.Major
            );
        }

        return tar;
    }
}
