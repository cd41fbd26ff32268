/* What the stand-in says to people: one line or a few on stderr, each with its name in front. */
#ifndef REPORT_H
#define REPORT_H

/* How a user gets the library itself back; docs/standins.md has each way step by step. */
#define WAY_BACK \
    "take the image that ends with -compiler, which ./build.sh --target=CompilerLayer makes, or put its libraries before this one: " \
    "docs/standins.md, \"The way back\"; an image without stand-ins is made with --standins=none"

/* Writes one message. */
__attribute__((format(printf, 1, 2))) void report(const char *format, ...);

/* Writes one message and ends the process with SIGABRT: going on would mean that HIP computes on the CPU or says "out of memory". */
__attribute__((format(printf, 1, 2), noreturn)) void report_and_abort(const char *format, ...);

#endif
