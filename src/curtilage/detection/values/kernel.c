/* What is found in columns of text, fast. reference.py defines what that is; this file finds the same.
 *
 * A column is read in windows of a few thousand bytes, many short cells or a part of a long one:
 *
 *   1. 64 bytes at a time become masks: digits, word characters, ends of cells ... (kernel_blocks.h);
 *      a few operations on whole masks leave the bytes where an identifier or a phrase may begin;
 *   2. from those alone an automaton of all shapes, a tree of all phrases and the reader of addresses
 *      of mail look further, and note what they find with its place;
 *   3. what was noted is settled in the order of the text: what must stand around a hit, checks, and
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
#include "kernel_blocks.h"
#include "kernel_checks.h"
#include "kernel_program.h"

#include <stdlib.h>

#ifndef KERNEL
#define KERNEL curtilage_scan
#endif

enum {
    WINDOW = 8192,         /* bytes whose masks are held at a time */
    BLOCKS = WINDOW / 64,  /* */
    CELLS = 1024,          /* cells looked at together, at most */
    BEHIND = SENTENCE + 1, /* a hit is decided by so many bytes behind it */
    BEFORE = MOST_LOCAL + 2, /* a hit may begin so many bytes before what gives it away, the @ of mail */
    FOLD_SIZE = 0x10000,
    FOLD_BREAK = 0,
    FOLD_DROPPED = 0xFFFF,
};

/* --- What the caller hands in and gets back; kernel.py lays out the same -------------------------- */

typedef struct {
    const void *offsets;     /* cells + 1 of them, of 32 or 64 bits */
    const uint8_t *bytes;    /* the text that they point into */
    const uint8_t *validity; /* a bit for each cell, or NULL where none is missing */
    const int64_t *weights;  /* how often each cell counts, or NULL for once */
    int64_t skipped;         /* bits of `validity` before the first cell's */
    int64_t cells;
    int32_t wide; /* whether offsets have 64 bits */
    int32_t shaped; /* count shapes, whatever stands around them */
} Column;

typedef struct {
    int64_t cell, start, end; /* bytes of the folded cell */
    int64_t rule;
} Hit;

typedef struct {
    int64_t *cells; /* for each rule: cells in which it counts */
    int64_t *whole; /* and cells that it fills; only where shapes are counted */
    int64_t *categories; /* for each category: cells in which any of its rules counts */
    Hit *hits;      /* or NULL where counts are enough */
    int64_t room;
} Answer;

enum { NO_MEMORY = -1, NO_PROGRAM = -2 };

/* --- What is known while scanning ----------------------------------------------------------------- */

/* Something noted at a place of the window: a hit of a rule, or words of a context group. */
typedef struct {
    int64_t start, end;
    uint32_t cell, owner;
} Note;

typedef struct {
    Note *at;
    size_t size, room;
} Notes;

typedef enum { DEAD, NEEDY, FREE } Standing; /* of a rule: never; only beside words; by itself */

typedef struct {
    const Program *program;
    const Column *column;
    const uint32_t *carried;
    Answer *answer;
    int64_t answered;
    bool failed; /* no memory */

    uint8_t *standing;       /* of each rule */
    int64_t *counted;        /* of each rule: the cell in which it was counted last */
    int64_t *filled;         /* the same for whole cells */
    int64_t *categorised;    /* the same for each category */
    uint16_t *of_accept;     /* rules of an accepting state: those that are free first */
    uint16_t *accept_free;   /* how many of them are free */
    uint16_t *accept_living; /* how many are not dead */
    uint64_t free, living;   /* automata that have such rules */

    const uint8_t *text; /* the cells at hand, one after another */
    int64_t *starts;     /* where each of them begins, and the end of the last */
    int64_t cells, first; /* how many, and the number of the first in the column */
    int64_t size;

    Block block[BLOCKS + 2];
    uint64_t opens[BLOCKS + 2];  /* first bytes of cells */
    uint64_t begins[BLOCKS + 2]; /* first bytes of words */
    uint64_t goes_on[BLOCKS + 2]; /* further bytes of words */
    uint64_t shapes[BLOCKS + 2];  /* where identifiers may begin */
    int64_t window;               /* place of the first block */
    int64_t windows_end;          /* words and identifiers that begin before it are looked for */
    int blocks;

    Notes found, contexts, spare;
    size_t around;     /* contexts before this one are too far from all hits that are left */
    int64_t kept_end;  /* of the last hit that was kept */
    int64_t kept_cell;   /* and its cell */

    uint32_t *owner_seen; /* for each rule and group: the word from which its phrase was met last */
    int64_t *owner_end;
    uint32_t *met;       /* owners met from this word */
    uint32_t met_size, word;

    uint8_t *folded;
    size_t folded_room;
} Scan;

