/* What is wrong, in a sentence; and the end of the process by it. */
#ifndef GFXBAKE_PROBLEM_H
#define GFXBAKE_PROBLEM_H

#include <stdbool.h>

enum { PROBLEM_BYTES = 1024 };

struct problem {
    char text[PROBLEM_BYTES];
};

/* Always false, so that a check can return it. */
__attribute__((format(printf, 2, 3))) bool complain(struct problem *problem, const char *format, ...);

/* One line on stderr, then SIGABRT: the program must not end well. */
__attribute__((format(printf, 1, 2), noreturn)) void give_up(const char *format, ...);

#endif
