/* What is found in columns of text, fast. reference.py defines what that is; this file finds the same.
 *
 * A column is read in windows of a few thousand bytes, many short cells or a part of a long one:
 *
 *   1. 64 bytes at a time become masks: digits, word characters, ends of cells ... (kernel_blocks.h);
 *      a few operations on whole masks leave the bytes where an identifier or a phrase may begin;
 *   2. words are told by hashes: only where the anchor of a phrase stands, a word or two that texts
 *      seldom have, is that phrase followed, word by word;
 *   3. from where an identifier may begin automata of all shapes go on, and what they find is noted;
 *   4. what was noted is settled in the order of the text: what must stand around a hit, checks, and
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

/* Something noted at a place of the window: a hit of a rule, or words of a context group. Where shapes
 * end, of a list of rules: all that fit there, of which one after the other is judged. */
typedef struct {
    int64_t start, end;
    uint32_t cell, owner;
    uint32_t rank; /* of the rule that comes next */
    uint32_t next; /* its place in the list */
} Note;

/* Rules that an accepting state stands for, in the order in which they are judged. */
typedef struct {
    uint32_t from, count;
} List;

typedef struct {
    Note *at;
    size_t size, room;
} Notes;

/* A word of the text. */
typedef struct {
    int64_t at, end;
    uint32_t hash;
    uint32_t word; /* its number, 0 where no phrase has it */
    uint32_t kinds;
} Token;

typedef struct {
    Token *at;
    size_t size, room;
} Tokens;

/* What is known of what the words of a cell say. */
typedef struct {
    Says says;        /* groups that they may say: those of which an anchor stands there */
    Says asked;       /* groups that were listened for */
    bool listened;
    uint32_t first, words; /* its words */
    size_t from, to;  /* what was heard, in the list of contexts */
} Heard;

/* What a word is, behind the flags of the phrases that it begins: joined to the one before it; a short
 * number; one that begins as words of phrases do. The flags and this are there where IS_KNOWN is. And
 * whether phrases of rules are looked for from it. */
#define NOT_LOOKED_UP 0xFFFFFFFFu
enum { JOINED = 1 << 16, IS_NUMBER = 1 << 17, MAY_BEGIN = 1 << 18, IS_KNOWN = 1 << 19, IS_CALLED = 1 << 20 };

enum { BY_SHAPE, BY_PHRASE, BY_MAIL, FINDERS }; /* who found something */

typedef enum { DEAD, NEEDY, FREE } Standing; /* of a rule: never; only beside words; by itself */

/* Several automata run as one, see `run_joint`. */
enum {
    JOINT_STATES = 4096,
    JOINT_PARTS = 12 * JOINT_STATES,
    JOINT_ENDS = 4 * JOINT_STATES,
    JOINT_START_BITS = 8,
    JOINT_PAYS = 128, /* states are worth their making if so many bytes were read for each */
    ROW_DEAD = 1,
};

typedef struct {
    uint64_t automata;
    uint32_t row;
} JointStart;

typedef struct {
    uint32_t stride, size, states, parts_size, ends_size, accepts_size;
    int64_t read; /* bytes, since all states were forgotten */
    bool off;     /* too many different states: they do not pay here */
    JointStart starts[1 << JOINT_START_BITS];
    uint32_t slots[2 * JOINT_STATES]; /* rows by a hash of their parts */
    List accepts[JOINT_STATES + 1];
    uint32_t parts[JOINT_PARTS];
    uint32_t ends[JOINT_ENDS]; /* accepting states of the parts */
    uint32_t rows[];
} Joint;

typedef struct {
    const Program *program;
    const Column *column;
    const Says *carried;
    Answer *answer;
    int64_t answered;
    bool failed; /* no memory */

    uint8_t *standing;       /* of each rule */
    int64_t *counted;        /* of each rule: the cell in which it was counted last */
    int64_t *filled;         /* the same for whole cells */
    int64_t *categorised;    /* the same for each category */
    List *lists;             /* of each accepting state twice: rules that are free, rules that are not dead */
    uint16_t *listed;        /* what stands in them */
    uint32_t *mail;          /* rules for addresses of mail */
    uint32_t mail_rules;
    uint64_t free, living;   /* automata that have such rules */
    uint64_t *wakes;         /* for each context group: automata with rules that need it */
    Says *asks;              /* of each rule: groups that it asks for or bars anywhere near, and the column does not say */
    Says *needs;             /* of each rule that is needy: a relation's groups, of which no word has spoken yet */
    Says needed;             /* all of them, of rules with shapes */

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

    Notes found[FINDERS]; /* hits of rules, each list in order */
    Tokens tokens;        /* words; those that begin in the window first */
    size_t in_window;     /* how many of them those are */
    uint32_t *called;     /* words from which phrases of rules are looked for */
    size_t calls, called_room;
    Notes contexts;       /* words of context groups, cell by cell as they were listened to, by where they begin */
    Heard *heard;         /* for each cell */
    bool all;             /* whether rules that are needy may count in the cell at hand */
    size_t around;        /* contexts before this one are too far from all hits that are left */
    size_t around_end;    /* and those from this one on belong to other cells */
    int64_t around_cell;  /* the cell of which that is said; -1 for none */
    size_t settled[FINDERS]; /* hits that were judged */
    Squeezed squeezed;       /* text of the last of them with checks */
    int64_t kept_end;  /* of the last hit that was kept */
    int64_t kept_cell;   /* and its cell */

    uint32_t *owner_seen; /* for each rule and group: the word from which its phrase was met last */
    size_t *owner_end;    /* and the last word of that phrase */
    uint32_t *met;       /* owners met from this word */
    uint32_t met_size, beginning;

    Joint *joint; /* or NULL where it was not needed yet */

    uint8_t *folded;
    size_t folded_room;
} Scan;

