/*
 * explain_print.c: see explain_print.h.
 */
#include "explain_print.h"

#include "../model/json.h"

#include <string.h>

enum {
    PLACE_BYTES = 60
};

/* ---- for people ---------------------------------------------------------------------- */

/* The words of the SQL that a reason is about, on one line. */
static void add_place(struct buf *out, const char *text, struct range at)
{
    size_t i;
    bool blank = false;

    for (i = at.start; i < at.end; i++) {
        bool space = strchr(" \t\r\n", text[i]) != NULL;

        if (i - at.start >= PLACE_BYTES && (text[i] & 0xC0) != 0x80) {
            buf_adds(out, "…");
            return;
        }
        if (!space || !blank)
            buf_addc(out, space ? ' ' : text[i]);
        blank = space;
    }
}

static void add_position(struct buf *out, const char *text, size_t offset)
{
    size_t line = 1, column = 1, i;

    for (i = 0; i < offset; i++) {
        column = text[i] == '\n' ? 1 : column + 1;
        line += text[i] == '\n';
    }
    buf_addf(out, "%zu:%zu", line, column);
}

static void add_reason(struct buf *out, const struct explained *explained,
                       const struct reason *reason)
{
    buf_adds(out, reason->text == NULL ? "" : reason->text);
    if (reason->at.end <= reason->at.start)
        return;
    buf_adds(out, ": `");
    add_place(out, explained->text, reason->at);
    buf_adds(out, "` at ");
    add_position(out, explained->text, reason->at.start);
}

static void add_type(struct buf *out, const struct type *type)
{
    const char *name = type_name(type), *storage = type_storage(type);

    buf_adds(out, name);
    if (type->nullable && strcmp(name, "null") != 0)
        buf_addc(out, '?');
    if (strcmp(name, storage) != 0)
        buf_addf(out, " (%s)", storage);
}

static void add_origin(struct buf *out, const struct type *type)
{
    if (type->origin != NULL)
        buf_addf(out, ", from %s.%s", type->origin->table->name, type->origin->name);
}

static void print_parameter(struct buf *out, const struct explained *explained,
                            const struct parameter *parameter)
{
    buf_addf(out, "  %s%s: ", parameter->name, parameter->is_list ? "..." : "");
    add_type(out, &parameter->type);
    add_origin(out, &parameter->type);
    if (parameter->strength > 0) {
        buf_adds(out, ", typed at ");
        add_position(out, explained->text, parameter->typed_at.start);
    } else {
        buf_adds(out, ", nothing says what it is");
    }
    if (parameter->conflict.end > 0) {
        buf_adds(out, ", but ");
        add_type(out, &parameter->other);
        buf_adds(out, " at ");
        add_position(out, explained->text, parameter->conflict.start);
    }
    buf_addc(out, '\n');
}

static void print_column(struct buf *out, const struct explained *explained,
                         const struct output *column)
{
    buf_addf(out, "  %s: ", column->name);
    add_type(out, &column->type);
    add_origin(out, &column->type);
    buf_addf(out, "\n      %s: ", column->type.nullable ? "nullable" : "not null");
    add_reason(out, explained, &column->type.reason);
    buf_addc(out, '\n');
}

static void print_use(struct buf *out, const struct table_use *use)
{
    const char *words[4];
    size_t count = 0, i;

    if (use->reads)
        words[count++] = "read";
    if (use->inserts)
        words[count++] = "inserted into";
    if (use->updates)
        words[count++] = "updated";
    if (use->deletes)
        words[count++] = "deleted from";
    buf_addf(out, "  %s: ", use->table->name);
    for (i = 0; i < count; i++)
        buf_addf(out, "%s%s", i == 0 ? "" : ", ", words[i]);
    if (use->through != NULL)
        buf_addf(out, ", through the %s", use->through);
    buf_addc(out, '\n');
}

static void print_tables(struct buf *out, const struct table_uses *uses)
{
    size_t i;

    if (uses->list.count > 0)
        buf_adds(out, "tables:\n");
    for (i = 0; i < uses->list.count; i++)
        print_use(out, &uses->list.items[i]);
}

