/* What is found in columns of text, fast. reference.py defines what that is; this file finds the same.
 *
 * A column is read in windows of a few thousand bytes, many short cells or a part of a long one:
 *
 *   1. 64 bytes at a time become masks: digits, word characters, ends of cells ... (kernel_blocks.h);
 *      a few operations on whole masks leave the bytes where an identifier or a phrase may begin;
 *   2. cells of digits and signs that one identifier fills are settled at once (kernel_whole.h);
 *   3. words are told by hashes, eight at a time: only where the anchor of a phrase stands, a word or two
 *      that texts seldom have, is that phrase followed, word by word;
 *   4. from where an identifier may begin automata of all shapes go on, and what they find is noted;
 *   5. what was noted is settled in the order of the text: what must stand around a hit, checks, and
 *      which of overlapping hits counts (`settle`).
 *
 * Cells that are not ASCII are folded into a copy first, all others are read where they lie. Phrases
 * are looked for before shapes: where a window speaks of nothing, an identifier that needs words
 * beside it is dropped as soon as it is seen.
 *
 * Everything looked at for one hit lies within a few hundred bytes of it, and each window is settled
 * before the next one is read, so time grows with the text and memory with the largest cell only.
 * The kernel keeps nothing between calls, takes no lock, and writes nothing but the caller's counts.
 *
 * Compiled several times for different processors; each has its own name for the door, KERNEL.
 */
#include "kernel_whole.h"
#include "kernel_windows.h"

#ifndef KERNEL
#define KERNEL curtilage_scan
#endif

/* --- Cells, some at a time -------------------------------------------------------------------------- */

/* Looks through the cells at hand, which lie one after another from `text` on. */
static void scan_cells(Scan *scan) {
    scan->size = scan->starts[scan->cells];
    scan->kept_cell = scan->around_cell = -1;
    memset(scan->heard, 0, (size_t)scan->cells * sizeof *scan->heard);
    scan->contexts.size = scan->around = 0;
    for (int64_t at = 0; at < scan->size && !scan->failed; at += WINDOW) {
        read_window(scan, at);
        if (!scan->column->shaped && !is_long(scan)) settle_filled(scan);
        if (!scan->column->shaped) find_phrases(scan);
        if (is_long(scan)) listen_to_all(scan);
        find_shapes(scan);
        find_mail(scan);
        settle(scan);
    }
}

/* Reads one well-formed character; 0 where the byte is not part of one. Source: RFC 3629, section 4. */
static int read_character(const uint8_t *at, int64_t left, uint32_t *character) {
    const uint8_t first = at[0];
    int size = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (size == 0 || size > left) return 0;
    uint8_t low = 0x80, high = 0xBF; /* of the second byte: no overlong forms, surrogates, or more than Unicode has */
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
    if (size > 1 && (at[1] < low || at[1] > high)) return 0;
    uint32_t made = size == 1 ? first : first & (0x7Fu >> size);
    for (int i = 1; i < size; i++) {
        if ((at[i] & 0xC0) != 0x80) return 0;
        made = made << 6 | (at[i] & 0x3F);
    }
    *character = made;
    return size;
}

/* Writes the folded text of a cell to `to`, which has room for half as much again; returns its end. */
static uint8_t *fold(const Program *program, const uint8_t *at, int64_t left, uint8_t *to) {
    const uint16_t *table = TABLE(program, uint16_t, fold);
    while (left > 0) {
        if (*at < 0x80) { /* eight plain bytes at a time where there are so many */
            uint64_t eight;
            if (left >= 8 && (memcpy(&eight, at, 8), !(eight & 0x8080808080808080u))) {
                memcpy(to, &eight, 8);
                at += 8, to += 8, left -= 8;
            } else *to++ = *at++, left--;
            continue;
        }
        uint32_t character = 0, folded = FOLD_BREAK;
        int size = read_character(at, left, &character);
        if (size > 0 && character < FOLD_SIZE) folded = table[character];
        size += size == 0;
        at += size, left -= size;
        if (folded == FOLD_DROPPED) continue;
        if (folded < 0x80) *to++ = (uint8_t)folded;
        else if (folded < 0x800) {
            *to++ = (uint8_t)(0xC0 | folded >> 6);
            *to++ = (uint8_t)(0x80 | (folded & 0x3F));
        } else {
            *to++ = (uint8_t)(0xE0 | folded >> 12);
            *to++ = (uint8_t)(0x80 | (folded >> 6 & 0x3F));
            *to++ = (uint8_t)(0x80 | (folded & 0x3F));
        }
    }
    return to;
}

