using Gfxbake.Pipeline.Trace;

namespace Gfxbake.Unit.Tests.Pipeline.Trace;

public sealed class NullGpuKitTests
{
    [TestCase("HSA_MODEL_TOPOLOGY", "/opt/gfxbake/topology")]
    [TestCase("HSA_MODEL_LIB", "/opt/gfxbake/nullgpu/libnullgpu.so")]
    [TestCase("HSA_ENABLE_SDMA", "0")]
    [TestCase("HSA_ENABLE_INTERRUPT", "0")]
    [TestCase("GPU_PINNED_MIN_XFER_SIZE", "1000000")]
    public void Environment_points_into_the_kit_and_turns_off_what_the_model_lacks(string name, string value)
    {
        Assert.That(NullGpuKit.Environment[name], Is.EqualTo(value));
    }
}
