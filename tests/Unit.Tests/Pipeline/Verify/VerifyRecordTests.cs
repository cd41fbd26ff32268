using Gfxbake.Pipeline.Trace;
using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Unit.Tests.Pipeline.Verify;

public sealed class VerifyRecordTests
{
    [Test]
    public void Device_that_says_nothing_of_the_image_is_none_that_it_was_proven_on()
    {
        var record = new VerifyRecord
        {
            Inputs = [],
            Image = "i",
            ImageId = "id",
            Workloads =
            [
                new("jit", "jit", "a jit", []) { Unproven = "not run (jit is not installed)" },
                new("null", "null", "the null GPU", []),
                new("cpu", null, WorkloadVerdict.Cpu, []),
                new("files", null, WorkloadVerdict.Nothing, []),
            ],
        };

        Assert.That((record.Machines, record.Passed), Is.EqualTo(("on the CPU and on the null GPU", true)));
    }
}