static void note(Scan *scan, Notes *notes, Note made) {
    if (notes->size == notes->room) {
        size_t room = notes->room ? notes->room * 2 : 1024;
        Note *at = realloc(notes->at, room * sizeof *at);
        if (!at) {
            scan->failed = true;
            return;
        }
        notes->at = at;
        notes->room = room;
    }
    notes->at[notes->size++] = made;
}

static bool has_any(const uint32_t *some, const uint32_t *others, uint32_t groups) {
    for (uint32_t i = 0; i < (groups + 31) / 32; i++)
        if (some[i] & others[i]) return true;
    return false;
}

static bool has_bit(const uint32_t *bits, uint32_t place) { return bits[place / 32] >> (place % 32) & 1; }

/* --- Bytes ------------------------------------------------------------------------------------------ */

static inline bool is_letter(uint8_t byte) { return (uint8_t)((byte | 0x20) - 'a') < 26; }
static inline bool is_upper(uint8_t byte) { return (uint8_t)(byte - 'A') < 26; }
static inline bool is_wordy(uint8_t byte) { return is_letter(byte) || is_digit(byte) || byte >= 0x80; }
static inline bool is_ideograph(uint8_t first) { return (uint8_t)(first - 0xE3) < 7; }
static inline bool is_glue(uint8_t byte) { return (uint8_t)(byte - '-') < 3 || byte == '_'; }
static inline bool is_space(uint8_t byte) { return byte == ' ' || (uint8_t)(byte - '\t') < 5; }

/* Whether a sentence ends at a byte. A full stop ends one behind a word of three letters, a new line
 * does unless a small letter goes on behind it. */
static bool is_stop(const uint8_t *text, int64_t at, int64_t start, int64_t end) {
    switch (text[at]) {
    case '!': case '?': case ';': case '\0': return true;
    case '\n': return !(at + 1 < end && (uint8_t)(text[at + 1] - 'a') < 26);
    case '.':
        return (at + 1 == end || is_space(text[at + 1])) && at - start >= 3 && is_wordy(text[at - 1]) &&
               is_wordy(text[at - 2]) && is_wordy(text[at - 3]);
    default: return false;
    }
}

static bool has_stop(const uint8_t *text, int64_t low, int64_t high, int64_t start, int64_t end) {
    for (int64_t at = low; at < high; at++)
        if (is_stop(text, at, start, end)) return true;
    return false;
}

/* The end of the word that begins at `at`. */
static int64_t word_end(const uint8_t *text, int64_t at, int64_t end) {
    if (is_ideograph(text[at])) return at + 3;
    do at++;
    while (at < end && is_wordy(text[at]) && !is_ideograph(text[at]));
    return at;
}

/* --- Windows: where may something begin? ------------------------------------------------------------ */

/* A window that is not the first belongs to a cell longer than a window, which is looked at alone. */
static void mark_cells(Scan *scan) {
    memset(scan->opens, 0, sizeof *scan->opens * (size_t)(scan->blocks + 2));
    if (scan->window > 0) return;
    for (int64_t i = 0; i < scan->cells && scan->starts[i] < scan->windows_end; i++)
        scan->opens[scan->starts[i] / 64] |= 1ull << (scan->starts[i] % 64);
}

/* Bits i for which a digit or < stands at i or one of the 15 bytes behind, in the same cell. */
static inline uint64_t near_digit(const Block *block, const uint64_t *opens) {
    uint64_t low = block[0].digit | block[0].less, high = block[1].digit | block[1].less;
    if (!(low | high)) return 0;
    uint64_t same_low = ~behind(opens[0], opens[1], 1), same_high = ~(opens[1] >> 1);
    for (int by = 1; by <= 8; by *= 2) {
        low |= same_low & behind(low, high, by);
        high |= same_high & (high >> by);
        same_low &= behind(same_low, same_high, by);
        same_high &= same_high >> by;
    }
    return low;
}

