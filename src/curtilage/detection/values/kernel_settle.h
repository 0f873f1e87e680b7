/* Addresses of mail, and settling: what must stand around a hit, its checks, which of overlapping hits counts. */
#ifndef CURTILAGE_KERNEL_SETTLE_H
#define CURTILAGE_KERNEL_SETTLE_H

#include "kernel_shapes.h"

/* --- Addresses of mail, from their @ ---------------------------------------------------------------- */

static bool is_domain(const uint8_t *text, int64_t start, int64_t end) {
    int64_t label = start;
    if (start >= end || text[start] == '-') return false;
    for (int64_t at = start; at < end; at++) {
        if (text[at] != '.') continue;
        if (at == label) return false;
        label = at + 1;
    }
    if (label == start || end - label < 2 || end - label > 24) return false;
    for (int64_t at = label; at < end; at++)
        if (!is(text[at], LETTER)) return false;
    return true;
}

static bool read_mail(const uint8_t *text, int64_t at, int64_t low, int64_t high, int64_t *mail_start, int64_t *mail_end) {
    int64_t start = at, end = at + 1;
    while (start > low && is(text[start - 1], LOCAL) && at - start <= MOST_LOCAL) start--;
    while (end < high && is(text[end], DOMAIN_PART) && end - at - 1 <= MOST_DOMAIN) end++;
    if (at - start > MOST_LOCAL || end - at - 1 > MOST_DOMAIN) return false;
    while (start < at && !is(text[start], LETTER | DIGIT)) start++;
    while (end > at + 1 && !is(text[end - 1], LETTER | DIGIT)) end--;
    *mail_start = start;
    *mail_end = end;
    return start < at && is_domain(text, at + 1, end);
}

static void find_mail(Scan *scan) {
    int64_t cell = 0;
    for (int i = 0; i < scan->blocks && scan->mail_rules; i++)
        for (uint64_t bits = scan->block[i].at; bits; bits &= bits - 1) {
            int64_t at = scan->window + 64 * i + __builtin_ctzll(bits), start, end;
            while (scan->starts[cell + 1] <= at) cell++;
            if (!read_mail(scan->text, at, scan->starts[cell], scan->starts[cell + 1], &start, &end)) continue;
            for (uint32_t k = 0; k < scan->mail_rules; k++)
                note_hit(scan, scan->found + BY_MAIL, (Note){start, end, (uint32_t)cell, scan->mail[k], TABLE(scan->program, Rule, rule_table)[scan->mail[k]].rank, 0});
        }
}

/* --- Settling: which of the hits count --------------------------------------------------------------- */

/* The groups that rules of the hits which are left in a cell ask for or bar. */
static Says list_asked(const Scan *scan, int64_t cell) {
    Says asked = {{0}};
    for (int by = 0; by < FINDERS; by++) {
        const Notes *found = scan->found + by;
        for (size_t i = scan->settled[by]; i < found->size && found->at[i].cell == cell; i++) {
            const Note *hit = found->at + i;
            if (by != BY_SHAPE) {
                add(&asked, scan->asks + hit->owner);
                continue;
            }
            const List list = list_of(scan, hit->owner);
            for (uint32_t k = hit->next; k < list.count; k = next_in(scan, list, k + 1, cell)) add(&asked, scan->asks + scan->listed[list.from + k]);
        }
    }
    return asked;
}

/* Whether words that were heard stand around a hit as a relation asks. */
static bool were_heard(const Scan *scan, Relation relation, const Says *groups, const Note *hit) {
    const int64_t start = scan->starts[hit->cell], end = scan->starts[hit->cell + 1];
    for (size_t i = scan->around; i < scan->around_end; i++) {
        const Note *words = scan->contexts.at + i;
        if (words->start > hit->end + SENTENCE) return false;
        if (!has_bit(groups->bits, words->owner)) continue;
        switch (relation) {
        case NEAR:
            if (words->end >= hit->start - NEAR_BEFORE && words->start <= hit->end + NEAR_AFTER) return true;
            break;
        case IN_SENTENCE:
            if (words->end >= hit->start - SENTENCE &&
                !has_stop(scan->text, words->end < hit->end ? words->end : hit->end,
                          words->start > hit->start ? words->start : hit->start, start, end))
                return true;
            break;
        case WITHIN:
            if (words->start < hit->end && words->end > hit->start) return true;
            break;
        case THEN:
            if (words->start >= hit->end && words->start <= hit->end + TOUCH) return true;
            break;
        case AFTER:
            if (words->end <= hit->start && words->end >= hit->start - TOUCH) return true;
            break;
        case RELATIONS: break;
        }
    }
    return false;
}

