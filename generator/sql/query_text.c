/*
 * query_text.c: see query_text.h. `[[` would begin a quoted name in SQL, one whose first
 * character is a bracket: nobody has such names, so it is free for filters.
 */
#include "query_text.h"

#include "../base/buf.h"

#include <string.h>

/* ---- segments ------------------------------------------------------------------------ */

struct cutter {
    struct query_text *text;
    struct diags *diags;
    size_t length;
    size_t start; /* of the segment that is being read */
};

static bool is_pair(const struct cutter *cutter, size_t offset, char c)
{
    const char *sql = cutter->text->sql;

    return offset + 1 < cutter->length && sql[offset] == c && sql[offset + 1] == c;
}

static void add_segment(struct cutter *cutter, size_t start, size_t end, int filter,
                        bool is_order)
{
    *VEC_ADD(cutter->text->arena, &cutter->text->segments) =
        (struct segment){{start, end}, filter, is_order};
}

static struct diag *fail(struct cutter *cutter, int code, size_t offset, size_t length,
                         const char *message)
{
    return diag_error(cutter->diags, code,
                      node_span_at(cutter->text->node, offset, length), "%s", message);
}

/* The offset of the `]]` that closes what begins at `offset`; or that of the end. */
static size_t find_close(const struct cutter *cutter, size_t offset)
{
    const char *sql = cutter->text->sql;

    for (;;) {
        struct token token = token_at(sql, cutter->length, offset);

        if (token.kind == TOKEN_END)
            return cutter->length;
        if (is_pair(cutter, token.offset, ']'))
            return token.offset;
        if (is_pair(cutter, token.offset, '['))
            return token.offset;
        offset = token.offset + token.length;
    }
}

static bool is_order(const struct cutter *cutter, size_t start, size_t end)
{
    struct token token = token_at(cutter->text->sql, end, start);

    return token.kind == TOKEN_WORD && token.keyword == KEYWORD_ORDER &&
           token_at(cutter->text->sql, end, token.offset + token.length).kind ==
               TOKEN_END;
}

static bool add_order(struct cutter *cutter, size_t start, size_t end)
{
    struct query_text *text = cutter->text;
    struct diag *diag;

    if (text->query->orders.count == 0) {
        diag = fail(cutter, 312, start, 2, "the query has no orders to choose among");
        diag_hint(diag, "add `order:` with their terms");
        return false;
    }
    if (text->has_order) {
        fail(cutter, 312, start, 2, "`[[order]]` is there twice");
        return false;
    }
    text->has_order = true;
    add_segment(cutter, start, end + 2, 0, true);
    return true;
}

/* Cuts at a `[[` that stands at `open`; the offset behind its end, or 0 after an error. */
static size_t cut_mark(struct cutter *cutter, size_t open)
{
    struct query_text *text = cutter->text;
    size_t close = find_close(cutter, open + 2);

    add_segment(cutter, cutter->start, open, 0, false);
    if (!is_pair(cutter, close, ']')) {
        fail(cutter, 310, open, 2,
             close < cutter->length ? "there is another `[[` in this filter"
                                    : "this filter is not closed with `]]`");
        return 0;
    }
    if (is_order(cutter, open + 2, close))
        return add_order(cutter, open, close) ? close + 2 : 0;
    add_segment(cutter, open + 2, close, ++text->filters, false);
    if (text->filters <= QUERY_FILTERS)
        return close + 2;
    fail(cutter, 311, open, 2, "a query has at most 6 optional filters");
    return 0;
}

static bool cut(struct cutter *cutter)
{
    struct query_text *text = cutter->text;
    size_t offset = 0;

    for (;;) {
        struct token token = token_at(text->sql, cutter->length, offset);

        if (token.kind == TOKEN_END)
            break;
        offset = token.offset + token.length;
        if (!is_pair(cutter, token.offset, '['))
            continue;
        offset = cut_mark(cutter, token.offset);
        if (offset == 0)
            return false;
        cutter->start = offset;
    }
    add_segment(cutter, cutter->start, cutter->length, 0, false);
    return true;
}

static bool check_orders(struct cutter *cutter)
{
    const struct query *query = cutter->text->query;

    if (query->orders.count > 0 && !cutter->text->has_order) {
        diag_hint(diag_error(cutter->diags, 312, query->orders.items[0].span,
                             "the statement has no place for an order"),
                  "write ORDER BY [[order]] where it goes");
        return false;
    }
    if ((query->orders.count > 0 ? query->orders.count : 1) << cutter->text->filters <=
        QUERY_VARIANTS)
        return true;
    diag_error(cutter->diags, 311, query->span,
               "filters and orders make more than %d statements", QUERY_VARIANTS);
    return false;
}

bool query_text_read(struct query_text *text, struct arena *arena, struct diags *diags,
                     const struct query *query)
{
    struct cutter cutter = {text, diags, strlen(query->sql), 0};

    *text = (struct query_text){
        .arena = arena, .sql = query->sql, .node = query->node, .query = query};
    return cut(&cutter) && check_orders(&cutter);
}