/* Reads the window at `at` and, for what stands at its end, one block more. */
static void read_window(Scan *scan, int64_t at) {
    int64_t left = scan->size - at;
    int64_t here = left < WINDOW ? left : WINDOW;
    int blocks = (int)((here + 63) / 64);
    scan->window = at;
    scan->windows_end = at + here;
    scan->blocks = blocks;
    mark_cells(scan);
    for (int i = 0; i <= blocks; i++) {
        int64_t rest = left - 64 * i;
        uint8_t padded[64];
        const uint8_t *bytes = scan->text + at + 64 * i;
        if (rest < 64) { /* the text ends within this block: nothing behind it is read */
            memset(padded, 0, sizeof padded);
            if (rest > 0) memcpy(padded, bytes, (size_t)rest);
            bytes = padded;
        }
        read_block(bytes, &scan->block[i]);
    }

    /* What the bytes before this window leave: only a cell longer than a window has such. */
    uint64_t word = 0, digit = 0, glued = 0, ideo = 0;
    if (at > 0) {
        const uint8_t *text = scan->text + at;
        word = is_wordy(text[-1]);
        digit = is_digit(text[-1]);
        glued = is_glue(text[-1]) && is_digit(text[-2]);
        for (int i = 1; i <= 3; i++) ideo |= (uint64_t)is_ideograph(text[-i]) << (64 - i);
    }
    for (int i = 0; i <= blocks; i++) {
        const Block *block = &scan->block[i];
        uint64_t opens = scan->opens[i];
        uint64_t alone = block->ideo | block->ideo << 3 | ideo >> 61;
        uint64_t goes_on = block->word & (block->word << 1 | word) & ~opens & ~alone;
        uint64_t behind_digit = block->glue & (block->digit << 1 | digit) & ~opens;
        uint64_t guarded = (behind_digit << 1 | glued) & ~opens;
        scan->goes_on[i] = goes_on;
        scan->begins[i] = block->word & ~goes_on;
        if (i < blocks) scan->shapes[i] = scan->begins[i] & ~block->high & ~guarded & near_digit(block, scan->opens + i);
        word = block->word >> 63;
        digit = block->digit >> 63;
        glued = behind_digit >> 63;
        ideo = block->ideo;
    }
}

/* --- Shapes: one automaton for all ------------------------------------------------------------------ */

/* Whether an identifier may end here: no word and no number goes on. */
static inline bool may_end(const uint8_t *text, int64_t at, int64_t end) {
    if (at >= end) return true;
    if (is_wordy(text[at]) && !is_ideograph(text[at])) return false;
    return !(is_glue(text[at]) && at + 1 < end && is_digit(text[at + 1]));
}

/* A bit for each automaton with a shape that begins with so many letters, or digits, and then what
 * follows them. Most words before a number are told apart from identifiers here. */
static inline uint64_t may_fit(const Scan *scan, int block, int bit, int64_t at, int64_t end) {
    const Program *program = scan->program;
    const Block *masks = &scan->block[block];
    const bool digits = masks->digit >> bit & 1;
    uint64_t one = digits ? masks[0].digit : masks[0].word & ~masks[0].digit & ~masks[0].high;
    uint64_t two = digits ? masks[1].digit : masks[1].word & ~masks[1].digit & ~masks[1].high;
    uint64_t run = from(one, two, bit) & (from(scan->goes_on[block], scan->goes_on[block + 1], bit) | 1);
    uint32_t size = ~run ? (uint32_t)__builtin_ctzll(~run) : 64;
    if (size > LONGEST_RUN) return ~0ull;
    uint8_t next = at + size < end ? TABLE(program, uint8_t, classes)[scan->text[at + size]] : ENDS;
    return TABLE(program, uint64_t, runs)[((uint32_t)digits * (LONGEST_RUN + 1) + size) * program->width + next];
}

/* Reads on from `at` with one automaton, and notes for each rule the longest text that fits. */
static void note_shapes(Scan *scan, uint32_t number, int64_t cell, int64_t at, int64_t end, bool spoken) {
    const Program *program = scan->program;
    const Automaton *automaton = TABLE(program, Automaton, automaton) + number;
    const uint16_t *states = TABLE(program, uint16_t, states) + automaton->table;
    const uint8_t *bytes = TABLE(program, uint8_t, bytes) + 256 * number, *text = scan->text;
    const uint32_t shift = automaton->shift, accepting = automaton->accepting;
    struct { uint32_t accept; int size; } fits[LONGEST_SHAPE];
    int fitting = 0;
    uint32_t state = 1;
    for (int64_t place = at; place < end;) {
        state = states[(state << shift) + bytes[text[place]]];
        if (!state) break;
        place++;
        if (state >= accepting && may_end(text, place, end)) {
            fits[fitting].accept = state - accepting + automaton->accepts;
            fits[fitting++].size = (int)(place - at);
        }
    }
    const uint32_t *accepts = TABLE(program, uint32_t, accepts);
    const size_t before = scan->found.size;
    for (int fit = fitting - 1; fit >= 0; fit--) {
        const uint32_t accept = fits[fit].accept;
        const uint32_t count = spoken ? scan->accept_living[accept] : scan->accept_free[accept];
        for (uint32_t i = 0; i < count; i++) {
            const uint32_t rule = scan->of_accept[accepts[accept] + i];
            bool longer = false; /* it fits further already */
            if (fit < fitting - 1)
                for (size_t k = before; k < scan->found.size && !longer; k++) longer = scan->found.at[k].owner == rule;
            if (!longer) note(scan, &scan->found, (Note){at, at + fits[fit].size, (uint32_t)cell, rule});
        }
    }
}

