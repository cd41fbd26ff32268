namespace Gfxbake.Unit.Tests.Formats.Offload.RealTools;

/// <summary>A way to link tests/fixtures/offload/code.cpp.</summary>
/// <param name="Name">For the test's name.</param>
/// <param name="IsProgram">Whether host.cpp is linked in, rather than loading it as a library.</param>
/// <param name="Arguments">Of g++, beside the object files.</param>
public sealed record Linked(string Name, bool IsProgram, params string[] Arguments)
{
    /// <summary>Neither a build id nor another note: the table of program headers has to move.</summary>
    public bool HasNoNote => Arguments.Contains("-Wl,--build-id=none");

    /// <summary>Every linker and layout that Debian's tools make.</summary>
    public static IEnumerable<Linked> All =>
        [
            Library("bfd", "-fuse-ld=bfd"),
            Library("bfd separate-code", "-fuse-ld=bfd", "-Wl,-z,separate-code"),
            Library("bfd noseparate-code", "-fuse-ld=bfd", "-Wl,-z,noseparate-code"),
            Library("bfd relro now", "-fuse-ld=bfd", "-Wl,-z,relro,-z,now"),
            Library("bfd norelro", "-fuse-ld=bfd", "-Wl,-z,norelro"),
            Library("bfd 2 MB pages", "-fuse-ld=bfd", "-Wl,-z,max-page-size=0x200000"),
            Library("bfd 2 MB pages noseparate-code", "-fuse-ld=bfd", "-Wl,-z,max-page-size=0x200000,-z,noseparate-code"),
            Library("bfd relr", "-fuse-ld=bfd", "-Wl,-z,pack-relative-relocs"),
            Library("bfd emit-relocs", "-fuse-ld=bfd", "-Wl,--emit-relocs"),
            Library("bfd base address", "-fuse-ld=bfd", "-Wl,-Ttext-segment=0x10000000"),
            Library("bfd stripped", "-fuse-ld=bfd", "-s"),
            Library("bfd no note", "-fuse-ld=bfd", "-Wl,--build-id=none"),
            Library("bfd no note noseparate-code", "-fuse-ld=bfd", "-Wl,-z,noseparate-code", "-Wl,--build-id=none"),
            Library("gold", "-fuse-ld=gold"),
            Library("gold rosegment", "-fuse-ld=gold", "-Wl,--rosegment"),
            Library("gold relro now", "-fuse-ld=gold", "-Wl,-z,relro,-z,now"),
            Library("gold no note", "-fuse-ld=gold", "-Wl,--build-id=none"),
            Library("lld", "-fuse-ld=lld"),
            Library("lld no-rosegment", "-fuse-ld=lld", "-Wl,--no-rosegment"),
            Library("lld separate-code", "-fuse-ld=lld", "-Wl,-z,separate-code"),
            Library("lld separate-loadable-segments", "-fuse-ld=lld", "-Wl,-z,separate-loadable-segments"),
            Library("lld relro now", "-fuse-ld=lld", "-Wl,-z,relro,-z,now"),
            Library("lld 2 MB pages", "-fuse-ld=lld", "-Wl,-z,max-page-size=0x200000"),
            Library("lld addends in place", "-fuse-ld=lld", "-Wl,--apply-dynamic-relocs"),
            Library("lld build id", "-fuse-ld=lld", "-Wl,--build-id"),
            Library("lld no note", "-fuse-ld=lld", "-Wl,--build-id=none"),
            Program("bfd pie", "-fuse-ld=bfd", "-pie"),
            Program("bfd no-pie", "-fuse-ld=bfd", "-no-pie"),
            Program("bfd pie relr", "-fuse-ld=bfd", "-pie", "-Wl,-z,pack-relative-relocs"),
            Program("bfd static", "-fuse-ld=bfd", "-static"),
            Program("bfd static-pie", "-fuse-ld=bfd", "-static-pie"),
            Program("gold pie", "-fuse-ld=gold", "-pie"),
            Program("gold no-pie", "-fuse-ld=gold", "-no-pie"),
            Program("lld pie", "-fuse-ld=lld", "-pie"),
            Program("lld no-pie", "-fuse-ld=lld", "-no-pie"),
            Program("lld static", "-fuse-ld=lld", "-static"),
        ];

    public override string ToString() => Name;

    private static Linked Library(string name, params string[] arguments) => new($"{name} library", false, ["-shared", .. arguments]);

    private static Linked Program(string name, params string[] arguments) => new($"{name} program", true, arguments);
}
