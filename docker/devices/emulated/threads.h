#ifndef GFXBAKE_THREADS_H
#define GFXBAKE_THREADS_H

/* Gives the program's other threads a lower priority, so that those of its kernels get on while they wait. A queue's thread calls it. */
void give_way(void);

#endif
