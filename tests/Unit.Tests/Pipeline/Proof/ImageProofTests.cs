namespace Gfxbake.Unit.Tests.Pipeline.Proof;

/// <summary>Kinds of damage to a built image, most of which no workload would notice.</summary>
public sealed class ImageProofTests
{
    private const string Long = "usr/lib/libggml-cpu-zen4.so";

    private static readonly byte[] Capability = [0, 0, 0, 2];

    [Test]
    public void Image_as_planned_has_no_differences() =>
        Assert.That(SampleTree.Proof().Differences(SampleTree.Table(SampleTree.Kept())), Is.Empty);

    [Test]
    public void Full_image_is_not_taken_for_the_pruned_one() =>
        Assert.That(SampleTree.Proof().Differences(SampleTree.Table(SampleTree.Full())), Has.Count.EqualTo(3));

    private static IEnumerable<TestCaseData> Damages()
    {
        yield return Damage("kernel file removed", n => Remove(n, SampleTree.Kernel), $"/{SampleTree.Kernel}: missing");
        yield return Damage(
            "kernel file zeroed",
            n => Change(n, SampleTree.Kernel, k => k with { Text = new string('\0', k.Text.Length) }),
            $"/{SampleTree.Kernel}: other content: SHA-256 "
        );
        yield return Damage(
            "byte of GPU code",
            n => Change(n, SampleTree.Slim, k => k with { Text = "code of gfx1101" }),
            $"/{SampleTree.Slim}: other content"
        );
        yield return Damage(
            "byte of text in a library",
            n => Change(n, "usr/lib/libllama.so", k => k with { Text = "Text of a library" }),
            "/usr/lib/libllama.so: other content"
        );
        yield return Damage(
            "zeros in a CPU backend",
            n => Change(n, Long, k => k with { Text = "a CPU\0\0\0\0\0\0\0\0" }),
            $"/{Long}: other content"
        );
        yield return Damage("truncated library", n => Change(n, Long, k => k with { Text = "a CPU" }), $"/{Long}: 5 bytes, not 13");
        yield return Damage("longer library", n => Change(n, Long, k => k with { Text = k.Text + "!" }), $"/{Long}: 14 bytes, not 13");
        yield return Damage("emptied file", n => Change(n, "etc/passwd", k => k with { Text = "" }), "/etc/passwd: 0 bytes, not 21");
        yield return Damage("certificates removed", n => Remove(n, SampleTree.Certificates), $"/{SampleTree.Certificates}: missing");
        yield return Damage(
            "certificates not readable",
            n => Change(n, SampleTree.Certificates, k => k with { Mode = 0x180 }),
            $"/{SampleTree.Certificates}: mode 0600, not 0644"
        );
        yield return Damage("nsswitch.conf removed", n => Remove(n, "etc/nsswitch.conf"), "/etc/nsswitch.conf: missing");
        yield return Damage("names of GPUs removed", n => Remove(n, "usr/share/amdgpu.ids"), "/usr/share/amdgpu.ids: missing");
        yield return Damage(
            "working directory of root",
            n => Change(n, "var/lib/gfxbake", k => k with { Uid = 0, Gid = 0 }),
            "/var/lib/gfxbake: owner 0:0, not 10001:10001"
        );
        yield return Damage(
            "group of root",
            n => Change(n, "var/lib/gfxbake", k => k with { Gid = 0 }),
            "/var/lib/gfxbake: owner 10001:0, not 10001:10001"
        );
        yield return Damage(
            "/tmp without its sticky bit",
            n => Change(n, "tmp", k => k with { Mode = 0x1ff }),
            "/tmp: mode 0777, not 1777"
        );
        yield return Damage(
            "directory open to all",
            n => Change(n, "usr/lib", k => k with { Mode = 0x1ff }),
            "/usr/lib: mode 0777, not 0755"
        );
        yield return Damage("root open to all", n => Change(n, "./", k => k with { Mode = 0x1ff }), "/: mode 0777, not 0755");
        yield return Damage(
            "program made setuid",
            n => Change(n, "usr/bin/ping", k => k with { Mode = SampleTree.SetUid }),
            "/usr/bin/ping: mode 4755, not 0755"
        );
        yield return Damage(
            "link led elsewhere",
            n => Change(n, "etc/ssl/certs/0a775a30.0", k => k with { Text = "/tmp/evil" }),
            "/etc/ssl/certs/0a775a30.0: leads to /tmp/evil, not to ca-certificates.crt"
        );
        yield return Damage(
            "link in place of a file",
            n => Change(n, "etc/passwd", _ => new Node('2', "etc/passwd", "/tmp/evil")),
            "/etc/passwd: a link to /tmp/evil, not a file of 21 bytes"
        );
        yield return Damage(
            "directory in place of a file",
            n => Change(n, "etc/passwd", _ => new Node('5', "etc/passwd")),
            "/etc/passwd: a directory, not a file of 21 bytes"
        );
        yield return Damage(
            "file in place of a fifo",
            n => Change(n, "usr/share/pipe", _ => new Node('0', "usr/share/pipe")),
            "/usr/share/pipe: a file of 0 bytes with mode 0644, not a fifo"
        );
        yield return Damage(
            "another device",
            n => Change(n, "usr/share/null", k => k with { Major = 8 }),
            "/usr/share/null: device 8:0, not 1:0"
        );
        yield return Damage(
            "capability lost",
            n => Change(n, "usr/bin/ping", k => k with { Xattrs = [] }),
            "/usr/bin/ping: the attribute security.capability is lost"
        );
        yield return Damage(
            "capability changed",
            n => Change(n, "usr/bin/ping", k => k with { Xattrs = new() { ["security.capability"] = Capability } }),
            "/usr/bin/ping: another value of the attribute security.capability"
        );
        yield return Damage(
            "capability given",
            n => Change(n, "usr/lib/libllama.so", k => k with { Xattrs = new() { ["security.capability"] = Capability } }),
            "/usr/lib/libllama.so: an attribute security.capability that the full image lacks"
        );
        yield return Damage(
            "setuid program planted",
            n => n.Add(new Node('0', "usr/bin/su", "evil", SampleTree.SetUid)),
            "/usr/bin/su: a file of 4 bytes with mode 4755 that the plan does not keep"
        );
        yield return Damage(
            "ld.so.preload planted",
            n => n.Add(new Node('0', "etc/ld.so.preload", "/tmp/evil.so")),
            "/etc/ld.so.preload: a file of 12 bytes with mode 0644 that the plan does not keep"
        );
        yield return Damage(
            "dropped file is back",
            n => n.Add(new Node('0', "usr/bin/perl", "waste", SampleTree.ReadableDirectory)),
            "/usr/bin/perl: a file of 5 bytes with mode 0755 that the plan does not keep"
        );
        yield return Damage(
            "directory planted",
            n => n.Add(new Node('5', "etc/ld.so.conf.d", Mode: SampleTree.ReadableDirectory)),
            "/etc/ld.so.conf.d: a directory that the plan does not keep"
        );
        yield return Damage(
            "link planted",
            n => n.Add(new Node('2', "usr/lib/libc.so.6", "/tmp/libc.so")),
            "/usr/lib/libc.so.6: a link to /tmp/libc.so that the plan does not keep"
        );
        yield return Damage(
            "device planted",
            n => n.Add(new Node('4', "dev/sda") { Major = 8 }),
            "/dev/sda: a device that the plan does not keep"
        );
        yield return Damage(
            "hosts with content",
            n => n.Add(new Node('0', "etc/hosts", "10.0.0.1 huggingface.co", SampleTree.ReadableDirectory)),
            "/etc/hosts: a file of 23 bytes"
        );
        yield return Damage(
            "mtab led elsewhere",
            n => n.Add(new Node('2', "etc/mtab", "/etc/shadow")),
            "/etc/mtab: a link to /etc/shadow that the plan does not keep"
        );
        yield return Damage("file under an engine's mount", n => n.Add(new Node('0', "dev/evil", "x")), "/dev/evil: a file of 1 bytes");
        yield return Damage(
            "name that fools a terminal",
            n => n.Add(new Node('0', "usr/bin/\u001b[2J", "x")),
            "/usr/bin/\\x1b[2J: a file of 1 bytes"
        );
    }