static void print_plan(struct buf *out, const struct query_plan *plan)
{
    size_t i;

    if (plan == NULL || plan->lines.count == 0)
        return;
    buf_adds(out, "plan:\n");
    for (i = 0; i < plan->lines.count; i++) {
        buf_repeat(out, ' ', 2 + 3 * (size_t)plan->lines.items[i].depth);
        buf_addf(out, "%s\n", plan->lines.items[i].text);
    }
}

static void print_advice(struct buf *out, struct lint *lint,
                         const struct explained *explained, const struct advice *advice)
{
    const char *hint = lint_advice_hint(lint, advice);

    buf_addf(out, "%s: %s, at ", advice->code > 0 ? "warning" : "note", advice->message);
    add_position(out, explained->text, advice->at.start);
    if (advice->code > 0)
        buf_addf(out, " [L%03d]", advice->code - FINDING_BASE);
    buf_addc(out, '\n');
    if (hint != NULL)
        buf_addf(out, "    %s\n", hint);
}

void explain_print(struct buf *out, struct lint *lint, const struct explained *explained)
{
    size_t i;

    buf_addf(out, "%s%s%s\n", explained->kind, explained->name == NULL ? "" : " ",
             explained->name == NULL ? "" : explained->name);
    if (explained->parameter_count > 0)
        buf_adds(out, "parameters:\n");
    for (i = 0; i < explained->parameter_count; i++)
        print_parameter(out, explained, explained->parameters[i]);
    if (explained->column_count > 0)
        buf_adds(out, "columns:\n");
    for (i = 0; i < explained->column_count; i++)
        print_column(out, explained, &explained->columns[i]);
    print_tables(out, &explained->tables);
    print_plan(out, explained->plan);
    for (i = 0; i < explained->advices.list.count; i++)
        print_advice(out, lint, explained, &explained->advices.list.items[i]);
}

/* ---- JSON ---------------------------------------------------------------------------- */

static void json_text(struct buf *out, const char *key, const char *value)
{
    buf_addf(out, "\"%s\": ", key);
    if (value == NULL)
        buf_adds(out, "null");
    else
        json_string(out, value);
}

static void json_reason(struct buf *out, const struct explained *explained,
                        const struct reason *reason)
{
    buf_adds(out, ", \"reason\": {");
    json_text(out, "rule", reason->text);
    if (reason->at.end > reason->at.start) {
        struct buf place;

        buf_init(&place);
        buf_add(&place, explained->text + reason->at.start,
                reason->at.end - reason->at.start);
        buf_addf(out, ", \"start\": %zu, \"end\": %zu, ", reason->at.start,
                 reason->at.end);
        json_text(out, "sql", place.data);
        buf_release(&place);
    }
    buf_addc(out, '}');
}

static void json_origin(struct buf *out, const struct catalog_column *origin)
{
    if (origin == NULL) {
        buf_adds(out, ", \"origin\": null");
        return;
    }
    buf_adds(out, ", \"origin\": {");
    json_text(out, "table", origin->table->name);
    buf_adds(out, ", ");
    json_text(out, "column", origin->name);
    buf_adds(out, ", ");
    json_text(out, "declared", origin->declared);
    buf_addc(out, '}');
}

static void json_type(struct buf *out, const struct type *type)
{
    buf_adds(out, ", ");
    json_text(out, "type", type_name(type));
    buf_adds(out, ", ");
    json_text(out, "storage", type_storage(type));
    buf_addf(out, ", \"nullable\": %s", type->nullable ? "true" : "false");
    json_origin(out, type->origin);
}

static void json_parameters(struct buf *out, const struct explained *explained)
{
    size_t i;

    buf_adds(out, "\"params\": [");
    for (i = 0; i < explained->parameter_count; i++) {
        const struct parameter *parameter = explained->parameters[i];

        buf_adds(out, i == 0 ? "\n    {" : ",\n    {");
        json_text(out, "name", parameter->name);
        buf_addf(out, ", \"index\": %d", parameter->index);
        json_type(out, &parameter->type);
        buf_addf(out, ", \"list\": %s, \"typed\": %s}",
                 parameter->is_list ? "true" : "false",
                 parameter->strength > 0 ? "true" : "false");
    }
    buf_adds(out, explained->parameter_count > 0 ? "\n  ]" : "]");
}

