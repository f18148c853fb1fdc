/*
 * findings.c: see findings.h.
 */
#include "findings.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    int code;
    const char *title;
} findings[] = {
#define FINDING_ROW(name, number, title) {FINDING_##name, title},
    FINDINGS(FINDING_ROW)
#undef FINDING_ROW
};
enum {
    COUNT = sizeof findings / sizeof *findings
};

int finding_at(int index)
{
    return index < COUNT ? findings[index].code : 0;
}

const char *finding_title(int code)
{
    int i;

    for (i = 0; i < COUNT; i++)
        if (findings[i].code == code)
            return findings[i].title;
    return NULL;
}

bool finding_find(const char *word, int *code)
{
    size_t digits;

    if (word[0] != 'L' && word[0] != 'l')
        return false;
    digits = strspn(word + 1, "0123456789");
    if (digits != 3 || word[1 + digits] != '\0')
        return false;
    *code = FINDING_BASE + (int)strtol(word + 1, NULL, 10);
    return finding_title(*code) != NULL;
}