static void note(Scan *scan, Notes *notes, Note made) {
    if (notes->size == notes->room) {
        const size_t room = notes->room ? notes->room * 2 : 1024;
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

/* The order in which hits are judged: by start, the longer first, then as the rules are ranked. */
static inline bool precedes(const Note *a, const Note *b) {
    if (a->start != b->start) return a->start < b->start;
    if (a->end != b->end) return a->end > b->end;
    return a->rank < b->rank;
}

/* Hits are found nearly in order, so each finds its place after a step or two. */
static void note_hit(Scan *scan, Notes *notes, Note made) {
    note(scan, notes, made);
    if (scan->failed) return;
    size_t to = notes->size - 1;
    for (; to > 0 && precedes(&made, notes->at + to - 1); to--) notes->at[to] = notes->at[to - 1];
    notes->at[to] = made;
}

static bool make_room(Scan *scan, Tokens *tokens, size_t wanted) {
    if (wanted <= tokens->room) return true;
    const size_t room = wanted * 2;
    Token *at = realloc(tokens->at, room * sizeof *at);
    if (!at) {
        scan->failed = true;
        return false;
    }
    tokens->at = at;
    tokens->room = room;
    return true;
}

static inline bool has_any(const Says *some, const Says *others) {
    uint32_t any = 0;
    for (int i = 0; i < GROUP_WORDS; i++) any |= some->bits[i] & others->bits[i];
    return any;
}

static inline bool has_other(const Says *some, const Says *others) {
    uint32_t any = 0;
    for (int i = 0; i < GROUP_WORDS; i++) any |= some->bits[i] & ~others->bits[i];
    return any;
}

static inline void add(Says *to, const Says *more) {
    for (int i = 0; i < GROUP_WORDS; i++) to->bits[i] |= more->bits[i];
}

static inline const Says *says_in(const uint32_t *row) { return (const Says *)(row + ROW_GROUPS); }

static bool has_bit(const uint32_t *bits, uint32_t place) { return bits[place / 32] >> (place % 32) & 1; }

/* --- Bytes ------------------------------------------------------------------------------------------ */

enum { DIGIT = 1, LETTER = 2, ABOVE = 4, IDEOGRAPH = 8, GLUE = 16, LOCAL = 32, DOMAIN_PART = 64, SPACE = 128 };
static const uint8_t KINDS[256] = {
    ['0' ... '9'] = DIGIT | LOCAL | DOMAIN_PART,
    ['A' ... 'Z'] = LETTER | LOCAL | DOMAIN_PART,
    ['a' ... 'z'] = LETTER | LOCAL | DOMAIN_PART,
    ['-'] = GLUE | LOCAL | DOMAIN_PART,
    ['.'] = GLUE | LOCAL | DOMAIN_PART,
    ['/'] = GLUE,
    ['_'] = GLUE | LOCAL,
    ['%'] = LOCAL,
    ['+'] = LOCAL,
    ['\''] = LOCAL,
    ['\t' ... '\r'] = SPACE,
    [' '] = SPACE,
    [0x80 ... 0xE2] = ABOVE,
    [0xE3 ... 0xE9] = ABOVE | IDEOGRAPH,
    [0xEA ... 0xFF] = ABOVE,
};

static inline bool is(uint8_t byte, int kinds) { return KINDS[byte] & kinds; }
static inline bool is_upper(uint8_t byte) { return (uint8_t)(byte - 'A') < 26; }
static inline bool is_wordy(uint8_t byte) { return is(byte, LETTER | DIGIT | ABOVE); }
static inline bool is_ideograph(uint8_t first) { return is(first, IDEOGRAPH); }
static inline bool is_glue(uint8_t byte) { return is(byte, GLUE); }

/* Whether a sentence ends at a byte. A full stop ends one behind a word of three letters, a new line
 * does unless a small letter goes on behind it. */
static bool is_stop(const uint8_t *text, int64_t at, int64_t start, int64_t end) {
    switch (text[at]) {
    case '!': case '?': case ';': case '\0': return true;
    case '\n': return !(at + 1 < end && (uint8_t)(text[at + 1] - 'a') < 26);
    case '.':
        return (at + 1 == end || is(text[at + 1], SPACE)) && at - start >= 3 && is_wordy(text[at - 1]) &&
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
    while (at < end && (unsigned)(KINDS[text[at]] & (LETTER | DIGIT | ABOVE | IDEOGRAPH)) - 1 < IDEOGRAPH - 1); /* one, and not the last */
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

/* --- Words ------------------------------------------------------------------------------------------ */

#define EACH(byte) (0x0101010101010101u * (byte))

/* Eight bytes with letters of ASCII made small; all others stay. */
static inline uint64_t lower(uint64_t bytes) {
    const uint64_t low = bytes & EACH(0x7F);
    const uint64_t from_a = low + EACH(0x80 - 'A'), behind_z = low + EACH(0x7F - 'Z');
    return bytes | ((from_a ^ behind_z) & ~bytes & EACH(0x80)) >> 2;
}

static inline uint8_t lower_byte(uint8_t byte) { return is_upper(byte) ? byte | 0x20 : byte; }

/* The first eight letters of a word of `size` bytes at `at`, small, the first in the lowest byte. */
static inline uint64_t first_letters(const Scan *scan, int64_t at, int64_t size) {
    uint64_t letters = 0;
    if (at + 8 <= scan->size) {
        memcpy(&letters, scan->text + at, 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        letters = __builtin_bswap64(letters);
#endif
    } else for (int64_t i = 0; at + i < scan->size; i++) letters |= (uint64_t)scan->text[at + i] << (8 * i);
    if (size < 8) letters &= (1ull << (8 * size)) - 1;
    return lower(letters);
}

static inline uint32_t pair_key(uint32_t one, uint32_t other) { return (one * 0x85EBCA6Bu ^ other) * 0x9E3779B1u; }
static inline uint32_t pair_hash(uint32_t one, uint32_t other) { return pair_key(one, other) >> (32 - PAIRS_BITS); }

static inline uint32_t word_hash(uint64_t letters, int64_t size, uint32_t kind) {
    return (uint32_t)((letters ^ (2 * (uint64_t)size + kind) * 0xD6E8FEB86659FD93u) * 0x9E3779B97F4A7C15u >> 32);
}

/* Whether a word may be one of those that phrases have. */
static inline bool may_be_word(const Program *program, uint32_t hash) {
    const uint32_t bit = hash >> (32 - FILTER_BITS);
    return TABLE(program, uint64_t, filter)[bit / 64] >> (bit % 64) & 1;
}

/* The number of a word, or of a beginning of words; 0 where no phrase has it. */
static uint32_t find_word(const Scan *scan, uint64_t letters, int64_t at, int64_t size, uint32_t kind, uint32_t hash) {
    const Program *program = scan->program;
    const uint32_t *slots = TABLE(program, uint32_t, slots);
    for (uint32_t slot = hash & program->slot_mask, number; (number = slots[slot]); slot = (slot + 1) & program->slot_mask) {
        const Word *word = TABLE(program, Word, words) + number;
        if (word->letters != letters || word->size != size || word->kind != kind) continue;
        const uint8_t *rest = TABLE(program, uint8_t, rest) + word->rest;
        int64_t i = 8;
        while (i < size && lower_byte(scan->text[at + i]) == rest[i - 8]) i++;
        if (i >= size) return number;
    }
    return 0;
}

static inline uint32_t beginnings_key(uint64_t letters) {
    return ((uint32_t)(letters & 0xFFFFFF) * 0x9E3779B1u) >> (32 - BEGINNINGS_BITS);
}

/* Whether a word may begin with one of the beginnings that are anchors, by its first four letters. */
static inline bool may_have_beginning(const uint64_t *starts, uint64_t letters) {
    const uint32_t bit = ((uint32_t)letters * 0x9E3779B1u) >> (32 - STARTS_BITS);
    return starts[bit / 64] >> (bit % 64) & 1;
}

/* A bit for each length that a beginning of words with these first letters has: of those that are anchors,
 * of those with which phrases begin, or of all. */
enum { OF_ANCHORS, OF_FIRSTS, OF_ALL };
static inline uint32_t list_beginnings(const Program *program, uint64_t letters, int which) {
    return TABLE(program, uint32_t, beginnings)[beginnings_key(letters) + ((uint32_t)which << BEGINNINGS_BITS)];
}

/* The number of the beginning that has `length` bytes of the word at `at`; 0 where there is none. */
static uint32_t find_beginning(const Scan *scan, int64_t at, int64_t length) {
    const uint64_t letters = first_letters(scan, at, length);
    const uint32_t hash = word_hash(letters, length, BEGINNING);
    return may_be_word(scan->program, hash) ? find_word(scan, letters, at, length, BEGINNING, hash) : 0;
}

static inline bool is_number(const uint8_t *text, int64_t at, int64_t size) {
    if (size > LONGEST_NUMBER) return false;
    for (int64_t i = 0; i < size; i++)
        if (!is_digit(text[at + i])) return false;
    return true;
}

/* --- Phrases ---------------------------------------------------------------------------------------- */

/* The place behind a word that comes at a branch; 0 where it does not. */
static uint32_t edge(const Program *program, uint32_t branch, uint32_t word) {
    const Edge *edges = TABLE(program, Edge, edges);
    if (!(TABLE(program, Branch, branches)[branch].words >> (word % 64) & 1)) return 0;
    const uint32_t hash = (uint32_t)(((uint64_t)branch << 32 | word) * 0x9E3779B97F4A7C15u >> 32);
    for (uint32_t slot = hash & program->edge_mask; edges[slot].branch; slot = (slot + 1) & program->edge_mask)
        if (edges[slot].branch == branch && edges[slot].word == word) return edges[slot].place;
    return 0;
}

/* Whether the word from `at` on may follow one that ended at `stop` in the same phrase. */
static inline bool joins(const uint8_t *text, int64_t stop, int64_t at, int64_t start, int64_t end) {
    if (at - stop == 1 && text[stop] == ' ') return true;
    return at - stop <= MOST_SEPARATORS && !has_stop(text, stop, at, start, end);
}

static bool is_long(const Scan *scan) { return scan->size > WINDOW; }

/* Looks for phrases of rules that begin with word `last`, or with one of some words before it. */
static void call(Scan *scan, size_t last, size_t before) {
    for (size_t i = last < before ? 0 : last - before; i <= last; i++) {
        Token *token = scan->tokens.at + i;
        if (token->kinds & IS_CALLED) continue;
        token->kinds |= IS_CALLED;
        scan->called[scan->calls++] = (uint32_t)i;
    }
}

/* Takes in what is told by an anchor, of which word `i` is the last: calls words, adds groups to `says`.
 * Returns its flags. */
static uint32_t hear_flags(Scan *scan, size_t i, uint32_t flags, uint32_t anchored, Says *says) {
    if (anchored) add(says, TABLE(scan->program, Says, says) + anchored);
    if (flags & SPEAKS) call(scan, i, flags >> WORDS_BEFORE & 0xF);
    return flags;
}

/* The same for a word, or two words, that may be one. */
static uint32_t hear_anchor(Scan *scan, size_t i, const Anchor *anchors, uint32_t mask, uint32_t key, Says *says) {
    for (uint32_t slot = key & mask; anchors[slot].flags | anchors[slot].anchored; slot = (slot + 1) & mask)
        if (anchors[slot].key == key) return hear_flags(scan, i, anchors[slot].flags, anchors[slot].anchored, says);
    return 0;
}

/* The same for a number, and for the beginnings that a word has. */
static uint32_t hear_number(Scan *scan, size_t i, Says *says) {
    const Word *number = TABLE(scan->program, Word, words) + A_NUMBER;
    return hear_flags(scan, i, number->flags, number->anchored, says);
}

static uint32_t hear_beginnings(Scan *scan, size_t i, uint64_t letters, Says *says) {
    const int64_t at = scan->tokens.at[i].at, size = scan->tokens.at[i].end - at;
    uint32_t flags = 0;
    for (uint32_t lengths = list_beginnings(scan->program, letters, OF_ANCHORS), number; lengths; lengths &= lengths - 1) {
        const int64_t length = __builtin_ctz(lengths);
        if (length > size) break;
        if (!(number = find_beginning(scan, at, length))) continue;
        const Word *word = TABLE(scan->program, Word, words) + number;
        flags |= hear_flags(scan, i, word->flags, word->anchored, says);
    }
    return flags;
}


/* Keeps what the words of a cell may say, and where they are. */
static void keep_words(Scan *scan, int64_t cell, size_t first, size_t end, Says *says) {
    Heard *heard = scan->heard + cell;
    heard->says = *says;
    heard->first = (uint32_t)first;
    heard->words = (uint32_t)(end - first);
    memset(says, 0, sizeof *says);
}

/* Room for all words that begin in the window. */
static bool expect_words(Scan *scan) {
    Tokens *tokens = &scan->tokens;
    size_t words = 0;
    for (int i = 0; i < scan->blocks; i++) words += (size_t)__builtin_popcountll(scan->begins[i]);
    tokens->size = scan->calls = 0;
    if (!make_room(scan, tokens, words)) return false;
    if (tokens->room <= scan->called_room) return true;
    uint32_t *called = realloc(scan->called, tokens->room * sizeof *called);
    if (!called) return false;
    scan->called = called;
    scan->called_room = tokens->room;
    return true;
}

/* Takes in all words that begin in the window: whether each may follow the one before it in a phrase, and
 * which phrases may be there, by their anchors. Most words of a text begin nothing: all is told by a hash. */
static bool read_words(Scan *scan) {
    if (!expect_words(scan)) return false;
    const Program *program = scan->program;
    const uint8_t *text = scan->text;
    const uint64_t *spoken = TABLE(program, uint64_t, spoken), *spoken_pairs = spoken + (1 << FILTER_BITS) / 64;
    const uint64_t *starts = TABLE(program, uint64_t, starts);
    const Anchor *anchors = TABLE(program, Anchor, anchors), *paired = TABLE(program, Anchor, paired);
    const bool numbers = TABLE(program, Word, words)[A_NUMBER].flags & SPEAKS || TABLE(program, Word, words)[A_NUMBER].anchored;
    Token *token = scan->tokens.at;
    size_t i = 0, first = 0;
    int64_t cell = 0, cell_end = scan->starts[1], stop = -1; /* where the word before ended, in the same cell */
    uint32_t before = 0, announced = 0;                      /* its hash; whether a name may come behind it */
    Says says = {{0}};
    for (int block = 0; block < scan->blocks; block++) {
        const uint64_t on = scan->goes_on[block], on_next = scan->goes_on[block + 1];
        const uint64_t digit = scan->block[block].digit, digit_next = scan->block[block + 1].digit;
        for (uint64_t bits = scan->begins[block]; bits; bits &= bits - 1, i++, token++) {
            const int bit = __builtin_ctzll(bits);
            const int64_t at = scan->window + 64 * block + bit;
            int64_t size = 1 + __builtin_ctzll(~(from(on, on_next, bit) >> 1));
            if (at >= cell_end) {
                keep_words(scan, cell, first, i, &says);
                while (scan->starts[cell + 1] <= at) cell++;
                cell_end = scan->starts[cell + 1];
                first = i;
                stop = -1;
                announced = 0;
            }
            if (size == 64) size = word_end(text, at, cell_end) - at; /* perhaps more than the masks show */
            const uint64_t letters = first_letters(scan, at, size);
            const uint32_t hash = word_hash(letters, size, WHOLE);
            const bool number = size <= LONGEST_NUMBER && !(~from(digit, digit_next, bit) & ((1u << size) - 1));
            *token = (Token){at, at + size, hash, NOT_LOOKED_UP, number ? IS_NUMBER : 0};
            if (announced && is_upper(text[at])) call(scan, i - 1, 0);
            announced = 0;
            if (stop >= 0 && ((at - stop == 1 && text[stop] == ' ') || joins(text, stop, at, scan->starts[cell], cell_end))) {
                const uint32_t key = pair_key(before, hash), place = key >> (32 - PAIRS_BITS);
                token->kinds |= JOINED;
                if (spoken_pairs[place / 64] >> (place % 64) & 1) hear_anchor(scan, i, paired, program->pair_mask, key, &says);
            }
            const uint32_t place = hash >> (32 - FILTER_BITS);
            if (spoken[place / 64] >> (place % 64) & 1) announced = hear_anchor(scan, i, anchors, program->anchor_mask, hash, &says);
            if (may_have_beginning(starts, letters)) announced |= hear_beginnings(scan, i, letters, &says);
            if (number && numbers) announced |= hear_number(scan, i, &says);
            announced &= SPEAKS_BEFORE_NAME;
            stop = at + size;
            before = hash;
        }
    }
    keep_words(scan, cell, first, i, &says);
    scan->tokens.size = scan->in_window = i;
    if (is_long(scan)) /* anchors may stand behind the window */
        for (size_t k = 0; k < i; k++) call(scan, k, 0);
    return true;
}

/* Whether there is a word number `i` that may follow the one before it. In a cell longer than a window
 * phrases go on behind its end. */
static bool follows(Scan *scan, size_t i) {
    Tokens *tokens = &scan->tokens;
    if (i == tokens->size && is_long(scan)) {
        int64_t at = tokens->at[i - 1].end;
        const int64_t most = at + MOST_SEPARATORS;
        while (at < scan->size && at < most && !is_wordy(scan->text[at])) at++;
        if (at == scan->size || !is_wordy(scan->text[at]) || !make_room(scan, tokens, i + 1)) return false;
        const int64_t size = word_end(scan->text, at, scan->size) - at;
        const uint32_t hash = word_hash(first_letters(scan, at, size), size, WHOLE);
        uint32_t kinds = joins(scan->text, tokens->at[i - 1].end, at, 0, scan->size) ? JOINED : 0;
        if (is_number(scan->text, at, size)) kinds |= IS_NUMBER;
        tokens->at[tokens->size++] = (Token){at, at + size, hash, NOT_LOOKED_UP, kinds};
    }
    return i < tokens->size && tokens->at[i].kinds & JOINED;
}

/* The number of word `i`; 0 where no phrase has it. */
static uint32_t number_of(Scan *scan, size_t i) {
    Token *token = scan->tokens.at + i;
    if (token->word == NOT_LOOKED_UP) {
        const int64_t size = token->end - token->at;
        token->word = may_be_word(scan->program, token->hash)
                          ? find_word(scan, first_letters(scan, token->at, size), token->at, size, WHOLE, token->hash)
                          : 0;
    }
    return token->word;
}

/* What phrases begin with word `i`, and whether it has a beginning of words with which some do. */
static uint32_t know(Scan *scan, size_t i) {
    const Program *program = scan->program;
    const Word *words = TABLE(program, Word, words);
    Token *token = scan->tokens.at + i;
    uint32_t word;
    if (token->kinds & IS_KNOWN) return token->kinds;
    token->kinds |= IS_KNOWN | (token->kinds & IS_NUMBER ? words[A_NUMBER].flags : 0);
    if ((word = number_of(scan, i))) token->kinds |= words[word].flags;
    const int64_t size = token->end - token->at;
    const uint64_t letters = first_letters(scan, token->at, size);
    for (uint32_t lengths = list_beginnings(program, letters, OF_FIRSTS); lengths; lengths &= lengths - 1) {
        const int64_t length = __builtin_ctz(lengths);
        if (length > size) break;
        if ((word = find_beginning(scan, token->at, length))) token->kinds |= MAY_BEGIN | words[word].flags;
    }
    return token->kinds;
}

/* Whether word `k` may come right behind word `i` in a phrase, or behind a gap. */
static inline bool may_go_on(const Scan *scan, const Token *token, const Token *next) {
    const Program *program = scan->program;
    const uint64_t *pairs = TABLE(program, uint64_t, pairs);
    const uint32_t one = pair_hash(token->hash, next->hash);
    if (pairs[one / 64] >> (one % 64) & 1) return true;
    if (!(token->kinds & IS_NUMBER)) return false;
    const uint32_t other = pair_hash(program->number_hash, next->hash);
    return pairs[other / 64] >> (other % 64) & 1;
}

/* Whether phrases may begin with word `i`, judged by it and the words behind it; of groups where `shift`
 * is GROUPS. */
static inline bool may_start(Scan *scan, size_t i, int shift) {
    const uint32_t flags = know(scan, i) >> shift & FLAGS;
    const Token *token = scan->tokens.at + i;
    if (!flags) return false;
    if (flags & ENDS) return true;
    if (flags & ENDS_BEFORE_NAME && (i + 1 == scan->tokens.size ? is_long(scan) : is_upper(scan->text[token[1].at]))) return true;
    if (!(flags & GOES_ON)) return false;
    const int most = flags & GAPPED ? REACH + 1 : 1;
    for (int k = 1; k <= most; k++) {
        if (i + (size_t)k >= scan->tokens.size) return is_long(scan);
        if (!(token[k].kinds & JOINED)) return false;
        if (flags & LOOSE || may_go_on(scan, token, token + k)) return true;
    }
    return false;
}

static void pass(Scan *scan, uint32_t number, size_t i);

/* Goes on from a branch with word `i`. */
static void enter(Scan *scan, uint32_t branch, size_t i) {
    const Program *program = scan->program;
    const Token token = scan->tokens.at[i];
    const uint32_t kinds = TABLE(program, Branch, branches)[branch].kinds;
    uint32_t word = number_of(scan, i), place;
    if (word && (place = edge(program, branch, word))) pass(scan, place, i);
    if (kinds & HAS_NUMBER && token.kinds & IS_NUMBER && (place = edge(program, branch, A_NUMBER))) pass(scan, place, i);
    if (!(kinds & HAS_BEGINNINGS)) return;
    const uint64_t letters = first_letters(scan, token.at, token.end - token.at);
    for (uint32_t lengths = list_beginnings(program, letters, OF_ALL); lengths; lengths &= lengths - 1) {
        const int64_t length = __builtin_ctz(lengths);
        if (length > token.end - token.at) return;
        if ((word = find_beginning(scan, token.at, length)) && (place = edge(program, branch, word))) pass(scan, place, i);
    }
}

/* Word `i` of a phrase led to a place: notes whose phrases end here, and goes on with the next word. */
static void pass(Scan *scan, uint32_t number, size_t i) {
    const Place *place = TABLE(scan->program, Place, places) + number;
    const uint32_t *owners = TABLE(scan->program, uint32_t, owners) + place->owners;
    for (uint32_t k = 0; k < place->owned; k++) {
        const uint32_t owner = owners[k];
        if (scan->owner_seen[owner] != scan->beginning) {
            scan->owner_seen[owner] = scan->beginning;
            scan->owner_end[owner] = i;
            scan->met[scan->met_size++] = owner;
        } else if (scan->owner_end[owner] < i) scan->owner_end[owner] = i;
    }
    if (!(place->next | place->gap) || !follows(scan, i + 1)) return;
    if (place->next) enter(scan, place->next, i + 1);
    if (!place->gap) return;
    enter(scan, place->gap, ++i);
    for (int skipped = 0; skipped < REACH && follows(scan, i + 1); skipped++) enter(scan, place->gap, ++i);
}

/* Follows all phrases, of rules or of groups, that begin with word `i`; their owners are in `met`. */
static void follow(Scan *scan, size_t i, bool of_groups) {
    const Word *words = TABLE(scan->program, Word, words);
    const Token token = scan->tokens.at[i];
    uint32_t place, word;
    scan->met_size = 0;
    if (++scan->beginning == 0) { /* counted once around: forget what the old numbers said */
        memset(scan->owner_seen, 0, sizeof *scan->owner_seen * (scan->program->rules + scan->program->groups));
        scan->beginning = 1;
    }
#define FIRST(number) ((place = of_groups ? words[number].of_groups : words[number].of_rules))
    if ((word = number_of(scan, i)) && FIRST(word)) pass(scan, place, i);
    if (token.kinds & IS_NUMBER && FIRST(A_NUMBER)) pass(scan, place, i);
    if (!(token.kinds & MAY_BEGIN)) return;
    const uint64_t letters = first_letters(scan, token.at, token.end - token.at);
    for (uint32_t lengths = list_beginnings(scan->program, letters, OF_FIRSTS); lengths; lengths &= lengths - 1) {
        const int64_t length = __builtin_ctz(lengths);
        if (length > token.end - token.at) return;
        if ((word = find_beginning(scan, token.at, length)) && FIRST(word)) pass(scan, place, i);
    }
#undef FIRST
}

/* The name behind word `i`, the last of a phrase: 1 to 4 capitalised words, little ones among them.
 * Returns its end, 0 where there is none. */
static int64_t find_name(Scan *scan, const Rule *rule, size_t i, int64_t cell_end, int64_t *name_start) {
    const uint8_t *text = scan->text;
    int names = 0, particles = 0;
    int64_t name_end = 0;
    for (bool first = true; names < MOST_NAMES; first = false) {
        const int64_t stop = scan->tokens.at[i].end;
        if (stop >= cell_end || (!follows(scan, ++i) && i >= scan->tokens.size)) break;
        const Token token = scan->tokens.at[i];
        const uint32_t word = number_of(scan, i);
        if (token.at >= cell_end) break;
        const int64_t gap = token.at - stop;
        if (first) {
            for (int64_t k = stop; k < token.at; k++)
                if (gap > 2 || !(text[k] == ':' || text[k] == '.' || text[k] == ',' || text[k] == ' ')) return 0;
            *name_start = token.at;
        } else if (!(gap == 1 && (text[stop] == ' ' || text[stop] == '-' || text[stop] == '\'')) &&
                   !(gap == 2 && text[stop] == '.' && text[stop + 1] == ' ')) break;
        if (is_upper(text[token.at]) && !(rule->stop && edge(scan->program, rule->stop, word))) {
            name_end = token.end;
            names++;
        } else if (names && particles < MOST_PARTICLES && edge(scan->program, scan->program->particles, word)) {
            particles++;
        } else break;
    }
    return name_end;
}

/* Notes the hits of the rules whose phrases were met from word `i` on. */
static void take_rules(Scan *scan, int64_t cell, size_t i) {
    const int64_t at = scan->tokens.at[i].at;
    for (uint32_t k = 0; k < scan->met_size; k++) {
        const uint32_t owner = scan->met[k];
        const Rule *rule = TABLE(scan->program, Rule, rule_table) + owner;
        if (scan->standing[owner] == DEAD) continue;
        Note made = {at, scan->tokens.at[scan->owner_end[owner]].end, (uint32_t)cell, owner, rule->rank, 0};
        if (rule->takes) {
            int64_t name;
            if (!(made.end = find_name(scan, rule, scan->owner_end[owner], scan->starts[cell + 1], &name))) continue;
            if (rule->takes == TAKES_NAME) made.start = name;
            else if (!is_upper(scan->text[at])) continue;
        }
        note_hit(scan, scan->found + BY_PHRASE, made);
    }
}

static void find_phrases(Scan *scan) {
    if (!read_words(scan)) {
        scan->failed = true;
        return;
    }
    int64_t cell = 0;
    for (size_t call = 0; call < scan->calls; call++) {
        const size_t i = scan->called[call];
        if (!may_start(scan, i, 0)) continue;
        follow(scan, i, false);
        if (!scan->met_size) continue;
        const int64_t at = scan->tokens.at[i].at;
        while (scan->starts[cell + 1] <= at) cell++;
        while (scan->starts[cell] > at) cell--; /* calls are nearly in order */
        take_rules(scan, cell, i);
    }
}

/* --- Words that speak for hits: looked for only where something was found ---------------------------- */

/* Whether phrases of some groups begin with word `i`. */
static inline bool may_say(Scan *scan, size_t i, const Says *asked) {
    const Program *program = scan->program;
    const Says *says = TABLE(program, Says, says);
    const Word *words = TABLE(program, Word, words);
    if (!(know(scan, i) >> GROUPS & FLAGS)) return false;
    const Token *token = scan->tokens.at + i;
    if (token->kinds & MAY_BEGIN) return true;
    if (token->kinds & IS_NUMBER && has_any(says + words[A_NUMBER].first, asked)) return true;
    return has_any(says + words[token->word].first, asked);
}

/* Follows phrases of groups that are asked for, from some words on, and notes them; others may be among
 * them. */
static void hear(Scan *scan, size_t first, size_t end, int64_t cell, const Says *asked) {
    for (size_t i = first; i < end; i++) {
        if (!may_say(scan, i, asked) || !may_start(scan, i, GROUPS)) continue;
        follow(scan, i, true);
        for (uint32_t k = 0; k < scan->met_size; k++) {
            const uint32_t group = scan->met[k];
            const Token *token = scan->tokens.at + i;
            note(scan, &scan->contexts, (Note){token->at, scan->tokens.at[scan->owner_end[group]].end, (uint32_t)cell, group, 0, 0});
        }
    }
}

static const Says EVERYTHING = {{~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u}};

/* The groups that words of a cell may say. */
static inline const Says *says_of(const Scan *scan, int64_t cell) {
    return is_long(scan) ? &EVERYTHING : &scan->heard[cell].says;
}

/* Makes sure that what the words of a cell say of some groups is known. A cell longer than a window was
 * heard already. */
static void listen(Scan *scan, int64_t cell, const Says *asked) {
    Heard *heard = scan->heard + cell;
    if (is_long(scan) || (heard->listened && !has_other(asked, &heard->asked))) return;
    heard->listened = true;
    add(&heard->asked, asked);
    heard->from = scan->contexts.size;
    if (has_any(&heard->asked, &heard->says)) hear(scan, heard->first, heard->first + heard->words, cell, &heard->asked);
    heard->to = scan->contexts.size;
    scan->around_cell = -1;
}

/* In a cell longer than a window all words are heard. */
static void listen_to_all(Scan *scan) { hear(scan, 0, scan->in_window, 0, &EVERYTHING); }

/* --- Shapes: one automaton for all ------------------------------------------------------------------ */

/* Whether an identifier may end here: no word and no number goes on. */
static inline bool may_end(const uint8_t *text, int64_t at, int64_t end) {
    if (at >= end) return true;
    const int kinds = KINDS[text[at]];
    if (kinds & (LETTER | DIGIT | ABOVE) && !(kinds & IDEOGRAPH)) return false;
    return !(kinds & GLUE && at + 1 < end && is_digit(text[at + 1]));
}

/* A bit for each automaton with a shape that begins with these two bytes, and with so many letters, or
 * digits, and then what follows them. Most words before a number are told apart from identifiers here. */
static inline uint64_t may_fit(const Scan *scan, int block, int bit, int64_t at, int64_t end, uint64_t wanted) {
    const Program *program = scan->program;
    const uint8_t *classes = TABLE(program, uint8_t, classes);
    const uint8_t second = at + 1 < end ? classes[scan->text[at + 1]] : NO_MORE;
    wanted &= TABLE(program, uint64_t, heads)[classes[scan->text[at]] * program->width + second];
    if (!wanted) return 0;
    const Block *masks = &scan->block[block];
    const bool digits = masks->digit >> bit & 1;
    uint64_t one = digits ? masks[0].digit : masks[0].word & ~masks[0].digit & ~masks[0].high;
    uint64_t two = digits ? masks[1].digit : masks[1].word & ~masks[1].digit & ~masks[1].high;
    uint64_t run = from(one, two, bit) & (from(scan->goes_on[block], scan->goes_on[block + 1], bit) | 1);
    uint32_t size = ~run ? (uint32_t)__builtin_ctzll(~run) : 64;
    if (size > LONGEST_RUN) return wanted;
    const uint8_t *kinds = TABLE(program, uint8_t, kinds), *behind_run = scan->text + at + size;
    const uint32_t first = at + size < end ? kinds[behind_run[0]] : NO_MORE, next = at + size + 1 < end ? kinds[behind_run[1]] : NO_MORE;
    return wanted & TABLE(program, uint64_t, runs)[(((uint32_t)digits * (LONGEST_RUN + 1) + size) * RUN_KINDS + first) * RUN_KINDS + next];
}

/* The place in a list of rules, from one on, of the first that may count in a cell: that needs nothing, or
 * of which something speaks there. */
static inline uint32_t next_in(const Scan *scan, List list, uint32_t next, int64_t cell) {
    const Says *says = says_of(scan, cell);
    for (; next < list.count; next++) {
        const uint32_t rule = scan->listed[list.from + next];
        if (scan->standing[rule] == FREE || has_any(scan->needs + rule, says)) break;
    }
    return next;
}

/* Notes that shapes which began at `at` end here, in an accepting state: its rules are judged in their turn. */
static inline void note_end(Scan *scan, uint32_t accept, int64_t cell, int64_t at, int64_t end) {
    const uint32_t number = 2 * accept + scan->all;
    const List list = scan->lists[number];
    const uint32_t next = next_in(scan, list, 0, cell);
    if (next == list.count) return;
    const uint32_t rank = TABLE(scan->program, Rule, rule_table)[scan->listed[list.from + next]].rank;
    note_hit(scan, scan->found + BY_SHAPE, (Note){at, end, (uint32_t)cell, number, rank, next});
}

/* Reads on from `at` with one automaton. */
static void run_one(Scan *scan, uint32_t number, int64_t cell, int64_t at, int64_t end) {
    const Program *program = scan->program;
    const Automaton *automaton = TABLE(program, Automaton, automaton) + number;
    const uint16_t *states = TABLE(program, uint16_t, states) + automaton->table;
    const uint8_t *bytes = TABLE(program, uint8_t, bytes) + 256 * number, *text = scan->text;
    const uint32_t shift = automaton->shift, accepting = automaton->accepting;
    uint32_t state = 1;
    for (int64_t place = at; place < end;) {
        state = states[(state << shift) + bytes[text[place]]];
        if (!state) break;
        place++;
        if (state >= accepting && may_end(text, place, end)) note_end(scan, state - accepting + automaton->accepts, cell, at, place);
    }
}

/* --- Several automata at once ------------------------------------------------------------------------ */

/* Automata that may all fit are run as one, whose states are the combinations of theirs that were met:
 * each is made when it is met first, and all are forgotten when there is no more room. A state is a row
 * of numbers: what it accepts, then the row of the next state by the class of the next byte (0 where it
 * was not met yet), then its parts, one for each automaton that still goes on. */

static void forget_states(Joint *joint) {
    joint->size = ROW_DEAD + 1; /* no row begins with the first numbers: they mean something else */
    joint->states = joint->parts_size = joint->ends_size = joint->accepts_size = 0;
    joint->read = 0;
    memset(joint->slots, 0, sizeof joint->slots);
    memset(joint->starts, 0, sizeof joint->starts);
}

static Joint *make_joint(Scan *scan) {
    const uint32_t stride = scan->program->width + 1;
    Joint *joint = malloc(sizeof *joint + (size_t)JOINT_STATES * stride * sizeof(uint32_t) + 2 * sizeof(uint32_t));
    if (!joint) {
        scan->failed = true;
        return NULL;
    }
    joint->stride = stride;
    joint->off = false;
    forget_states(joint);
    return scan->joint = joint;
}

/* Says what a new state accepts: what all its parts do. False where there is no room. */
static bool join_accepts(const Scan *scan, Joint *joint, uint32_t row, const uint32_t *parts, uint32_t count) {
    const Automaton *automata = TABLE(scan->program, Automaton, automaton);
    List made = {joint->ends_size, 0};
    for (uint32_t i = 0; i < count; i++) {
        const Automaton *one = automata + (parts[i] >> 16);
        const uint32_t state = parts[i] & 0xFFFF;
        if (state < one->accepting || !scan->lists[2 * (state - one->accepting + one->accepts) + 1].count) continue;
        if (joint->ends_size == JOINT_ENDS) return false;
        joint->ends[joint->ends_size++] = state - one->accepting + one->accepts;
        made.count++;
    }
    if (!made.count) return true;
    joint->accepts[++joint->accepts_size] = made;
    joint->rows[row] = joint->accepts_size;
    return true;
}

/* The row of the state with these parts; 0 where there is no room for it. */
static uint32_t find_state(const Scan *scan, Joint *joint, const uint32_t *parts, uint32_t count) {
    if (!count) return ROW_DEAD;
    uint64_t hash = count;
    for (uint32_t i = 0; i < count; i++) hash = (hash ^ parts[i]) * 0x9E3779B97F4A7C15u, hash ^= hash >> 29;
    uint32_t slot = (uint32_t)hash & (2 * JOINT_STATES - 1), row;
    for (; (row = joint->slots[slot]); slot = (slot + 1) & (2 * JOINT_STATES - 1)) {
        const uint32_t *known = joint->parts + joint->rows[row + joint->stride - 1];
        if (known[0] == count && !memcmp(known + 1, parts, count * sizeof *parts)) return row;
    }
    if (joint->states == JOINT_STATES || joint->parts_size + count + 1 > JOINT_PARTS) return 0;
    row = joint->size;
    memset(joint->rows + row, 0, joint->stride * sizeof *joint->rows);
    if (!join_accepts(scan, joint, row, parts, count)) return 0;
    joint->rows[row + joint->stride - 1] = joint->parts_size;
    joint->parts[joint->parts_size] = count;
    memcpy(joint->parts + joint->parts_size + 1, parts, count * sizeof *parts);
    joint->parts_size += count + 1;
    joint->size += joint->stride;
    joint->states++;
    return joint->slots[slot] = row;
}

/* The row of the state in which some automata start. */
static uint32_t start_state(const Scan *scan, Joint *joint, uint64_t automata) {
    JointStart *start = joint->starts + (automata * 0x9E3779B97F4A7C15u >> (64 - JOINT_START_BITS));
    if (start->row && start->automata == automata) return start->row;
    uint32_t parts[64], count = 0;
    start->automata = automata;
    for (; automata; automata &= automata - 1) parts[count++] = (uint32_t)__builtin_ctzll(automata) << 16 | 1;
    return start->row = find_state(scan, joint, parts, count);
}

/* The row of the state behind the one in `row` and a byte; 0 where there is no room for it. */
static uint32_t next_state(const Scan *scan, Joint *joint, uint32_t row, uint32_t class, uint8_t byte) {
    const Program *program = scan->program;
    const Automaton *automata = TABLE(program, Automaton, automaton);
    const uint16_t *states = TABLE(program, uint16_t, states);
    const uint8_t *bytes = TABLE(program, uint8_t, bytes);
    const uint32_t *known = joint->parts + joint->rows[row + joint->stride - 1];
    uint32_t parts[64], count = 0;
    for (uint32_t i = 1; i <= known[0]; i++) {
        const uint32_t number = known[i] >> 16, state = known[i] & 0xFFFF;
        const uint32_t next = states[automata[number].table + (state << automata[number].shift) + bytes[256 * number + byte]];
        if (next) parts[count++] = number << 16 | next;
    }
    return joint->rows[row + class] = find_state(scan, joint, parts, count);
}

/* Reads on from `at` with several automata; false, and nothing is noted, where there was no room. */
static bool run_joint(Scan *scan, Joint *joint, uint64_t automata, int64_t cell, int64_t at, int64_t end) {
    const uint8_t *classes = TABLE(scan->program, uint8_t, classes), *text = scan->text;
    const size_t noted = scan->found[BY_SHAPE].size;
    uint32_t row = start_state(scan, joint, automata);
    if (!row) return false;
    int64_t place = at;
    while (place < end) {
        const uint32_t class = classes[text[place]];
        if (!class) break;
        uint32_t next = joint->rows[row + class];
        if (!next && !(next = next_state(scan, joint, row, class, text[place]))) {
            scan->found[BY_SHAPE].size = noted; /* what begins here stands behind all others */
            return false;
        }
        if (next == ROW_DEAD) break;
        row = next;
        place++;
        const uint32_t accept = joint->rows[row];
        if (accept && may_end(text, place, end)) {
            const List ends = joint->accepts[accept];
            for (uint32_t i = 0; i < ends.count; i++) note_end(scan, joint->ends[ends.from + i], cell, at, place);
        }
    }
    joint->read += place - at;
    return true;
}

/* Reads on from `at` with some automata. */
static void note_shapes(Scan *scan, uint64_t automata, int64_t cell, int64_t at, int64_t end) {
    if (automata & (automata - 1) && (scan->joint || make_joint(scan)) && !scan->joint->off) {
        if (run_joint(scan, scan->joint, automata, cell, at, end)) return;
        if (scan->joint->read < JOINT_PAYS * JOINT_STATES) scan->joint->off = true; /* hardly any is met again */
        forget_states(scan->joint);
    }
    for (; automata; automata &= automata - 1) {
        run_one(scan, (uint32_t)__builtin_ctzll(automata), cell, at, end);
    }
}

/* Automata with rules for which something may speak in a cell, or which need nothing. */
static uint64_t list_wanted(Scan *scan, int64_t cell) {
    const Says *says = says_of(scan, cell);
    uint64_t wanted = scan->free;
    scan->all = has_any(says, &scan->needed);
    if (is_long(scan)) return scan->living;
    for (int i = 0; i < GROUP_WORDS; i++)
        for (uint32_t bits = says->bits[i] & scan->needed.bits[i]; bits; bits &= bits - 1)
            wanted |= scan->wakes[32 * i + __builtin_ctz(bits)];
    return wanted;
}

static void find_shapes(Scan *scan) {
    int64_t cell = 0;
    if (!scan->living) return;
    uint64_t wanted = list_wanted(scan, cell);
    for (int i = 0; i < scan->blocks; i++)
        for (uint64_t bits = scan->shapes[i]; bits; bits &= bits - 1) {
            const int bit = __builtin_ctzll(bits);
            const int64_t at = scan->window + 64 * i + bit;
            if (scan->starts[cell + 1] <= at) {
                while (scan->starts[cell + 1] <= at) cell++;
                wanted = list_wanted(scan, cell);
            }
            const int64_t end = scan->starts[cell + 1];
            const uint32_t before = at > scan->starts[cell] ? scan->text[at - 1] : 256; /* or the beginning of the cell */
            const uint64_t here = scan->column->shaped ? wanted : wanted & TABLE(scan->program, uint64_t, behind)[before];
            const uint64_t may = may_fit(scan, i, bit, at, end, here);
            if (may) note_shapes(scan, may, cell, at, end);
        }
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
            const List list = scan->lists[hit->owner];
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

/* The first word of a cell that begins at a place or behind it. */
static size_t word_from(const Scan *scan, int64_t cell, int64_t at) {
    size_t low = scan->heard[cell].first, high = low + scan->heard[cell].words;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (scan->tokens.at[middle].at < at) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* Whether phrases of some groups begin with a word and, where they end furthest, end between two places. */
static bool says_here(Scan *scan, size_t i, const Says *groups, int64_t low, int64_t high) {
    if (!may_say(scan, i, groups) || !may_start(scan, i, GROUPS)) return false;
    follow(scan, i, true);
    for (uint32_t k = 0; k < scan->met_size; k++) {
        const uint32_t group = scan->met[k];
        const int64_t end = scan->tokens.at[scan->owner_end[group]].end;
        if (has_bit(groups->bits, group) && end >= low && end <= high) return true;
    }
    return false;
}

/* Whether words stand right before a hit, right behind it, or within: only those few words are looked at. */
static bool stand_beside(Scan *scan, Relation relation, const Says *groups, size_t most, const Note *hit) {
    if (relation == AFTER && hit->start == scan->starts[hit->cell]) return false;
    if (relation == THEN && hit->end == scan->starts[hit->cell + 1]) return false;
    const Heard *heard = scan->heard + hit->cell;
    const Token *tokens = scan->tokens.at;
    const size_t first = heard->first, end = first + heard->words;
    size_t i = word_from(scan, hit->cell, relation == AFTER ? hit->start : hit->end);
    if (relation == THEN) {
        for (; i < end && tokens[i].at <= hit->end + TOUCH; i++)
            if (says_here(scan, i, groups, 0, INT64_MAX)) return true;
        return false;
    }
    const int64_t low = relation == AFTER ? hit->start - TOUCH : hit->start + 1, high = relation == AFTER ? hit->start : INT64_MAX;
    for (size_t before = 0; i-- > first && before < most;) {
        if (says_here(scan, i, groups, low, high)) return true;
        if (tokens[i].at <= hit->start) before++; /* words that a phrase may have before it touches the hit */
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

static bool is_placed(Scan *scan, const Rule *rule, const Note *hit) {
    if (rule->bounded) {
        bool opens = hit->start == scan->starts[hit->cell];
        uint8_t byte = opens ? 0x80 : scan->text[hit->start - 1];
        if (rule->bounded & MUST_FOLLOW && (byte >= 0x80 || !has_bit(rule->before, byte))) return false;
        if (byte < 0x80 && has_bit(rule->not_before, byte)) return false;
    }
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
        const List list = scan->lists[longer->owner];
        for (uint32_t k = 0; longer->end > hit->end && k < list.count; k++)
            if (scan->listed[list.from + k] == rule) return true;
    }
    return false;
}

/* Judges the next rule that fits where shapes end. Returns whether that is settled; if not, the hit stands
 * where the rule behind that one has its turn. */
static bool judge_next(Scan *scan, Note *hit) {
    const Notes *found = scan->found + BY_SHAPE;
    const List list = scan->lists[hit->owner];
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

/* --- Cells, some at a time -------------------------------------------------------------------------- */

/* Looks through the cells at hand, which lie one after another from `text` on. */
static void scan_cells(Scan *scan) {
    scan->size = scan->starts[scan->cells];
    scan->kept_cell = scan->around_cell = -1;
    memset(scan->heard, 0, (size_t)scan->cells * sizeof *scan->heard);
    scan->contexts.size = scan->around = 0;
    for (int64_t at = 0; at < scan->size && !scan->failed; at += WINDOW) {
        read_window(scan, at);
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

/* Lists the rules of each accepting state that may count: those that are free, and all. */
static void list_rules(Scan *scan) {
    const Program *program = scan->program;
    const Rule *rules = TABLE(program, Rule, rule_table);
    const uint32_t *accepts = TABLE(program, uint32_t, accepts);
    const uint16_t *accepted = TABLE(program, uint16_t, accepted);
    uint32_t at = 0;
    for (uint32_t list = 0; list < 2 * program->accepting; list++) {
        const uint32_t from = at;
        for (uint32_t i = accepts[list / 2]; i < accepts[list / 2 + 1]; i++) {
            const uint16_t rule = accepted[i];
            if (scan->standing[rule] < (list % 2 ? NEEDY : FREE)) continue;
            uint32_t to = at++;
            for (; to > from && rules[rule].rank < rules[scan->listed[to - 1]].rank; to--) scan->listed[to] = scan->listed[to - 1];
            scan->listed[to] = rule;
        }
        scan->lists[list] = (List){from, at - from};
    }
}

/* Says of each rule whether it can count here at all, and whether it needs words beside it. */
static void weigh_rules(Scan *scan) {
    const Program *program = scan->program;
    const Rule *rule = TABLE(program, Rule, rule_table);
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
        scan->living |= 1ull << rule->automaton;
        if (scan->standing[i] == FREE) scan->free |= 1ull << rule->automaton;
        else {
            add(&scan->needed, scan->needs + i);
            for (uint32_t group = 0; group < program->groups; group++)
                if (has_bit(scan->needs[i].bits, group)) scan->wakes[group] |= 1ull << rule->automaton;
        }
    }
    list_rules(scan);
}

/* All of a scan's memory but what grows, in one piece. */
static void *prepare(Scan *scan) {
    const Program *program = scan->program;
    const size_t rules = program->rules, owners = rules + program->groups;
    const size_t states = program->accepting, accepted = TABLE(program, uint32_t, accepts)[states];
    const size_t numbers = (CELLS + 1) + 3 * rules + owners + 32 * GROUP_WORDS;
    void *memory = calloc(1, CELLS * sizeof(Heard) + numbers * sizeof(int64_t) + 2 * rules * sizeof(Says) +
                                    (2 * owners + rules) * sizeof(uint32_t) + 2 * states * sizeof(List) + 2 * accepted * sizeof(uint16_t) + rules + 1);
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
    scan->standing = (uint8_t *)(scan->listed + 2 * accepted);
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
    free(scan->tokens.at);
    free(scan->called);
    free(scan->joint);
    free(scan->folded);
    free(memory);
    free(scan);
    return answered;
}
