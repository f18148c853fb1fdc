/*
 * fuzz_model.c: libFuzzer target: any bytes as a schema, through all steps up to the
 * referee. No crash, no leak, no endless loop; a model comes out or an error, never
 * neither.
 */
#include "../../generator/model/model.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static FILE *nowhere;
    struct arena arena = {0};
    struct diags *diags = diags_new(&arena);
    const struct schema *schema;

    if (nowhere == NULL)
        nowhere = fopen("/dev/null", "w");
    schema = model_read_text(&arena, diags, "fuzz.yaml", (const char *)data, size);
    if ((schema == NULL) != (diags_errors(diags) > 0))
        abort();
    diags_print(diags, nowhere, false);
    arena_release(&arena);
    return 0;
}
