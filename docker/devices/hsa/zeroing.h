/* Memory that ROCr would fill with zeros and that has them already. */
#ifndef GFXBAKE_ZEROING_H
#define GFXBAKE_ZEROING_H

/* From now on the object that CALLER is in writes no zeros over 64 MiB or more; smaller memory it does. */
void zeroing_skip_large(const void *caller);

/* As it was. */
void zeroing_restore(void);

#endif