/* Whether phrases of some groups begin with a word and, where they end furthest, end between two places. */
static bool says_here(Scan *scan, size_t i, const Says *groups, int64_t low, int64_t high) {
    if (!may_say(scan, i, groups) || !may_start(scan, i, GROUPS)) return false;
    follow(scan, i, true);
    for (uint32_t k = 0; k < scan->met_size; k++) {
        const uint32_t group = scan->met[k];
        const int64_t end = end_of(scan, scan->owner_end[group]);
        if (has_bit(groups->bits, group) && end >= low && end <= high) return true;
    }
    return false;
}

/* Whether words stand right before a hit, right behind it, or within: only those few words are looked at. */
static bool stand_beside(Scan *scan, Relation relation, const Says *groups, size_t most, const Note *hit) {
    if (relation == AFTER && hit->start == scan->starts[hit->cell]) return false;
    if (relation == THEN && hit->end == scan->starts[hit->cell + 1]) return false;
    const size_t first = word_from(scan, scan->starts[hit->cell]), end = word_from(scan, scan->starts[hit->cell + 1]);
    size_t i = word_from(scan, relation == AFTER ? hit->start : hit->end);
    if (relation == THEN) {
        for (; i < end && begin_of(scan, i) <= hit->end + TOUCH; i++)
            if (says_here(scan, i, groups, 0, INT64_MAX)) return true;
        return false;
    }
    const int64_t low = relation == AFTER ? hit->start - TOUCH : hit->start + 1, high = relation == AFTER ? hit->start : INT64_MAX;
    for (size_t before = 0; i-- > first && before < most;) {
        if (says_here(scan, i, groups, low, high)) return true;
        if (begin_of(scan, i) <= hit->start) before++; /* words that a phrase may have before it touches the hit */
    }
    return false;
}

/* Whether words of one of a relation's groups stand around a hit as it asks. */
static bool stands(Scan *scan, const uint32_t *row, const Note *hit) {
    const Relation relation = row[0] % BARRED;
    const Says *groups = says_in(row);
    if (relation <= IN_SENTENCE && has_any(groups, scan->carried)) return true;
    if (is_long(scan)) scan->around_end = scan->contexts.size;
    else {
        if (relation > IN_SENTENCE) return stand_beside(scan, relation, groups, row[1], hit);
        if (!has_any(groups, &scan->heard[hit->cell].says)) return false;
        if (has_other(groups, &scan->heard[hit->cell].asked)) {
            const Says asked = list_asked(scan, hit->cell);
            listen(scan, hit->cell, &asked);
        }
        if (scan->around_cell != hit->cell) {
            scan->around_cell = hit->cell;
            scan->around = scan->heard[hit->cell].from;
            scan->around_end = scan->heard[hit->cell].to;
        }
    }
    while (scan->around < scan->around_end) { /* hits come in order: what is too far now stays so */
        if (scan->contexts.at[scan->around].end >= hit->start - SENTENCE) break;
        scan->around++;
    }
    return were_heard(scan, relation, groups, hit);
}

/* Whether a hit may stand behind what is before it. */
static inline bool may_stand(const Scan *scan, const Rule *rule, const Note *hit) {
    if (!rule->bounded) return true;
    const bool opens = hit->start == scan->starts[hit->cell];
    const uint8_t byte = opens ? 0x80 : scan->text[hit->start - 1];
    if (rule->bounded & MUST_FOLLOW && (byte >= 0x80 || !has_bit(rule->before, byte))) return false;
    return byte >= 0x80 || !has_bit(rule->not_before, byte);
}

static bool is_placed(Scan *scan, const Rule *rule, const Note *hit) {
    if (!may_stand(scan, rule, hit)) return false;
    const uint32_t *row = TABLE(scan->program, uint32_t, relations) + rule->relations;
    for (uint32_t i = 0; i < rule->asked; i++, row += ROW) {
        const bool barred = row[0] >= BARRED;
        if (stands(scan, row, hit) == barred) return false;
    }
    return true;
}

/* Whether nothing but spaces stands around a hit in its cell. */
static bool is_whole(const Scan *scan, const Note *hit) {
    int64_t low = hit->start, high = hit->end;
    while (low > scan->starts[hit->cell] && scan->text[low - 1] == ' ') low--;
    while (high < scan->starts[hit->cell + 1] && scan->text[high] == ' ') high++;
    return low == scan->starts[hit->cell] && high == scan->starts[hit->cell + 1];
}

