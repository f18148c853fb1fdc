/*
 * embedded.c: see embedded.h. The array itself is made by embed.c at build time.
 */
#include "embedded.h"

#include <stdlib.h>
#include <string.h>

static int compare_name(const void *name, const void *element)
{
    const struct embedded *embedded = element;

    return strcmp(name, embedded->name);
}

const struct embedded *embedded_find(const char *name)
{
    return bsearch(name, embedded_templates, embedded_count, sizeof *embedded_templates,
                   compare_name);
}
