/* Clang's offload bundles, plain and compressed. */
#ifndef OFFLOAD_H
#define OFFLOAD_H

#include "action.h"
#include "data.h"

/* Takes the entries that the action names out of the only bundle of input; each becomes an executable, empty where there is none. */
amd_comgr_status_t offload_unbundle(const struct action *action, const struct data_set *input, struct data_set *output);

#endif
