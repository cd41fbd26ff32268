/* AMD's header of the library that this one stands in for, and how its functions are defined here. */
#ifndef COMGR_H
#define COMGR_H

#define AMD_COMGR_EXPORT 1
#define AMD_COMGR_BUILD 1
#include <amd_comgr.h>

#define EXPORTED __attribute__((visibility("default")))

#define SUCCESS AMD_COMGR_STATUS_SUCCESS
#define FAILURE AMD_COMGR_STATUS_ERROR
#define INVALID AMD_COMGR_STATUS_ERROR_INVALID_ARGUMENT
#define NO_MEMORY AMD_COMGR_STATUS_ERROR_OUT_OF_RESOURCES

#endif
