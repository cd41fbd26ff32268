/* What an action is to do: target, language, options. */
#ifndef ACTION_H
#define ACTION_H

#include <stdbool.h>
#include <stddef.h>

#include "comgr.h"

struct texts {
    char **items;
    size_t count;
};

struct action {
    char *isa;
    char *folder;
    amd_comgr_language_t language;
    struct texts options;
    struct texts bundle_entries;
    bool logs;
    /* Changes what a compiler makes, so it is part of a request. */
    bool links_device_libraries;
};

struct action *action_of(amd_comgr_action_info_t handle);

#endif