static int64_t offset(const Column *column, int64_t cell) {
    return column->wide ? ((const int64_t *)column->offsets)[cell] : ((const int32_t *)column->offsets)[cell];
}

/* Whether a cell is there: neither missing nor, in a dictionary, never used. */
static bool is_there(const Column *column, int64_t cell) {
    const int64_t bit = column->skipped + cell;
    if (column->validity && !(column->validity[bit / 8] >> (bit % 8) & 1)) return false;
    return !column->weights || column->weights[cell];
}

/* Makes a folded copy of the cells at hand, without those that are missing. */
static bool copy_cells(Scan *scan, const uint8_t *bytes) {
    const int64_t wanted = scan->starts[scan->cells] / 2 * 3 + 16;
    if ((size_t)wanted > scan->folded_room) {
        free(scan->folded);
        scan->folded = malloc((size_t)wanted);
        scan->folded_room = scan->folded ? (size_t)wanted : 0;
        if (!scan->folded) return false;
    }
    uint8_t *to = scan->folded;
    const bool plain = is_ascii(bytes, scan->starts[scan->cells]);
    for (int64_t i = 0; i < scan->cells; i++) {
        const uint8_t *at = bytes + scan->starts[i];
        const int64_t size = scan->starts[i + 1] - scan->starts[i];
        scan->starts[i] = to - scan->folded;
        if (!is_there(scan->column, scan->first + i)) continue;
        if (plain && size > 0) to = (uint8_t *)memcpy(to, at, (size_t)size) + size;
        else to = fold(scan->program, at, size, to);
    }
    scan->starts[scan->cells] = to - scan->folded;
    scan->text = scan->folded;
    return true;
}

/* Takes the next cells: as many as a window holds, or one that is longer. */
static bool take_cells(Scan *scan) {
    const Column *column = scan->column;
    const int64_t base = offset(column, scan->first);
    int64_t most = column->cells - scan->first < CELLS ? column->cells - scan->first : CELLS, cells = 0;
    bool hidden = false; /* bytes of missing cells lie between the others */
    for (scan->starts[0] = 0; cells < most; cells++) {
        const int64_t end = offset(column, scan->first + cells + 1) - base;
        if (end > WINDOW && cells > 0) break;
        scan->starts[cells + 1] = end;
        if (end > WINDOW) {
            cells++;
            break;
        }
    }
    scan->cells = cells;
    if (column->validity || column->weights)
        for (int64_t i = 0; i < cells && !hidden; i++)
            hidden = scan->starts[i + 1] > scan->starts[i] && !is_there(column, scan->first + i);
    scan->text = column->bytes + base;
    return (!hidden && is_ascii(scan->text, scan->starts[cells])) || copy_cells(scan, column->bytes + base);
}

/* --- The door ----------------------------------------------------------------------------------------- */