static void count(Scan *scan, uint32_t number, const Rule *rule, const Note *hit) {
    Answer *answer = scan->answer;
    const int64_t cell = scan->first + hit->cell;
    const int64_t weight = scan->column->weights ? scan->column->weights[cell] : 1;
    if (scan->counted[number] != cell + 1) {
        scan->counted[number] = cell + 1;
        answer->cells[number] += weight;
    }
    if (scan->categorised[rule->category] != cell + 1) {
        scan->categorised[rule->category] = cell + 1;
        answer->categories[rule->category] += weight;
    }
    if (scan->column->shaped && scan->filled[number] != cell + 1 && is_whole(scan, hit)) {
        scan->filled[number] = cell + 1;
        answer->whole[number] += weight;
    }
    if (answer->hits && scan->answered < answer->room) {
        const int64_t start = scan->starts[hit->cell];
        answer->hits[scan->answered] = (Hit){cell, hit->start - start, hit->end - start, number};
    }
    scan->answered++;
}

/* Judges a hit of a rule; returns whether it takes its text. */
static bool judge(Scan *scan, uint32_t number, const Note *hit) {
    const Rule *rule = TABLE(scan->program, Rule, rule_table) + number;
    const bool whatever = scan->column->shaped;
    if (!whatever && !is_placed(scan, rule, hit)) return false;
    if (!passes(scan->program, rule, scan->text + hit->start, hit->end - hit->start, &scan->squeezed)) return false;
    scan->kept_cell = hit->cell;
    scan->kept_end = hit->end;
    if (whatever || !rule->decoy) count(scan, number, rule, hit);
    return true;
}

/* Whether a rule fits further from where this hit begins: only the longest text that fits counts. */
static bool fits_further(const Scan *scan, const Note *hit, uint32_t rule) {
    const Note *first = scan->found[BY_SHAPE].at;
    for (const Note *longer = hit; longer-- > first && longer->start == hit->start;) {
        const List list = list_of(scan, longer->owner);
        for (uint32_t k = 0; longer->end > hit->end && k < list.count; k++)
            if (scan->listed[list.from + k] == rule) return true;
    }
    return false;
}

/* Judges the next rule that fits where shapes end. Returns whether that is settled; if not, the hit stands
 * where the rule behind that one has its turn. */
static bool judge_next(Scan *scan, Note *hit) {
    const Notes *found = scan->found + BY_SHAPE;
    const List list = list_of(scan, hit->owner);
    const uint32_t rule = scan->listed[list.from + hit->next];
    if (!fits_further(scan, hit, rule) && judge(scan, rule, hit) && !scan->column->shaped) return true;
    if ((hit->next = next_in(scan, list, hit->next + 1, hit->cell)) == list.count) return true;
    hit->rank = TABLE(scan->program, Rule, rule_table)[scan->listed[list.from + hit->next]].rank;
    for (; hit + 1 < found->at + found->size && precedes(hit + 1, hit); hit++) {
        const Note other = hit[1];
        hit[1] = hit[0];
        hit[0] = other;
    }
    return false;
}

/* Judges what was found; within a cell that goes on behind the window, only what can be judged. */
static void settle(Scan *scan) {
    const bool all = scan->windows_end == scan->size;
    size_t *next = scan->settled;
    memset(next, 0, sizeof scan->settled);
    scan->squeezed.written = NULL;
    Note *hit;
    for (;;) { /* the first in order of what is left in the lists */
        int first = -1;
        for (int by = 0; by < FINDERS; by++) {
            if (next[by] == scan->found[by].size) continue;
            Note *head = scan->found[by].at + next[by];
            if (first < 0 || precedes(head, hit)) hit = head, first = by;
        }
        if (first < 0) break;
        if (!all && (hit->end + BEHIND >= scan->windows_end || hit->start + BEFORE >= scan->windows_end)) break;
        const bool overlaps = hit->cell == scan->kept_cell && hit->start < scan->kept_end && !scan->column->shaped;
        if (overlaps || first != BY_SHAPE ? overlaps || judge(scan, hit->owner, hit) || true : judge_next(scan, hit)) next[first]++;
    }
    int64_t low = all ? INT64_MAX : scan->windows_end - BEFORE; /* where hits that are left may begin */
    for (int by = 0; by < FINDERS; by++) {
        Notes *found = scan->found + by;
        found->size -= next[by];
        if (next[by] && found->size) memmove(found->at, found->at + next[by], found->size * sizeof *found->at);
        if (found->size && found->at->start < low) low = found->at->start;
    }
    Notes *contexts = &scan->contexts;
    size_t kept = 0;
    for (size_t i = 0; i < contexts->size && !all; i++)
        if (contexts->at[i].end >= low - SENTENCE) contexts->at[kept++] = contexts->at[i];
    contexts->size = kept;
    scan->around = 0;
    scan->around_cell = -1;
}

#endif
