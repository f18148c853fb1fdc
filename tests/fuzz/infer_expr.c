/*
 * infer_expr.c: random expressions: any, and conditions such as people write.
 */
#include "infer_gen.h"

/* ---- expressions --------------------------------------------------------------------- */

void gen_literal(struct generator *g)
{
    static const char *const literals[] = {"0",
                                           "1",
                                           "2",
                                           "-1",
                                           "NULL",
                                           "''",
                                           "'a'",
                                           "'1'",
                                           "1.5",
                                           "x'61'",
                                           "100",
                                           "TRUE",
                                           "0.0",
                                           "'abc'",
                                           "NULL",
                                           "'2022-02-28'",
                                           "'now'",
                                           "'b'",
                                           "3",
                                           "9223372036854775807",
                                           "'$.a'",
                                           "'[1]'",
                                           "\"text\"",
                                           "0x10",
                                           "9223372036854775808",
                                           "-9223372036854775808",
                                           "X''",
                                           "'%a%'",
                                           "'%s-%d'",
                                           "'%Y %H'",
                                           "'%s-%d'",
                                           "'%Y %H'",
                                           "'{\"a\":1}'",
                                           "CURRENT_TIMESTAMP",
                                           "1e10",
                                           "9e999",
                                           "'9e99'",
                                           "'+1 day'",
                                           "'$'",
                                           "0",
                                           "1"};

    gen_add(g, ONE_OF(g, literals));
}

void gen_column(struct generator *g)
{
    const struct frame *frame = g->frame;

    while (frame != NULL &&
           (frame->count == 0 || (gen_rarely(g) && frame->outer != NULL)))
        frame = frame->outer;
    if (frame == NULL)
        gen_literal(g);
    else
        gen_add(g, frame->columns[gen_pick(g, frame->count)]);
}

static void add_parameter(struct generator *g)
{
    static const char *const parameters[] = {"?1", "?2", ":x", ":y", ":z?", "@n"};

    gen_add(g, ONE_OF(g, parameters));
}

void gen_leaf(struct generator *g)
{
    size_t which = gen_pick(g, 10);

    if (which < 7)
        gen_column(g);
    else if (which < 9)
        gen_literal(g);
    else
        add_parameter(g);
}

static void add_binary(struct generator *g)
{
    static const char *const operators[] = {
        " + ",    " - ",        " * ",    " / ",  " % ",
        " || ",   " = ",        " <> ",   " < ",  " >= ",
        " IS ",   " IS NOT ",   " AND ",  " OR ", " & ",
        " << ",   " AND ",      " OR ",   " = ",  " IS DISTINCT FROM ",
        " LIKE ", " NOT LIKE ", " GLOB ", " -> ", " ->> ",
        " >> ",   " | ",        " == ",   " != ", " IS NOT DISTINCT FROM ",
        " <= ",   " > ",        " MATCH "};

    gen_add(g, "(");
    gen_expr(g);
    gen_add(g, ONE_OF(g, operators));
    gen_expr(g);
    gen_add(g, ")");
}

static void add_unary(struct generator *g)
{
    static const char *const before[] = {"-", "+", "~", "NOT "};
    static const char *const after[] = {" IS NULL",     " IS NOT NULL",    " ISNULL",
                                        " NOTNULL",     " COLLATE NOCASE", " IS TRUE",
                                        " IS NOT FALSE"};

    gen_add(g, "(");
    if (gen_pick(g, 2) == 0) {
        gen_add(g, ONE_OF(g, before));
        gen_expr(g);
    } else {
        gen_expr(g);
        gen_add(g, ONE_OF(g, after));
    }
    gen_add(g, ")");
}

