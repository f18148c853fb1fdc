/*
 * diff.c: see diff.h. Lines become numbers, lines that only one side has are set aside,
 * and the rest is compared by Myers' algorithm in its linear space form: search from both
 * ends until the searches meet, then do the two halves. See E. W. Myers, "An O(ND)
 * Difference Algorithm and Its Variations", 1986, section 4b.
 */
#include "diff.h"

#include "../base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    CONTEXT = 3,
    /* After so many edits from either end the best path so far is taken, as a bound. */
    EFFORT = 512
};

/* One of the texts as lines, each with its line feed. */
struct side {
    struct text text;
    size_t *starts;  /* of count + 1 lines */
    size_t *classes; /* equal lines have the same number */
    bool *changed;
    size_t count;
    size_t *kept; /* the lines that the other side has too, */
    size_t *keys; /* and their classes */
    size_t kept_count;
};

struct diff {
    struct arena arena;
    struct side old, new;
    long *forward, *backward; /* by diagonal: how far (in old lines) the search is */
};

/* A rectangle: old lines from x to x_end against new lines from y to y_end. */
struct box {
    long x, x_end, y, y_end;
};

/* --- lines -----------------------------------------------------------------------------
 */

static void split_lines(struct arena *arena, struct side *side)
{
    VEC(size_t) starts = {0};
    size_t at = 0;

    while (at < side->text.length) {
        const char *rest = side->text.data + at;
        const char *feed = memchr(rest, '\n', side->text.length - at);

        *VEC_ADD(arena, &starts) = at;
        at = feed == NULL ? side->text.length : at + (size_t)(feed + 1 - rest);
    }
    side->count = starts.count;
    *VEC_ADD(arena, &starts) = side->text.length;
    side->starts = starts.items;
    side->classes = ARENA_ARRAY(arena, size_t, side->count);
    side->changed = ARENA_ARRAY(arena, bool, side->count);
    side->kept = ARENA_ARRAY(arena, size_t, side->count);
    side->keys = ARENA_ARRAY(arena, size_t, side->count);
}

static struct text line_of(const struct side *side, size_t line)
{
    return (struct text){side->text.data + side->starts[line],
                         side->starts[line + 1] - side->starts[line]};
}

/* The distinct lines, by hash; class 0 is none. */
struct classes {
    size_t *slots, mask;
    VEC(struct text) lines;
};

