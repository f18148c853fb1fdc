/*
 * view.h: the model as plain data for templates. Every decision was made in the model;
 * here names get their C spelling, texts become literals and comments, and lists get
 * their separators. It knows the model and must not know templates or files.
 */
#ifndef VIEW_H
#define VIEW_H

#include "../model/model.h"
#include "value.h"

/* The view of a schema: an object. `quarry view` prints it; docs/templates.md describes
 * it. */
struct value view_build(struct arena *arena, const struct schema *schema);

/* The same with `file` set to the name of the file that is made: "dockstat.h". */
struct value view_for_file(struct arena *arena, const struct value *view,
                           const char *file);

#endif
