/* What a scan is handed, what it knows while it reads, and what every part of the kernel asks of bytes. */
#ifndef CURTILAGE_KERNEL_SCAN_H
#define CURTILAGE_KERNEL_SCAN_H

#include "kernel_blocks.h"
#include "kernel_checks.h"
#include "kernel_program.h"

#include <stdlib.h>

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

/* The words that begin in a window, and behind it those that their phrases go on with. */
typedef struct {
    uint32_t *at, *end; /* bytes, from the first of the window on */
    uint32_t *hash;
    uint32_t *kinds; /* what is known of them so far */
    uint32_t *word;  /* their numbers, where that was looked up; 0 where no phrase has them */
    uint32_t *list;  /* some of them, at the time */
    uint8_t *told;   /* what their hashes tell: that anchors may be there */
    size_t size, room;
} Tokens;

/* What is known of what the words of a cell say. */
typedef struct {
    Says says;        /* groups that they may say: those of which an anchor stands there */
    Says asked;       /* groups that were listened for */
    bool listened;
    size_t from, to;  /* what was heard, in the list of contexts */
} Heard;

/* What a word is, behind the flags of the phrases that it begins: joined to the one before it, and a short
 * number, where IS_SEEN is; one that begins as words of phrases do, where IS_KNOWN is, as the flags; and
 * whether its number was looked up. */
enum {
    JOINED = 1 << 16, IS_NUMBER = 1 << 17, MAY_BEGIN = 1 << 18, IS_KNOWN = 1 << 19, IS_SEEN = 1 << 20,
    IS_NUMBERED = 1 << 21,
};
enum { MAY_BE_PAIR = 1, MAY_BE_ANCHOR = 2, MAY_HAVE_BEGINNING = 4 }; /* what a word's hash tells */

enum { BY_SHAPE, BY_PHRASE, BY_MAIL, FINDERS }; /* who found something */

typedef enum { DEAD, NEEDY, FREE } Standing; /* of a rule: never; only beside words; by itself */

/* Several automata run as one, see `run_joint`. */
enum {
    JOINT_STATES = 4096,
    JOINT_PARTS = 12 * JOINT_STATES,
    JOINT_ENDS = 4 * JOINT_STATES,
    JOINT_RULES = 4 * JOINT_STATES,
    JOINT_START_BITS = 8,
    JOINT_PAYS = 128, /* states are worth their making if so many bytes were read for each */
    ROW_DEAD = 1,
};

typedef struct {
    uint64_t automata;
    uint32_t row;
} JointStart;

typedef struct {
    uint32_t stride, size, states, parts_size, ends_size, rules_size, accepts_size;
    int64_t read; /* bytes, since all states were forgotten */
    bool off;     /* too many different states: they do not pay here */
    JointStart starts[1 << JOINT_START_BITS];
    uint32_t slots[2 * JOINT_STATES]; /* rows by a hash of their parts */
    List accepts[JOINT_STATES + 1];
    List fits[JOINT_STATES + 1]; /* the rules of what is accepted, in the order in which they are judged */
    uint32_t parts[JOINT_PARTS];
    uint32_t ends[JOINT_ENDS]; /* accepting states of the parts */
    uint16_t rules[JOINT_RULES];
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
    List *lists;             /* of each accepting state twice, see `list_of` */
    uint16_t *listed;        /* what stands in them */
    uint32_t *mail;          /* rules for addresses of mail */
    uint32_t mail_rules;
    uint64_t free, living;   /* automata that have such rules */
    uint64_t *wakes;         /* for each context group: automata with rules that need it */
    Says *asks;              /* of each rule: groups that it asks for or bars anywhere near, and the column does not say */
    Says *needs;             /* of each rule that is needy: a relation's groups, of which no word has spoken yet */
    Says needed;             /* all of them, of rules with shapes */
    Says callers;            /* what words say that call an automaton, which fits nowhere without them */

    const uint8_t *text; /* the cells at hand, one after another */
    int64_t *starts;     /* where each of them begins, and the end of the last */
    int64_t cells, first; /* how many, and the number of the first in the column */
    int64_t size;

    Block block[BLOCKS + 2];
    uint64_t opens[BLOCKS + 2];  /* first bytes of cells */
    uint32_t opens_before[BLOCKS + 2]; /* how many of them in the blocks before each */
    uint32_t opened[CELLS + 1];  /* the cells that have any byte */
    uint64_t begins[BLOCKS + 2]; /* first bytes of words */
    uint64_t goes_on[BLOCKS + 2]; /* further bytes of words */
    uint64_t shapes[BLOCKS + 2];  /* where identifiers may begin */
    int64_t window;               /* place of the first block */
    int64_t windows_end;          /* words and identifiers that begin before it are looked for */
    int blocks;

    Notes found[FINDERS]; /* hits of rules, each list in order */
    Tokens tokens;
    uint32_t words_before[BLOCKS + 1]; /* how many words begin in the blocks before each */
    size_t in_window;     /* how many of them those are */
    uint64_t called[BLOCKS + 1]; /* a bit for each word from which phrases of rules are looked for */
    Notes contexts;       /* words of context groups, cell by cell as they were listened to, by where they begin */
    Heard *heard;         /* for each cell */
    bool all;             /* whether rules that are needy may count in the cell at hand */
    size_t around;        /* contexts before this one are too far from all hits that are left */
    size_t around_end;    /* and those from this one on belong to other cells */
    int64_t around_cell;  /* the cell of which that is said; -1 for none */
    size_t settled[FINDERS]; /* hits that were judged */
    Squeezed squeezed;       /* text of the last of them with checks */
    bool numbers_speak;      /* a number may be an anchor */
    int pause, paused;       /* windows in which no filled cells are looked for, see `settle_filled` */
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

#endif
