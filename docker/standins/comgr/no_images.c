/* LD_PRELOAD: a GPU without images. HIP then compiles another program at its first queue, which is to be recorded too. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

/* HSA_EXT_AGENT_INFO_MAX_IMAGE_RORW_HANDLES of hsa_ext_image.h: HIP says that a GPU has images where it is above zero. */
enum { MAX_IMAGE_RORW_HANDLES = 0x300a };

__attribute__((visibility("default"))) int hsa_agent_get_info(uint64_t agent, int attribute, void *value);

int hsa_agent_get_info(uint64_t agent, int attribute, void *value)
{
    int (*real)(uint64_t, int, void *);
    void *library = dlopen("libhsa-runtime64.so.1", RTLD_LAZY);
    *(void **)&real = library == NULL ? NULL : dlsym(library, "hsa_agent_get_info");
    if (real == NULL)
        abort();
    int status = real(agent, attribute, value);
    if (attribute == MAX_IMAGE_RORW_HANDLES && status == 0)
        *(uint32_t *)value = 0;
    return status;
}