static void add_call(struct generator *g)
{
    static const struct {
        const char *name;
        int count;
    } calls[] = {
        {"abs", 1},          {"coalesce", 2},      {"coalesce", 3},
        {"ifnull", 2},       {"iif", 3},           {"length", 1},
        {"lower", 1},        {"upper", 1},         {"trim", 1},
        {"substr", 2},       {"substr", 3},        {"replace", 3},
        {"hex", 1},          {"typeof", 1},        {"quote", 1},
        {"nullif", 2},       {"min", 2},           {"max", 3},
        {"instr", 2},        {"round", 1},         {"round", 2},
        {"sign", 1},         {"unicode", 1},       {"char", 1},
        {"printf", 2},       {"date", 1},          {"datetime", 2},
        {"julianday", 1},    {"strftime", 2},      {"json_array", 2},
        {"json_valid", 1},   {"json_quote", 1},    {"json_type", 2},
        {"ceil", 1},         {"floor", 1},         {"sqrt", 1},
        {"sin", 1},          {"atan2", 2},         {"pi", 0},
        {"degrees", 1},      {"likely", 1},        {"unlikely", 1},
        {"zeroblob", 1},     {"time", 0},          {"unixepoch", 1},
        {"soundex", 1},      {"like", 2},          {"glob", 2},
        {"ltrim", 2},        {"json_extract", 2},  {"json_object", 2},
        {"pow", 2},          {"mod", 2},           {"ln", 1},
        {"log", 2},          {"trunc", 1},         {"atan", 1},
        {"format", 1},       {"json", 1},          {"json_array_length", 1},
        {"strftime", 1},     {"rtrim", 1},         {"tanh", 1},
        {"radians", 1},      {"likelihood", 1},    {"random", 0},
        {"json_set", 3},     {"json_insert", 3},   {"json_replace", 3},
        {"json_remove", 2},  {"json_patch", 2},    {"exp", 1},
        {"power", 2},        {"log10", 1},         {"acos", 1},
        {"cosh", 1},         {"coalesce", 4},      {"max", 2},
        {"min", 3},          {"unixepoch", 2},     {"date", 3},
        {"char", 2},         {"like", 3},          {"randomblob", 1},
        {"changes", 0},      {"total_changes", 0}, {"last_insert_rowid", 0},
        {"trim", 2},         {"json_object", 4},   {"printf", 3},
        {"json_extract", 3}, {"json_array", 0},    {"strftime", 3},
        {"julianday", 2},    {"time", 2},          {"substring", 3},
        {"nullif", 2},       {"iif", 3},           {"ifnull", 2},
        {"sinh", 1},         {"cos", 1},           {"tan", 1},
        {"atanh", 1},        {"octet_length", 1},  {"quote", 1},
    };
    size_t which = gen_pick(g, COUNT(calls));
    int i;

    buf_addf(&g->out, "%s(", calls[which].name);
    for (i = 0; i < calls[which].count; i++) {
        gen_add(g, i == 0 ? "" : ", ");
        gen_expr(g);
    }
    gen_add(g, strcmp(calls[which].name, "likelihood") == 0 ? ", 0.5)" : ")");
}

static void add_case(struct generator *g)
{
    size_t count = 1 + gen_pick(g, 2);
    bool base = gen_pick(g, 3) == 0;

    gen_add(g, "CASE ");
    if (base)
        gen_expr(g);
    while (count-- > 0) {
        gen_add(g, " WHEN ");
        gen_expr(g);
        gen_add(g, " THEN ");
        gen_expr(g);
    }
    if (gen_often(g)) {
        gen_add(g, " ELSE ");
        gen_expr(g);
    }
    gen_add(g, " END");
}

/* What IN has behind it; a list parameter stands for none, one or two values. */
static void add_in_list(struct generator *g, size_t count)
{
    static const char *const lists[] = {":l...", ":m..."};

    if (gen_rarely(g)) {
        gen_add(g, ONE_OF(g, lists));
        return;
    }
    while (count-- > 0) {
        gen_leaf(g);
        gen_add(g, count > 0 ? ", " : "");
    }
}

static void add_in(struct generator *g)
{
    size_t count = gen_pick(g, 4);

    gen_add(g, "(");
    gen_expr(g);
    gen_add(g, gen_pick(g, 2) == 0 ? " IN (" : " NOT IN (");
    if (gen_pick(g, 3) == 0 && g->selects < 4) {
        gen_select(g, 1);
    } else if (gen_pick(g, 3) == 0) {
        add_in_list(g, count);
    } else {
        while (count-- > 0) {
            gen_expr(g);
            gen_add(g, count > 0 ? ", " : "");
        }
    }
    gen_add(g, "))");
}

static void add_row_value(struct generator *g)
{
    static const char *const operators[] = {" = ", " < ", " IS ", " <> ", " IS NOT "};

    gen_add(g, "((");
    gen_expr(g);
    gen_add(g, ", ");
    gen_expr(g);
    gen_add(g, ")");
    if (gen_pick(g, 3) == 0 && g->selects < 4) {
        gen_add(g, gen_pick(g, 2) == 0 ? " IN (" : " NOT IN (");
        gen_select(g, 2);
        gen_add(g, "))");
        return;
    }
    gen_add(g, ONE_OF(g, operators));
    gen_add(g, "(");
    gen_expr(g);
    gen_add(g, ", ");
    gen_expr(g);
    gen_add(g, "))");
}

static void add_subquery(struct generator *g)
{
    if (g->selects > 4) {
        gen_leaf(g);
        return;
    }
    switch (gen_pick(g, 3)) {
    case 0:
        gen_add(g, "EXISTS (");
        gen_select(g, 1 + gen_pick(g, 2));
        break;
    case 1:
        gen_add(g, "NOT EXISTS (");
        gen_select(g, 1);
        break;
    default:
        gen_add(g, "(");
        gen_select(g, 1);
        break;
    }
    gen_add(g, ")");
}