    [TestCaseSource(nameof(Damages))]
    public void Damage_is_told_with_its_path(Delegate damage, string sentence)
    {
        var nodes = SampleTree.Kept();
        ((Action<List<Node>>)damage)(nodes);

        var differences = SampleTree.Proof().Differences(SampleTree.Table(nodes));

        Assert.That(differences, Has.Some.StartsWith(sentence));
    }

    [Test]
    public void Hard_links_of_a_rewritten_library_are_all_told()
    {
        var nodes = SampleTree.Kept();
        Change(nodes, SampleTree.Slim, k => k with { Text = "code of gfx1101" });

        Assert.That(
            SampleTree.Proof().Differences(SampleTree.Table(nodes)).Select(d => d.Split(':')[0]),
            Is.EqualTo(new[] { "/" + SampleTree.Slim, "/" + SampleTree.Alias })
        );
    }

    [Test]
    public void Copy_in_place_of_a_hard_link_is_the_same_content()
    {
        var nodes = SampleTree.Kept();
        Change(nodes, SampleTree.Alias, _ => nodes.Single(n => n.Path == SampleTree.Slim) with { Path = SampleTree.Alias });

        Assert.That(SampleTree.Proof().Differences(SampleTree.Table(nodes)), Is.Empty);
    }

    [Test]
    public void What_an_engine_puts_into_a_container_is_no_difference()
    {
        var nodes = SampleTree.Kept();
        foreach (var file in new[] { ".dockerenv", "dev/console", "etc/hostname", "etc/hosts", "etc/resolv.conf" })
            nodes.Add(new Node('0', file, Mode: SampleTree.ReadableDirectory));
        foreach (var directory in new[] { "dev/pts", "dev/shm", "proc", "sys" })
            nodes.Add(new Node('5', directory, Mode: SampleTree.ReadableDirectory));
        nodes.Add(new Node('2', "etc/mtab", "/proc/mounts", 0x1ff));
        Change(nodes, "dev", d => d with { Mode = 0x16d });
        Change(nodes, "usr/bin/ping", k => k with { Xattrs = new(k.Xattrs) { ["security.selinux"] = [1] } });

        Assert.That(SampleTree.Proof().Differences(SampleTree.Table(nodes)), Is.Empty);
    }

    private static TestCaseData Damage(string name, Action<List<Node>> damage, string sentence) =>
        new TestCaseData(damage, sentence).SetArgDisplayNames(name);

    private static void Remove(List<Node> nodes, string path) => Assert.That(nodes.RemoveAll(n => n.Path == path), Is.EqualTo(1));

    private static void Change(List<Node> nodes, string path, Func<Node, Node> change)
    {
        var at = nodes.FindIndex(n => n.Path == path);
        nodes[at] = change(nodes[at]);
    }
}