void query_text_view(struct query_text *text, struct arena *arena,
                     const struct view *view)
{
    *text = (struct query_text){.arena = arena, .sql = view->sql, .node = view->node};
    *VEC_ADD(arena, &text->segments) = (struct segment){{0, strlen(view->sql)}, 0, false};
}

/* ---- variants ------------------------------------------------------------------------ */

static bool is_in(const struct segment *segment, unsigned filters)
{
    return segment->filter == 0 || (filters >> (segment->filter - 1) & 1) != 0;
}

static size_t length_of(const struct segment *segment)
{
    return segment->range.end - segment->range.start;
}

/* Marks and filters that are left out become blanks, so that offsets stay. */
struct variant query_variant(const struct query_text *text, unsigned filters,
                             size_t order)
{
    struct variant variant = {.filters = filters, .order = order};
    struct buf out;
    size_t i, at = 0;

    buf_init(&out);
    for (i = 0; i < text->segments.count; i++) {
        const struct segment *segment = &text->segments.items[i];

        buf_repeat(&out, ' ', segment->range.start - at);
        if (segment->is_order) {
            const char *terms = text->query->orders.items[order].sql;

            variant.order_at = out.length + 1;
            variant.order_length = strlen(terms);
            buf_addf(&out, " %s ", terms);
        } else if (is_in(segment, filters)) {
            buf_add(&out, text->sql + segment->range.start, length_of(segment));
        } else {
            buf_repeat(&out, ' ', length_of(segment));
        }
        at = segment->range.end;
    }
    variant.length = out.length;
    variant.text = arena_strndup(text->arena, out.data, out.length);
    buf_release(&out);
    return variant;
}

/* Where the text of the schema has `[[order]]`, or 0. */
static size_t order_mark(const struct query_text *text, size_t *length)
{
    size_t i;

    *length = 0;
    for (i = 0; i < text->segments.count; i++)
        if (text->segments.items[i].is_order) {
            *length = length_of(&text->segments.items[i]);
            return text->segments.items[i].range.start;
        }
    return 0;
}

size_t query_offset(const struct query_text *text, const struct variant *variant,
                    size_t offset)
{
    size_t mark;

    if (variant->order_length == 0 || offset < variant->order_at)
        return offset;
    order_mark(text, &mark);
    return offset - variant->order_length - 2 + mark;
}

static bool is_in_order(const struct variant *variant, size_t offset)
{
    return variant->order_length > 0 && offset >= variant->order_at &&
           offset < variant->order_at + variant->order_length;
}

struct span query_place(const struct query_text *text, const struct variant *variant,
                        struct range range)
{
    size_t length = range.end - range.start;

    if (range.end == 0)
        return node_span_at(text->node, 0, strlen(text->sql));
    if (is_in_order(variant, range.start))
        return node_span_at(text->query->orders.items[variant->order].node,
                            range.start - variant->order_at, length);
    return node_span_at(text->node, query_offset(text, variant, range.start), length);
}

/* ---- for SQLite ---------------------------------------------------------------------- */

static const struct parameter *find(const struct inferred *inferred, const char *name,
                                    size_t length)
{
    size_t i;

    for (i = 0; i < inferred->parameter_count; i++)
        if (strncmp(inferred->parameters[i]->name, name, length) == 0 &&
            inferred->parameters[i]->name[length] == '\0')
            return inferred->parameters[i];
    return NULL;
}

static void add_parameter(struct buf *out, const char *name, size_t length,
                          const struct inferred *inferred, enum query_marks marks)
{
    const struct parameter *parameter;
    bool is_list = length > 4 && strncmp(name + length - 3, "...", 3) == 0;

    length -= is_list ? 3 : name[length - 1] == '?' ? 1 : 0;
    parameter = find(inferred, name, length);
    if (parameter == NULL)
        return;
    if (is_list)
        buf_adds(out, "SELECT c1 FROM quarry_rows_1(");
    if (marks == MARKS_NAMES)
        buf_add(out, name, length);
    else
        buf_addf(out, "?%d", parameter->index);
    if (is_list)
        buf_addc(out, ')');
}

static void add_sql(struct buf *out, const char *sql, size_t length,
                    const struct inferred *inferred, enum query_marks marks)
{
    struct token token = token_at(sql, length, 0);
    size_t done = 0;

    for (; token.kind != TOKEN_END;
         token = token_at(sql, length, token.offset + token.length)) {
        if (token.kind != TOKEN_PARAMETER)
            continue;
        buf_add(out, sql + done, token.offset - done);
        add_parameter(out, sql + token.offset, token.length, inferred, marks);
        done = token.offset + token.length;
    }
    buf_add(out, sql + done, length - done);
}

char *query_sql(struct arena *arena, const char *sql, size_t length,
                const struct inferred *inferred, enum query_marks marks)
{
    struct buf out;
    char *made;

    buf_init(&out);
    add_sql(&out, sql, length, inferred, marks);
    made = arena_strndup(arena, out.data, out.length);
    buf_release(&out);
    return made;
}

