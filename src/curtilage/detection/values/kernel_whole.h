/* Cells of digits and signs that one identifier fills: judged at once, before anything else of them is looked at.
 *
 * Hits are taken in the order of the text, the longest first, and what overlaps one that counts does not
 * count. So where no number of a cell lies before the longest identifier that fits, nor behind it, and a rule
 * that fits there holds, nothing else of the cell matters. Without letters nothing speaks for a rule, or
 * against it. Most cells of a column of numbers are of this kind; what is not goes the way of all others.
 */
#ifndef CURTILAGE_KERNEL_WHOLE_H
#define CURTILAGE_KERNEL_WHOLE_H

#include "kernel_settle.h"

enum { PAYS_FROM = 4, LONGEST_PAUSE = 64 }; /* one of so many cells must be filled; windows passed over if not */

/* Reads on from `at` as far as automata fit; returns what fits there, as number in `accepts`, and where that
 * ends, which is not before `least`; 0 where nothing does. */
static uint32_t run_to_last(Scan *scan, uint64_t automata, int64_t at, int64_t least, int64_t end, int64_t *stop) {
    Joint *joint = scan->joint ? scan->joint : make_joint(scan);
    const uint8_t *classes = TABLE(scan->program, uint8_t, classes), *text = scan->text;
    if (!joint || joint->off) return 0;
    const uint32_t *rows = joint->rows;
    uint32_t row = start_state(scan, joint, automata), found = 0;
    int64_t place = at;
    while (row && place < end) {
        const uint32_t class = classes[text[place]];
        uint32_t next = class ? rows[row + class] : ROW_DEAD;
        if (!next) next = next_state(scan, joint, row, class, text[place]);
        if (next == ROW_DEAD) break;
        row = next;
        if (++place >= least && row && rows[row] && may_end(text, place, end)) found = rows[row], *stop = place;
    }
    joint->read += place - at;
    if (row) return found;
    if (joint->read < JOINT_PAYS * JOINT_STATES) joint->off = true; /* there was no room */
    forget_states(joint);
    return 0;
}

/* Whether numbers may speak for a rule, or against it. */
static bool hears_numbers(const Scan *scan, const Rule *rule) {
    const uint32_t *row = TABLE(scan->program, uint32_t, relations) + rule->relations;
    const Says *wordless = TABLE(scan->program, Says, says) + scan->program->wordless;
    for (uint32_t i = 0; i < rule->asked; i++, row += ROW)
        if (has_any(says_in(row), wordless)) return true;
    return false;
}

/* Judges what fits; returns whether the cell is settled. */
static bool judge_filling(Scan *scan, List fits, const Note *hit) {
    for (uint32_t i = 0; i < fits.count; i++) {
        const uint16_t number = scan->joint->rules[fits.from + i];
        const Rule *rule = TABLE(scan->program, Rule, rule_table) + number;
        if (hears_numbers(scan, rule)) return false;
        if (scan->standing[number] == NEEDY || !may_stand(scan, rule, hit)) continue;
        if (!passes(scan->program, rule, scan->text + hit->start, hit->end - hit->start, &scan->squeezed)) continue;
        if (!rule->decoy) count(scan, number, rule, hit);
        return true;
    }
    return false;
}

/* The bits of a mask from `at` on, `size` of them, 64 at most. */
static inline uint64_t cut(uint64_t low, uint64_t high, int64_t at, int64_t size) {
    return from(low, high, (int)(at % 64)) & (size < 64 ? (1ull << size) - 1 : ~0ull);
}

/* Whether one identifier fills a cell, which has no letter, and counts. */
static bool is_filled(Scan *scan, int64_t cell) {
    const int64_t start = scan->starts[cell], end = scan->starts[cell + 1], size = end - start, block = start / 64;
    if (size > 64) return false;
    const uint64_t words = cut(scan->begins[block], scan->begins[block + 1], start, size);
    const Block *low = scan->block + block, *high = low + 1;
    if (!words || cut(low->word & ~low->digit, high->word & ~high->digit, start, size)) return false;
    const int64_t at = start + __builtin_ctzll(words), last = start + 63 - __builtin_clzll(words);
    const int of = (int)(at / 64), bit = (int)(at % 64);
    if (!(scan->shapes[of] >> bit & 1)) return false;
    const uint32_t before = at > start ? scan->text[at - 1] : 256;
    const uint64_t may = may_fit(scan, of, bit, at, end, scan->living & TABLE(scan->program, uint64_t, behind)[before]);
    int64_t stop = at;
    const uint32_t found = may ? run_to_last(scan, may, at, last + 1, end, &stop) : 0;
    return found && judge_filling(scan, scan->joint->fits[found], &(Note){at, stop, (uint32_t)cell, 0, 0, 0});
}

/* Forgets all that begins in a cell. */
static void pass_over(Scan *scan, int64_t cell) {
    for (int64_t at = scan->starts[cell]; at < scan->starts[cell + 1];) {
        const int64_t block = at / 64, end = scan->starts[cell + 1] < 64 * (block + 1) ? scan->starts[cell + 1] : 64 * (block + 1);
        const uint64_t others = ~((end - at < 64 ? (1ull << (end - at)) - 1 : ~0ull) << at % 64);
        scan->begins[block] &= others;
        scan->goes_on[block] &= others;
        scan->shapes[block] &= others;
        scan->block[block].word &= others;
        scan->block[block].at &= others;
        at = end;
    }
}

/* Settles the cells at hand that one identifier fills, where that is often so. */
static void settle_filled(Scan *scan) {
    if (!scan->living || scan->program->wordless_rules || (scan->pause && scan->paused++ < scan->pause)) return;
    int64_t filled = 0;
    scan->squeezed.written = NULL;
    for (int64_t cell = 0; cell < scan->cells; cell++)
        if (is_filled(scan, cell)) {
            pass_over(scan, cell);
            filled++;
        }
    scan->paused = 0;
    if (PAYS_FROM * filled >= scan->cells) scan->pause = 0;
    else if (scan->pause < LONGEST_PAUSE) scan->pause += scan->pause + 1;
}

#endif
