/* A GPU that accepts all work, copies and fills memory, and runs no kernel.
 *
 * Why: half of what a ROCm program needs is opened only when a GPU answers: comgr and LLVM at device init, rocBLAS
 * kernels at the first GEMM. A machine without a GPU would trace, and so keep, none of it. Results are meaningless; which
 * files are opened, whether the stack comes up at all, and whether each kernel that is launched has its code, is not.
 */
#include "gpu.h"

const char gpu_name[] = "gfxbake-nullgpu";

void gpu_run(const struct launch *launch)
{
    (void)launch;
}

void gpu_report(char more[MORE_BYTES])
{
    (void)more;
}
