/* ROCr's own copies and fills, done here. With SDMA off ROCr copies with kernels of its own (amd_blit_kernel.cpp); a device
 * that does not do them never gets code objects of more than a megabyte, nor data. */
#ifndef GFXBAKE_BLIT_H
#define GFXBAKE_BLIT_H

#include "aql.h"
#include "memory.h"
#include "problem.h"

enum blit { BLIT_NONE, BLIT_COPY, BLIT_FILL, BLIT_WRONG };

/* BLIT_NONE for any other kernel; BLIT_WRONG, and a problem, when it is ROCr's own but nothing was or could be done. */
enum blit blit_run(struct memory *memory, const struct dispatch *dispatch, struct problem *problem);

#endif