static size_t hash(struct text line)
{
    uint64_t h = 14695981039346656037u;
    size_t i;

    for (i = 0; i < line.length; i++)
        h = (h ^ (unsigned char)line.data[i]) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

static bool is_same(struct text a, struct text b)
{
    return a.length == b.length &&
           (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static size_t class_of(struct arena *arena, struct classes *classes, struct text line)
{
    const struct text *lines = classes->lines.items; /* NULL while all slots are 0 */
    size_t at = hash(line) & classes->mask;

    while (lines != NULL && classes->slots[at] != 0 &&
           !is_same(lines[classes->slots[at] - 1], line))
        at = (at + 1) & classes->mask;
    if (classes->slots[at] == 0) {
        *VEC_ADD(arena, &classes->lines) = line;
        classes->slots[at] = classes->lines.count;
    }
    return classes->slots[at];
}

static void classify(struct arena *arena, struct classes *classes, struct side *side)
{
    size_t i;

    for (i = 0; i < side->count; i++)
        side->classes[i] = class_of(arena, classes, line_of(side, i));
}

static void keep_common(struct arena *arena, struct side *side, const struct side *other,
                        size_t class_count)
{
    bool *has = ARENA_ARRAY(arena, bool, class_count + 1);
    size_t i;

    for (i = 0; i < other->count; i++)
        has[other->classes[i]] = true;
    for (i = 0; i < side->count; i++) {
        side->changed[i] = !has[side->classes[i]];
        if (side->changed[i])
            continue;
        side->kept[side->kept_count] = i;
        side->keys[side->kept_count++] = side->classes[i];
    }
}

static void read_lines(struct diff *diff)
{
    struct classes classes = {.mask = 15};

    split_lines(&diff->arena, &diff->old);
    split_lines(&diff->arena, &diff->new);
    while (classes.mask < (diff->old.count + diff->new.count) * 2)
        classes.mask = classes.mask * 2 + 1;
    classes.slots = ARENA_ARRAY(&diff->arena, size_t, classes.mask + 1);
    classify(&diff->arena, &classes, &diff->old);
    classify(&diff->arena, &classes, &diff->new);
    keep_common(&diff->arena, &diff->old, &diff->new, classes.lines.count);
    keep_common(&diff->arena, &diff->new, &diff->old, classes.lines.count);
}

/* --- Myers -----------------------------------------------------------------------------
 */

/* The state of one search: which diagonals (x - y) it has reached. */
struct reach {
    long *at;
    long low, high;
};

static bool is_match(const struct diff *diff, long x, long y)
{
    return diff->old.keys[x] == diff->new.keys[y];
}

/* One more diagonal on either side, as far as the box has any; `none` where not yet been.
 */
static void widen(struct reach *reach, const struct box *box, long none)
{
    if (reach->low > box->x - box->y_end)
        reach->at[--reach->low - 1] = none;
    else
        reach->low++;
    if (reach->high < box->x_end - box->y)
        reach->at[++reach->high + 1] = none;
    else
        reach->high--;
}

static bool is_in(const struct reach *reach, long diagonal)
{
    return reach->low <= diagonal && diagonal <= reach->high;
}

/* One more edit from the top. True, with the point in x and y, where it meets `other`. */
static bool go_forward(const struct diff *diff, const struct box *box,
                       struct reach *reach, const struct reach *other, bool odd,
                       struct box *meet)
{
    long d;

    widen(reach, box, -1);
    for (d = reach->high; d >= reach->low; d -= 2) {
        long right = reach->at[d - 1] + 1, down = reach->at[d + 1];
        long x = right > down ? right : down, y = x - d;

        while (x < box->x_end && y < box->y_end && is_match(diff, x, y))
            x++, y++;
        reach->at[d] = x;
        if (odd && is_in(other, d) && other->at[d] <= x) {
            *meet = (struct box){.x = x, .y = y};
            return true;
        }
    }
    return false;
}

static bool go_backward(const struct diff *diff, const struct box *box,
                        struct reach *reach, const struct reach *other, bool odd,
                        struct box *meet)
{
    long d;

    widen(reach, box, INT32_MAX);
    for (d = reach->high; d >= reach->low; d -= 2) {
        long up = reach->at[d - 1], left = reach->at[d + 1] - 1;
        long x = up < left ? up : left, y = x - d;

        while (x > box->x && y > box->y && is_match(diff, x - 1, y - 1))
            x--, y--;
        reach->at[d] = x;
        if (!odd && is_in(other, d) && x <= other->at[d]) {
            *meet = (struct box){.x = x, .y = y};
            return true;
        }
    }
    return false;
}

/* Where the search from the top has come farthest. */
static void take_farthest(const struct box *box, const struct reach *reach,
                          struct box *meet)
{
    long best = -1, d;

    for (d = reach->high; d >= reach->low; d -= 2) {
        long x = reach->at[d] < box->x_end ? reach->at[d] : box->x_end, y = x - d;

        if (y > box->y_end) {
            y = box->y_end;
            x = y + d;
        }
        if (x + y > best) {
            best = x + y;
            *meet = (struct box){.x = x, .y = y};
        }
    }
}

/* A point on a shortest path (or, after much effort, a good one), inside the box. */
static struct box find_middle(const struct diff *diff, const struct box *box)
{
    long top = box->x - box->y, bottom = box->x_end - box->y_end, edits;
    struct reach forward = {diff->forward, top, top};
    struct reach backward = {diff->backward, bottom, bottom};
    bool odd = ((top - bottom) & 1) != 0;
    struct box meet = {0};

    forward.at[top] = box->x;
    backward.at[bottom] = box->x_end;
    for (edits = 0; edits < EFFORT; edits++)
        if (go_forward(diff, box, &forward, &backward, odd, &meet) ||
            go_backward(diff, box, &backward, &forward, odd, &meet))
            return meet;
    take_farthest(box, &forward, &meet);
    return meet;
}

static void mark(struct side *side, long from, long to)
{
    for (; from < to; from++)
        side->changed[side->kept[from]] = true;
}

static void compare(struct diff *diff, struct box box)
{
    for (;;) {
        struct box half, middle;

        while (box.x < box.x_end && box.y < box.y_end && is_match(diff, box.x, box.y))
            box.x++, box.y++;
        while (box.x < box.x_end && box.y < box.y_end &&
               is_match(diff, box.x_end - 1, box.y_end - 1))
            box.x_end--, box.y_end--;
        if (box.x == box.x_end || box.y == box.y_end)
            break;
        middle = find_middle(diff, &box);
        half = (struct box){box.x, middle.x, box.y, middle.y};
        compare(diff, half);
        box.x = middle.x;
        box.y = middle.y;
    }
    mark(&diff->old, box.x, box.x_end);
    mark(&diff->new, box.y, box.y_end);
}

static void compare_all(struct diff *diff)
{
    size_t size = diff->old.kept_count + diff->new.kept_count + 3;
    size_t zero = diff->new.kept_count + 1; /* diagonals may be negative */
    struct box all = {0, (long)diff->old.kept_count, 0, (long)diff->new.kept_count};

    diff->forward = ARENA_ARRAY(&diff->arena, long, size) + zero;
    diff->backward = ARENA_ARRAY(&diff->arena, long, size) + zero;
    compare(diff, all);
}

/* --- printing --------------------------------------------------------------------------
 */

/* Old lines [x, x_end) become new lines [y, y_end). */
struct change {
    size_t x, x_end, y, y_end;
};

/* The next change at or behind `change`'s end; false if there is none. */
static bool next_change(const struct diff *diff, struct change *change)
{
    size_t x = change->x_end, y = change->y_end;

    while (x < diff->old.count && y < diff->new.count && !diff->old.changed[x] &&
           !diff->new.changed[y])
        x++, y++;
    *change = (struct change){x, x, y, y};
    while (change->x_end < diff->old.count && diff->old.changed[change->x_end])
        change->x_end++;
    while (change->y_end < diff->new.count && diff->new.changed[change->y_end])
        change->y_end++;
    return change->x_end > x || change->y_end > y;
}

static void print_lines(struct buf *out, char sign, const struct side *side, size_t from,
                        size_t to)
{
    for (; from < to; from++) {
        struct text line = line_of(side, from);

        buf_addc(out, sign);
        buf_add(out, line.data, line.length);
        if (line.data[line.length - 1] != '\n')
            buf_adds(out, "\n\\ No newline at end of file\n");
    }
}

/* "3,4"; a single line has no count, and no lines are counted from the line before. */
static void print_range(struct buf *out, size_t from, size_t to)
{
    if (to - from == 1)
        buf_addf(out, "%zu", from + 1);
    else
        buf_addf(out, "%zu,%zu", to == from ? from : from + 1, to - from);
}

static size_t at_most(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Prints the hunk that starts with `change`; gives the first change behind it. */
static bool print_hunk(const struct diff *diff, struct change *change, struct buf *out)
{
    struct change last = *change, next = *change;
    size_t before = at_most(CONTEXT, change->x), x = change->x - before, after;
    bool more;

    while ((more = next_change(diff, &next)) &&
           next.x - last.x_end <= (size_t)CONTEXT * 2)
        last = next;
    after = at_most(CONTEXT, diff->old.count - last.x_end);
    buf_adds(out, "@@ -");
    print_range(out, x, last.x_end + after);
    buf_adds(out, " +");
    print_range(out, change->y - before, last.y_end + after);
    buf_adds(out, " @@\n");
    while (x < change->x || change->x < last.x_end || change->y < last.y_end) {
        print_lines(out, ' ', &diff->old, x, change->x);
        print_lines(out, '-', &diff->old, change->x, change->x_end);
        print_lines(out, '+', &diff->new, change->y, change->y_end);
        x = change->x_end;
        if (x == last.x_end && change->y_end == last.y_end)
            break;
        next_change(diff, change);
    }
    print_lines(out, ' ', &diff->old, last.x_end, last.x_end + after);
    *change = next;
    return more;
}

void diff_unified(const char *old_name, struct text old, const char *new_name,
                  struct text new, struct buf *out)
{
    struct diff diff = {.old.text = old, .new.text = new};
    struct change change = {0};
    bool more;

    if (is_same(old, new))
        return;
    read_lines(&diff);
    compare_all(&diff);
    buf_addf(out, "--- %s\n+++ %s\n", old_name, new_name);
    more = next_change(&diff, &change);
    while (more)
        more = print_hunk(&diff, &change, out);
    arena_release(&diff.arena);
}