/* IN a table, or what FTS5 says of a row. */
static void add_in_table(struct generator *g)
{
    static const char *const tables[] = {" IN t1)", " NOT IN v1)", " IN v2)", " IN t3)"};
    static const char *const calls[] = {"bm25(", "highlight(", "snippet("};
    static const char *const arguments[] = {")", ", 0, '[', ']')",
                                            ", 0, '[', ']', '..', 4)"};
    size_t which = gen_pick(g, COUNT(calls));

    if (gen_pick(g, 2) == 0) {
        gen_add(g, "(");
        gen_expr(g);
        gen_add(g, ONE_OF(g, tables));
        return;
    }
    gen_add(g, calls[which]);
    gen_column(g);
    gen_add(g, arguments[which]);
}

static void add_other(struct generator *g)
{
    static const char *const types[] = {"INTEGER", "TEXT", "REAL", "NUMERIC", "BLOB"};

    switch (gen_pick(g, 4)) {
    case 0:
        if (gen_rarely(g)) {
            add_in_table(g);
            break;
        }
        gen_add(g, "CAST(");
        gen_expr(g);
        buf_addf(&g->out, " AS %s)", ONE_OF(g, types));
        break;
    case 1:
        gen_add(g, "(");
        gen_expr(g);
        gen_add(g, gen_pick(g, 2) == 0 ? " BETWEEN " : " NOT BETWEEN ");
        gen_expr(g);
        gen_add(g, " AND ");
        gen_expr(g);
        gen_add(g, ")");
        break;
    case 2: add_row_value(g); break;
    default: add_in(g); break;
    }
}

void gen_expr(struct generator *g)
{
    if (++g->depth > 4 || gen_pick(g, 3) == 0) {
        gen_leaf(g);
        g->depth--;
        return;
    }
    switch (gen_pick(g, 12)) {
    case 0:
    case 1:
    case 2:
    case 3: add_binary(g); break;
    case 4:
    case 5: add_unary(g); break;
    case 6:
    case 7: add_call(g); break;
    case 8: add_case(g); break;
    case 9: add_subquery(g); break;
    default: add_other(g); break;
    }
    g->depth--;
}

/* ---- conditions ---------------------------------------------------------------------- */

/* A column, or a function of columns. */
static void add_operand(struct generator *g)
{
    int depth = g->depth;

    if (gen_often(g)) {
        gen_column(g);
        return;
    }
    g->depth = 3;
    if (gen_pick(g, 2) == 0)
        add_call(g);
    else
        add_binary(g);
    g->depth = depth;
}

static void add_list(struct generator *g)
{
    gen_add(g, " IN (");
    add_in_list(g, 1 + gen_pick(g, 3));
    gen_add(g, ")");
}

static void add_simple(struct generator *g)
{
    static const char *const tests[] = {" IS NOT NULL", " IS NULL",     " NOTNULL",
                                        " MATCH 'a'",   " = 'a'",       " MATCH 'a OR b'",
                                        " IS TRUE",     " IS NOT TRUE", " LIKE 'a%'",
                                        " GLOB '*'",    " <> ''",       ""};
    static const char *const operators[] = {" = ",  " > ",    " < ",        " <> ",
                                            " IS ", " LIKE ", " NOT LIKE ", " IS NOT ",
                                            " != ", " >= ",   " -> ",       " ->> "};

    if (gen_pick(g, 4) == 0)
        gen_add(g, "NOT ");
    add_operand(g);
    switch (gen_pick(g, 5)) {
    case 0:
    case 1: gen_add(g, ONE_OF(g, tests)); break;
    case 2:
        gen_add(g, gen_pick(g, 3) == 0 ? " NOT" : "");
        add_list(g);
        break;
    case 3:
        gen_add(g, " BETWEEN ");
        gen_leaf(g);
        gen_add(g, " AND ");
        gen_leaf(g);
        break;
    default:
        gen_add(g, ONE_OF(g, operators));
        add_operand(g);
        break;
    }
}

void gen_condition(struct generator *g)
{
    size_t count = 1 + gen_pick(g, 3);

    gen_add(g, gen_pick(g, 5) == 0 ? "NOT (" : "(");
    while (count-- > 0) {
        if (gen_pick(g, 8) == 0)
            add_subquery(g);
        else
            add_simple(g);
        if (count > 0)
            gen_add(g, gen_often(g) ? " AND " : " OR ");
    }
    gen_add(g, ")");
}