static void json_columns(struct buf *out, const struct explained *explained)
{
    size_t i;

    buf_adds(out, "\"columns\": [");
    for (i = 0; i < explained->column_count; i++) {
        buf_adds(out, i == 0 ? "\n    {" : ",\n    {");
        json_text(out, "name", explained->columns[i].name);
        json_type(out, &explained->columns[i].type);
        json_reason(out, explained, &explained->columns[i].type.reason);
        buf_addc(out, '}');
    }
    buf_adds(out, explained->column_count > 0 ? "\n  ]" : "]");
}

static const char *truth(bool value)
{
    return value ? "true" : "false";
}

static void json_tables(struct buf *out, const struct table_uses *uses)
{
    size_t i;

    buf_adds(out, "\"tables\": [");
    for (i = 0; i < uses->list.count; i++) {
        const struct table_use *use = &uses->list.items[i];

        buf_adds(out, i == 0 ? "\n    {" : ",\n    {");
        json_text(out, "name", use->table->name);
        buf_addf(out,
                 ", \"reads\": %s, \"inserts\": %s, \"updates\": %s, \"deletes\": %s, ",
                 truth(use->reads), truth(use->inserts), truth(use->updates),
                 truth(use->deletes));
        json_text(out, "through", use->through);
        buf_addc(out, '}');
    }
    buf_adds(out, uses->list.count > 0 ? "\n  ]" : "]");
}

static void json_plan(struct buf *out, const struct query_plan *plan)
{
    size_t i, count = plan == NULL ? 0 : plan->lines.count;

    buf_adds(out, "\"plan\": [");
    for (i = 0; i < count; i++) {
        const struct plan_line *line = &plan->lines.items[i];

        buf_addf(out, "%s\n    {\"id\": %d, \"parent\": %d, ", i == 0 ? "" : ",",
                 line->id, line->parent);
        json_text(out, "detail", line->text);
        buf_addc(out, '}');
    }
    buf_adds(out, count > 0 ? "\n  ]" : "]");
}

static void json_advice(struct buf *out, struct lint *lint, const struct advice *advice)
{
    const char *code = NULL;

    if (advice->code > 0)
        code = arena_printf(lint->arena, "L%03d", advice->code - FINDING_BASE);
    json_text(out, "code", code);
    buf_adds(out, ", ");
    json_text(out, "severity", code != NULL ? "warning" : "note");
    buf_adds(out, ", ");
    json_text(out, "message", advice->message);
    buf_adds(out, ", ");
    json_text(out, "hint", lint_advice_hint(lint, advice));
    buf_addf(out, ", \"start\": %zu, \"end\": %zu", advice->at.start, advice->at.end);
}

static void json_warnings(struct buf *out, struct lint *lint,
                          const struct advices *advices)
{
    size_t i;

    buf_adds(out, "\"warnings\": [");
    for (i = 0; i < advices->list.count; i++) {
        buf_adds(out, i == 0 ? "\n    {" : ",\n    {");
        json_advice(out, lint, &advices->list.items[i]);
        buf_addc(out, '}');
    }
    buf_adds(out, advices->list.count > 0 ? "\n  ]" : "]");
}

void explain_print_json(struct buf *out, struct lint *lint,
                        const struct explained *explained)
{
    buf_adds(out, "{\n  ");
    json_text(out, "name", explained->name);
    buf_adds(out, ",\n  ");
    json_text(out, "kind", explained->kind);
    buf_adds(out, ",\n  ");
    json_parameters(out, explained);
    buf_adds(out, ",\n  ");
    json_columns(out, explained);
    buf_adds(out, ",\n  ");
    json_tables(out, &explained->tables);
    buf_adds(out, ",\n  ");
    json_plan(out, explained->plan);
    buf_adds(out, ",\n  ");
    json_warnings(out, lint, &explained->advices);
    buf_adds(out, "\n}");
}