static void find_shapes(Scan *scan) {
    /* Words may still come behind the window where a cell does not end with it. */
    const bool spoken = scan->contexts.size || scan->windows_end < scan->size;
    const uint64_t wanted = spoken ? scan->living : scan->free;
    int64_t cell = 0;
    if (!wanted) return;
    for (int i = 0; i < scan->blocks; i++)
        for (uint64_t bits = scan->shapes[i]; bits; bits &= bits - 1) {
            const int bit = __builtin_ctzll(bits);
            const int64_t at = scan->window + 64 * i + bit;
            while (scan->starts[cell + 1] <= at) cell++;
            const int64_t end = scan->starts[cell + 1];
            for (uint64_t may = wanted & may_fit(scan, i, bit, at, end); may; may &= may - 1)
                note_shapes(scan, (uint32_t)__builtin_ctzll(may), cell, at, end, spoken);
        }
}

/* --- Phrases: a tree of words ----------------------------------------------------------------------- */

/* An edge from `node` by `letter`; 0 where there is none. An edge lies at the sum of both numbers, and
 * knows its node, for other nodes' edges lie between. */
static inline uint32_t step(const Edge *edges, uint32_t node, uint32_t letter) {
    const Edge *edge = edges + node + letter;
    return edge->from == node ? edge->to : 0;
}

/* Letters above those of text: a whole word ends; the rest of a word, whatever it is; a short number. */
enum { WORD_ENDS = 1, WORD_GOES_ON = 2, A_NUMBER = 3, LONGEST_NUMBER = 4 };
enum { ANY_REST = 0x80000000u }; /* marks an edge to a node that has WORD_GOES_ON */

static void follow(Scan *scan, uint32_t node, int64_t at, int64_t start, int64_t end);

/* The beginning of the next word of the same phrase; -1 where no word follows closely. */
static int64_t next_word(const uint8_t *text, int64_t at, int64_t start, int64_t end) {
    int64_t last = at + MOST_SEPARATORS;
    for (; at < end; at++) {
        if (is_wordy(text[at])) return at;
        if (at == last || is_stop(text, at, start, end)) return -1;
    }
    return -1;
}

/* A word of a phrase ended at `at`. */
static void pass(Scan *scan, uint32_t number, int64_t at, int64_t start, int64_t end) {
    const Place *place = TABLE(scan->program, Place, places) + number;
    const uint32_t *owners = TABLE(scan->program, uint32_t, owners) + place->owners;
    for (uint32_t i = 0; i < place->owned; i++) {
        uint32_t owner = owners[i];
        if (scan->owner_seen[owner] != scan->word) {
            scan->owner_seen[owner] = scan->word;
            scan->owner_end[owner] = at;
            scan->met[scan->met_size++] = owner;
        } else if (scan->owner_end[owner] < at) scan->owner_end[owner] = at;
    }
    if (!(place->next | place->gap)) return;
    int64_t next = next_word(scan->text, at, start, end);
    if (next < 0) return;
    if (place->next) follow(scan, place->next, next, start, end);
    if (!place->gap) return;
    for (int skipped = 0; next >= 0; skipped++) {
        follow(scan, place->gap, next, start, end);
        if (skipped == REACH) return;
        next = next_word(scan->text, word_end(scan->text, next, end), start, end);
    }
}