/* ---- pieces -------------------------------------------------------------------------- */

static bool varies(const struct query_text *text)
{
    return text->filters > 0 || text->has_order;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Without the semicolon behind the statement; of a text that varies without blanks around. */
static struct range trimmed(const struct query_text *text, const struct segment *segment,
                            struct range statement)
{
    struct range range = segment->range;

    if (segment->filter == 0 && range.start < statement.start)
        range.start = statement.start;
    if (segment->filter == 0 && range.end > statement.end)
        range.end = statement.end;
    while (varies(text) && range.start < range.end && is_blank(text->sql[range.start]))
        range.start++;
    while (varies(text) && range.end > range.start && is_blank(text->sql[range.end - 1]))
        range.end--;
    return range;
}

enum {
    LONGEST_PIECE = 4000 /* C promises strings of 4,095 characters */
};

/* What pieces are made of. */
struct piecing {
    const struct query_text *text;
    const struct inferred *inferred;
    const struct splices *splices;
    struct typed_query *typed;
};

static void add_piece(const struct piecing *piecing, const char *sql, size_t length,
                      struct query_piece piece)
{
    const struct query_text *text = piecing->text;

    piece.sql = query_sql(text->arena, sql, length, piecing->inferred,
                          varies(text) ? MARKS_NUMBERS : MARKS_NAMES);
    while (varies(text) && strlen(piece.sql) > LONGEST_PIECE) {
        struct query_piece first = piece;
        size_t cut = LONGEST_PIECE;

        while (((unsigned char)piece.sql[cut] & 0xC0) == 0x80)
            cut--;
        first.sql = arena_strndup(text->arena, piece.sql, cut);
        *VEC_ADD(text->arena, &piecing->typed->pieces) = first;
        piece.sql += cut;
    }
    *VEC_ADD(text->arena, &piecing->typed->pieces) = piece;
}

/* A blank keeps a piece apart from what is before it: "a = 1[[AND b = :b]]ORDER BY". */
static const char *blank_before(const struct piecing *piecing)
{
    return piecing->typed->pieces.count > 0 ? " " : "";
}

/* A comment ends with its line, which trimming took away. */
static bool ends_in_comment(const struct piecing *piecing, struct range range)
{
    const char *sql = piecing->text->sql;
    size_t at = range.start;

    for (;;) {
        struct token token = token_at(sql, range.end, at);

        if (token.kind == TOKEN_END)
            break;
        at = token.offset + token.length;
    }
    while (at < range.end && strncmp(sql + at, "--", 2) != 0)
        at++;
    return at < range.end;
}

/* A range of the query's text with what is spliced in. */
static void add_range(const struct piecing *piecing, struct range range,
                      const struct segment *segment)
{
    struct buf out;
    size_t at = range.start, i;

    buf_init(&out);
    buf_adds(&out, blank_before(piecing));
    for (i = 0; i < piecing->splices->count; i++) {
        const struct splice *splice = &piecing->splices->items[i];

        if (splice->range.start < at || splice->range.end > range.end)
            continue;
        buf_add(&out, piecing->text->sql + at, splice->range.start - at);
        buf_adds(&out, splice->text);
        at = splice->range.end;
    }
    buf_add(&out, piecing->text->sql + at, range.end - at);
    if (varies(piecing->text) && ends_in_comment(piecing, range))
        buf_addc(&out, '\n');
    add_piece(piecing, out.data, out.length,
              (struct query_piece){.filter = segment->filter});
    buf_release(&out);
}

static void add_orders(const struct piecing *piecing)
{
    const struct query_text *text = piecing->text;
    size_t i;

    for (i = 0; i < text->query->orders.count; i++) {
        const char *sql = arena_printf(text->arena, "%s%s", blank_before(piecing),
                                       text->query->orders.items[i].sql);

        add_piece(piecing, sql, strlen(sql), (struct query_piece){.order = (int)i + 1});
    }
}

void query_pieces(const struct query_text *text, const struct inferred *inferred,
                  struct range statement, const struct splices *splices,
                  struct typed_query *typed)
{
    const struct piecing piecing = {text, inferred, splices, typed};
    size_t i;

    for (i = 0; i < text->segments.count; i++) {
        const struct segment *segment = &text->segments.items[i];
        struct range range = trimmed(text, segment, statement);

        if (segment->is_order)
            add_orders(&piecing);
        else if (range.end > range.start)
            add_range(&piecing, range, segment);
    }
}

const char *query_joined(struct arena *arena, const struct typed_query *typed,
                         unsigned filters, size_t order)
{
    struct buf out;
    const char *text;
    size_t i;

    buf_init(&out);
    for (i = 0; i < typed->pieces.count; i++) {
        const struct query_piece *piece = &typed->pieces.items[i];

        if ((piece->filter == 0 || (filters >> (piece->filter - 1) & 1) != 0) &&
            (piece->order == 0 || piece->order == (int)order + 1))
            buf_adds(&out, piece->sql);
    }
    text = arena_strndup(arena, out.data, out.length);
    buf_release(&out);
    return text;
}