/* Says of each rule whether it can count here at all, and whether it needs words beside it. */
static void weigh_rules(Scan *scan) {
    const Program *program = scan->program;
    const Rule *rule = TABLE(program, Rule, rule_table);
    const Word *number = TABLE(program, Word, words) + A_NUMBER;
    scan->numbers_speak = number->flags & SPEAKS || number->anchored;
    for (uint32_t i = 0; i < program->rules; i++, rule++) {
        const uint32_t *row = TABLE(program, uint32_t, relations) + rule->relations;
        scan->standing[i] = FREE;
        for (uint32_t k = 0; k < rule->asked && !scan->column->shaped; k++, row += ROW) {
            const uint32_t relation = row[0] % BARRED;
            const bool barred = row[0] >= BARRED;
            const bool said = relation <= IN_SENTENCE && has_any(says_in(row), scan->carried);
            if (!said && relation <= IN_SENTENCE) add(scan->asks + i, says_in(row));
            if (barred && said) scan->standing[i] = DEAD;
            if (!barred && !said && scan->standing[i] == FREE) {
                scan->standing[i] = NEEDY;
                scan->needs[i] = *says_in(row);
            }
        }
        if (rule->kind == KIND_MAIL && scan->standing[i] != DEAD) scan->mail[scan->mail_rules++] = i;
        if (rule->kind != KIND_SHAPE || scan->standing[i] == DEAD) continue;
        const uint64_t automaton = 1ull << rule->automaton;
        const uint32_t called = scan->column->shaped ? 0 : TABLE(program, Automaton, automaton)[rule->automaton].called;
        scan->living |= automaton;
        if (scan->standing[i] != FREE) add(&scan->needed, scan->needs + i);
        if (called) {
            scan->callers.bits[called / 32] |= 1u << called % 32;
            scan->wakes[called] |= automaton;
        } else if (scan->standing[i] == FREE) scan->free |= automaton;
        else {
            for (uint32_t word = 0; word < GROUP_WORDS; word++)
                for (uint32_t bits = scan->needs[i].bits[word]; bits; bits &= bits - 1) scan->wakes[32 * word + (uint32_t)__builtin_ctz(bits)] |= automaton;
        }
    }
}

/* All of a scan's memory but what grows, in one piece. */
static void *prepare(Scan *scan) {
    const Program *program = scan->program;
    const size_t rules = program->rules, owners = rules + program->groups;
    const size_t states = program->accepting, accepted = TABLE(program, uint32_t, accepts)[states];
    const size_t numbers = (CELLS + 1) + 3 * rules + owners + 32 * GROUP_WORDS;
    void *memory = calloc(1, CELLS * sizeof(Heard) + numbers * sizeof(int64_t) + 2 * rules * sizeof(Says) +
                                    (2 * owners + rules) * sizeof(uint32_t) + 2 * states * sizeof(List) + (2 * accepted + 1) * sizeof(uint16_t) + rules + 1);
    if (!memory) return NULL;
    scan->heard = (Heard *)memory;
    scan->starts = (int64_t *)(scan->heard + CELLS);
    scan->counted = scan->starts + CELLS + 1;
    scan->filled = scan->counted + rules;
    scan->categorised = scan->filled + rules;
    scan->owner_end = (size_t *)(scan->categorised + rules);
    scan->wakes = (uint64_t *)(scan->owner_end + owners);
    scan->asks = (Says *)(scan->wakes + 32 * GROUP_WORDS);
    scan->needs = scan->asks + rules;
    scan->owner_seen = (uint32_t *)(scan->needs + rules);
    scan->met = scan->owner_seen + owners;
    scan->mail = scan->met + owners;
    scan->lists = (List *)(scan->mail + rules);
    scan->listed = (uint16_t *)(scan->lists + 2 * states);
    scan->standing = (uint8_t *)(scan->listed + 2 * accepted + 1);
    return memory;
}

/* Scans a column. Returns how many hits there are, of which `answer` holds as many as it has room for;
 * or NO_MEMORY or NO_PROGRAM. `carried` has a bit for each context group that the column's name says. */
int64_t KERNEL(const Program *program, const Column *column, const Says *carried, Answer *answer) {
    if (program->magic != MAGIC || program->version != VERSION) return NO_PROGRAM;
    Scan *scan = calloc(1, sizeof *scan);
    if (!scan) return NO_MEMORY;
    scan->program = program;
    scan->column = column;
    scan->carried = carried;
    scan->answer = answer;
    void *memory = prepare(scan);
    scan->failed = !memory;
    if (memory) weigh_rules(scan);
    for (; !scan->failed && scan->first < column->cells; scan->first += scan->cells) {
        if (take_cells(scan)) scan_cells(scan);
        else scan->failed = true;
    }
    const int64_t answered = scan->failed ? NO_MEMORY : scan->answered;
    for (int by = 0; by < FINDERS; by++) free(scan->found[by].at);
    free(scan->contexts.at);
    free(scan->tokens.at); /* and all else of them */
    free(scan->joint);
    free(scan->folded);
    free(memory);
    free(scan);
    return answered;
}