/* Reads the word at `at` along the tree `node`; where words of phrases end, goes on behind them. */
static void follow(Scan *scan, uint32_t node, int64_t at, int64_t start, int64_t end) {
    const Edge *edges = TABLE(scan->program, Edge, edges);
    const uint8_t *letters = TABLE(scan->program, uint8_t, letters), *text = scan->text;
    int64_t alone = is_ideograph(text[at]) ? at + 3 : -1, place = at; /* where a word of one character ends */
    uint32_t to;
    if (is_digit(text[at]) && (to = step(edges, node & ~ANY_REST, A_NUMBER))) {
        int64_t stop = word_end(text, at, end), digits = at;
        while (digits < stop && is_digit(text[digits])) digits++;
        if (digits == stop && stop - at <= LONGEST_NUMBER) pass(scan, to, stop, start, end);
    }
    for (;;) {
        if (node & ANY_REST) {
            node &= ~ANY_REST;
            pass(scan, step(edges, node, WORD_GOES_ON), alone >= 0 ? alone : word_end(text, place - 1, end), start, end);
        }
        bool ends = place == end || place == alone || (place > at && alone < 0 && (!is_wordy(text[place]) || is_ideograph(text[place])));
        if (ends) {
            if ((to = step(edges, node, WORD_ENDS))) pass(scan, to, place, start, end);
            return;
        }
        node = step(edges, node, letters[text[place++]]);
        if (!node) return;
    }
}

/* The name behind a phrase that ends at `at`: 1 to 4 capitalised words, little ones among them. */
static bool find_name(Scan *scan, const Rule *rule, int64_t at, int64_t end, int64_t *name_start, int64_t *name_end);

static void take(Scan *scan, uint32_t owner, int64_t cell, int64_t at, int64_t end) {
    const Program *program = scan->program;
    Note made = {at, scan->owner_end[owner], (uint32_t)cell, owner};
    if (owner >= program->rules) {
        made.owner = owner - program->rules;
        note(scan, &scan->contexts, made);
        return;
    }
    const Rule *rule = TABLE(program, Rule, rule_table) + owner;
    if (scan->standing[owner] == DEAD) return;
    if (rule->takes) {
        int64_t name;
        if (!find_name(scan, rule, made.end, end, &name, &made.end)) return;
        if (rule->takes == TAKES_NAME) made.start = name;
        else if (!is_upper(scan->text[at])) return;
    }
    note(scan, &scan->found, made);
}

static inline uint32_t four_bytes(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Whether a phrase may begin with the word at `at`, judged by its first four letters. */
static inline bool may_begin(const Scan *scan, const uint64_t *filter, int block, int bit, int64_t at) {
    static const uint32_t KEPT[8] = {0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF, 0xFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF};
    uint32_t letters = 0;
    if (at + 4 <= scan->size) letters = four_bytes(scan->text + at);
    else for (int i = 0; at + i < scan->size; i++) letters |= (uint32_t)scan->text[at + i] << (8 * i);
    uint32_t rest = (uint32_t)(from(scan->goes_on[block], scan->goes_on[block + 1], bit) >> 1) & 7;
    uint32_t size = (uint32_t)__builtin_ctz(~rest); /* 0 to 3 */
    letters = (letters | 0x20202020) & KEPT[size];
    uint32_t key = (letters * 0x9E3779B1u) >> 16;
    return filter[key / 64] >> (key % 64) & 1;
}

static void find_phrases(Scan *scan) {
    int64_t cell = 0;
    const Program *program = scan->program;
    const uint64_t *filter = TABLE(program, uint64_t, filter);
    for (int i = 0; i < scan->blocks; i++) {
        uint32_t places[64];
        int count = 0;
        for (uint64_t bits = scan->begins[i]; bits; bits &= bits - 1) {
            int bit = __builtin_ctzll(bits);
            places[count] = (uint32_t)bit;
            count += may_begin(scan, filter, i, bit, scan->window + 64 * i + bit);
        }
        for (int k = 0; k < count; k++) {
            int64_t at = scan->window + 64 * i + places[k];
            while (scan->starts[cell + 1] <= at) cell++;
            scan->met_size = 0;
            if (++scan->word == 0) { /* counted once around: forget what the old numbers said */
                memset(scan->owner_seen, 0, sizeof *scan->owner_seen * (program->rules + program->groups));
                scan->word = 1;
            }
            follow(scan, program->phrases, at, scan->starts[cell], scan->starts[cell + 1]);
            for (uint32_t m = 0; m < scan->met_size; m++) take(scan, scan->met[m], cell, at, scan->starts[cell + 1]);
        }
    }
}

/* Whether the word from `at` to `stop` stands in a tree of single words. */
static bool is_listed(const Program *program, uint32_t node, const uint8_t *text, int64_t at, int64_t stop) {
    const Edge *edges = TABLE(program, Edge, edges);
    const uint8_t *letters = TABLE(program, uint8_t, letters);
    while (node && at < stop) node = step(edges, node, letters[text[at++]]);
    return node && step(edges, node, WORD_ENDS);
}

static bool find_name(Scan *scan, const Rule *rule, int64_t at, int64_t end, int64_t *name_start, int64_t *name_end) {
    const uint8_t *text = scan->text;
    int names = 0, particles = 0;
    int64_t place = at;
    for (; place < end && !is_wordy(text[place]); place++)
        if (place - at == 2 || !(text[place] == ':' || text[place] == '.' || text[place] == ',' || text[place] == ' ')) return false;
    *name_start = place;
    while (place < end && names < MOST_NAMES) {
        int64_t stop = word_end(text, place, end);
        if (is_upper(text[place]) && !(rule->stop && is_listed(scan->program, rule->stop, text, place, stop))) {
            *name_end = stop;
            names++;
        } else if (names && particles < MOST_PARTICLES && is_listed(scan->program, scan->program->particles, text, place, stop)) {
            particles++;
        } else break;
        if (stop >= end) break;
        place = stop + 1;
        if (text[stop] == '.' && place < end && text[place] == ' ') place++;
        else if (text[stop] != ' ' && text[stop] != '-' && text[stop] != '\'') break;
        if (place >= end || !is_wordy(text[place])) break;
    }
    return names > 0;
}

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
        if (!is_letter(text[at])) return false;
    return true;
}

static bool is_local(uint8_t byte) {
    return is_letter(byte) || is_digit(byte) || byte == '.' || byte == '_' || byte == '%' || byte == '+' || byte == '\'' || byte == '-';
}

static bool read_mail(const uint8_t *text, int64_t at, int64_t low, int64_t high, int64_t *mail_start, int64_t *mail_end) {
    int64_t start = at, end = at + 1;
    while (start > low && is_local(text[start - 1]) && at - start <= MOST_LOCAL) start--;
    while (end < high && (is_letter(text[end]) || is_digit(text[end]) || text[end] == '.' || text[end] == '-') && end - at - 1 <= MOST_DOMAIN) end++;
    if (at - start > MOST_LOCAL || end - at - 1 > MOST_DOMAIN) return false;
    while (start < at && !is_letter(text[start]) && !is_digit(text[start])) start++;
    while (end > at + 1 && !is_letter(text[end - 1]) && !is_digit(text[end - 1])) end--;
    *mail_start = start;
    *mail_end = end;
    return start < at && is_domain(text, at + 1, end);
}

static void find_mail(Scan *scan) {
    int64_t cell = 0;
    const Program *program = scan->program;
    const Rule *rules = TABLE(program, Rule, rule_table);
    for (int i = 0; i < scan->blocks; i++)
        for (uint64_t bits = scan->block[i].at; bits; bits &= bits - 1) {
            int64_t at = scan->window + 64 * i + __builtin_ctzll(bits), start, end;
            while (scan->starts[cell + 1] <= at) cell++;
            if (!read_mail(scan->text, at, scan->starts[cell], scan->starts[cell + 1], &start, &end)) continue;
            for (uint32_t rule = 0; rule < program->rules; rule++)
                if (rules[rule].kind == KIND_MAIL && scan->standing[rule] != DEAD)
                    note(scan, &scan->found, (Note){start, end, (uint32_t)cell, rule});
        }
}

/* --- Settling: which of the hits count --------------------------------------------------------------- */

static inline bool in_order(const Rule *rules, const Note *a, const Note *b) {
    if (a->start != b->start) return a->start < b->start;
    if (a->end != b->end) return a->end > b->end;
    return rules[a->owner].rank <= rules[b->owner].rank;
}

/* Merges runs that are in order already, twice as long each time: what shapes, phrases and mail
 * found is three such runs, hardly ever more. */
static void sort(Scan *scan, Notes *notes) {
    const Rule *rules = TABLE(scan->program, Rule, rule_table);
    size_t size = notes->size, sorted = 1;
    while (sorted < size && in_order(rules, notes->at + sorted - 1, notes->at + sorted)) sorted++;
    if (sorted >= size) return;
    Notes *spare = &scan->spare;
    if (spare->room < size) {
        free(spare->at);
        spare->at = malloc(notes->room * sizeof *spare->at);
        spare->room = spare->at ? notes->room : 0;
        if (!spare->at) {
            scan->failed = true;
            return;
        }
    }
    for (bool merged = true; merged;) {
        merged = false;
        for (size_t low = 0; low < size;) {
            size_t middle = low + 1;
            while (middle < size && in_order(rules, notes->at + middle - 1, notes->at + middle)) middle++;
            size_t high = middle + (middle < size);
            while (high < size && in_order(rules, notes->at + high - 1, notes->at + high)) high++;
            size_t a = low, b = middle;
            for (size_t to = low; to < high; to++) {
                bool first = b >= high || (a < middle && in_order(rules, notes->at + a, notes->at + b));
                spare->at[to] = notes->at[first ? a++ : b++];
            }
            merged |= low > 0 || high < size;
            low = high;
        }
        Note *at = notes->at;
        size_t room = notes->room;
        notes->at = spare->at, notes->room = spare->room;
        spare->at = at, spare->room = room;
    }
}

/* Whether words of one of a relation's groups stand around a hit as it asks. */
static bool stands(const Scan *scan, uint32_t relation, const uint32_t *groups, const Note *hit) {
    if (relation <= IN_SENTENCE && has_any(groups, scan->carried, scan->program->groups)) return true;
    const int64_t start = scan->starts[hit->cell], end = scan->starts[hit->cell + 1];
    for (size_t i = scan->around; i < scan->contexts.size; i++) {
        const Note *words = scan->contexts.at + i;
        if (words->cell != hit->cell || words->start > hit->end + SENTENCE) return false;
        if (!has_bit(groups, words->owner)) continue;
        switch ((Relation)relation) {
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

static bool is_placed(Scan *scan, const Rule *rule, const Note *hit) {
    if (rule->bounded) {
        bool opens = hit->start == scan->starts[hit->cell];
        uint8_t byte = opens ? 0x80 : scan->text[hit->start - 1];
        if (rule->bounded & MUST_FOLLOW && (byte >= 0x80 || !has_bit(rule->before, byte))) return false;
        if (byte < 0x80 && has_bit(rule->not_before, byte)) return false;
    }
    while (scan->around < scan->contexts.size) { /* hits come in order: what is too far now stays so */
        const Note *words = scan->contexts.at + scan->around;
        if (words->cell > hit->cell || (words->cell == hit->cell && words->end >= hit->start - SENTENCE)) break;
        scan->around++;
    }
    const uint32_t *row = TABLE(scan->program, uint32_t, relations) + rule->relations;
    const uint32_t width = 1 + (scan->program->groups + 31) / 32;
    for (uint32_t i = 0; i < rule->asked; i++, row += width) {
        bool barred = row[0] >= BARRED;
        if (stands(scan, row[0] - (barred ? BARRED : 0), row + 1, hit) == barred) return false;
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

static void count(Scan *scan, const Rule *rule, const Note *hit) {
    Answer *answer = scan->answer;
    const int64_t cell = scan->first + hit->cell;
    const int64_t weight = scan->column->weights ? scan->column->weights[cell] : 1;
    if (scan->counted[hit->owner] != cell + 1) {
        scan->counted[hit->owner] = cell + 1;
        answer->cells[hit->owner] += weight;
    }
    if (scan->categorised[rule->category] != cell + 1) {
        scan->categorised[rule->category] = cell + 1;
        answer->categories[rule->category] += weight;
    }
    if (scan->column->shaped && scan->filled[hit->owner] != cell + 1 && is_whole(scan, hit)) {
        scan->filled[hit->owner] = cell + 1;
        answer->whole[hit->owner] += weight;
    }
    if (answer->hits && scan->answered < answer->room) {
        const int64_t start = scan->starts[hit->cell];
        answer->hits[scan->answered] = (Hit){cell, hit->start - start, hit->end - start, hit->owner};
    }
    scan->answered++;
}

static void judge(Scan *scan, const Note *hit) {
    const Rule *rule = TABLE(scan->program, Rule, rule_table) + hit->owner;
    const bool whatever = scan->column->shaped;
    if (!whatever && hit->cell == scan->kept_cell && hit->start < scan->kept_end) return;
    if (!whatever && !is_placed(scan, rule, hit)) return;
    if (!passes(scan->program, rule, scan->text + hit->start, hit->end - hit->start)) return;
    scan->kept_cell = hit->cell;
    scan->kept_end = hit->end;
    if (whatever || !rule->decoy) count(scan, rule, hit);
}

/* Judges what was found; within a cell that goes on behind the window, only what can be judged. */
static void settle(Scan *scan) {
    const bool all = scan->windows_end == scan->size;
    Notes *found = &scan->found, *contexts = &scan->contexts;
    size_t done = 0;
    sort(scan, found);
    for (; done < found->size && !scan->failed; done++) {
        const Note *hit = found->at + done;
        if (!all && (hit->end + BEHIND >= scan->windows_end || hit->start + BEFORE >= scan->windows_end)) break;
        judge(scan, hit);
    }
    if (all) {
        found->size = contexts->size = scan->around = 0;
        return;
    }
    memmove(found->at, found->at + done, (found->size - done) * sizeof *found->at);
    found->size -= done;
    int64_t low = scan->windows_end - BEFORE;
    if (found->size && found->at->start < low) low = found->at->start;
    size_t kept = 0;
    for (size_t i = 0; i < contexts->size; i++)
        if (contexts->at[i].end >= low - SENTENCE) contexts->at[kept++] = contexts->at[i];
    contexts->size = kept;
    scan->around = 0;
}

/* --- Cells, some at a time -------------------------------------------------------------------------- */

/* Looks through the cells at hand, which lie one after another from `text` on. */
static void scan_cells(Scan *scan) {
    scan->size = scan->starts[scan->cells];
    scan->kept_cell = -1;
    for (int64_t at = 0; at < scan->size && !scan->failed; at += WINDOW) {
        read_window(scan, at);
        if (!scan->column->shaped) find_phrases(scan);
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
    for (int64_t i = 0; i < scan->cells; i++) {
        const uint8_t *at = bytes + scan->starts[i];
        const int64_t size = scan->starts[i + 1] - scan->starts[i];
        scan->starts[i] = to - scan->folded;
        if (is_there(scan->column, scan->first + i)) to = fold(scan->program, at, size, to);
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
    const uint32_t width = 1 + (program->groups + 31) / 32;
    for (uint32_t i = 0; i < program->rules; i++, rule++) {
        const uint32_t *row = TABLE(program, uint32_t, relations) + rule->relations;
        scan->standing[i] = FREE;
        if (scan->column->shaped) continue;
        for (uint32_t k = 0; k < rule->asked; k++, row += width) {
            const uint32_t relation = row[0] % BARRED;
            const bool said = relation <= IN_SENTENCE && has_any(row + 1, scan->carried, program->groups);
            if (row[0] >= BARRED && said) scan->standing[i] = DEAD;
            if (row[0] < BARRED && !said && scan->standing[i] == FREE) scan->standing[i] = NEEDY;
        }
    }
    const uint32_t *accepts = TABLE(program, uint32_t, accepts);
    const uint16_t *accepted = TABLE(program, uint16_t, accepted);
    const Automaton *automaton = TABLE(program, Automaton, automaton);
    for (uint32_t accept = 0, number = 0; accept < program->accepting; accept++) {
        uint16_t *to = scan->of_accept + accepts[accept], living = 0;
        for (Standing wanted = FREE; wanted > DEAD; wanted--) {
            for (uint32_t i = accepts[accept]; i < accepts[accept + 1]; i++)
                if (scan->standing[accepted[i]] == wanted) to[living++] = accepted[i];
            if (wanted == FREE) scan->accept_free[accept] = living;
        }
        scan->accept_living[accept] = living;
        while (number + 1 < program->automata && automaton[number + 1].accepts <= accept) number++;
        scan->free |= (uint64_t)(scan->accept_free[accept] > 0) << number;
        scan->living |= (uint64_t)(living > 0) << number;
    }
}

/* All of a scan's memory but what grows, in one piece. */
static void *prepare(Scan *scan) {
    const Program *program = scan->program;
    const size_t rules = program->rules, owners = rules + program->groups;
    const size_t states = program->accepting, accepted = TABLE(program, uint32_t, accepts)[states];
    const size_t numbers = (CELLS + 1) + 3 * rules + owners;
    int64_t *memory = calloc(1, numbers * sizeof(int64_t) + 2 * owners * sizeof(uint32_t) +
                                    (accepted + 2 * states) * sizeof(uint16_t) + rules + 1);
    if (!memory) return NULL;
    scan->starts = memory;
    scan->counted = scan->starts + CELLS + 1;
    scan->filled = scan->counted + rules;
    scan->categorised = scan->filled + rules;
    scan->owner_end = scan->categorised + rules;
    scan->owner_seen = (uint32_t *)(scan->owner_end + owners);
    scan->met = scan->owner_seen + owners;
    scan->of_accept = (uint16_t *)(scan->met + owners);
    scan->accept_free = scan->of_accept + accepted;
    scan->accept_living = scan->accept_free + states;
    scan->standing = (uint8_t *)(scan->accept_living + states);
    return memory;
}

/* Scans a column. Returns how many hits there are, of which `answer` holds as many as it has room for;
 * or NO_MEMORY or NO_PROGRAM. `carried` has a bit for each context group that the column's name says. */
int64_t KERNEL(const Program *program, const Column *column, const uint32_t *carried, Answer *answer) {
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
    free(scan->found.at);
    free(scan->contexts.at);
    free(scan->spare.at);
    free(scan->folded);
    free(memory);
    free(scan);
    return answered;
}
