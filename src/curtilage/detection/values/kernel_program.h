/* The program: all rules as tables, written by program.py and only read here.
 *
 * One block of memory without a pointer in it: a head, then tables that the head finds by their
 * offsets. Every number has the byte order of this machine. program.py names the same tables in the
 * same order; VERSION changes with every change of what stands in them.
 */
#ifndef CURTILAGE_KERNEL_PROGRAM_H
#define CURTILAGE_KERNEL_PROGRAM_H

#include <stdint.h>

enum { MAGIC = 0x43555254, VERSION = 9 };

/* Limits of the definition, as nouns.py and reference.py have them; a test compares them. */
enum {
    LONGEST_SHAPE = 96,  /* bytes of an identifier */
    NEAR_BEFORE = 48,    /* bytes before a hit within which words speak for it */
    NEAR_AFTER = 24,     /* and behind it */
    SENTENCE = 200,      /* bytes, each way, that a sentence is looked through */
    TOUCH = 3,           /* separators between a hit and what comes right before or after it */
    MOST_SEPARATORS = 3, /* between two words of a phrase */
    REACH = 3,           /* words that a gap (..) passes over */
    MOST_LOCAL = 64,     /* characters before the @ of an address of mail, and behind it */
    MOST_DOMAIN = 255,
    MOST_NAMES = 4, /* capitalised words of a name, and little words among them */
    MOST_PARTICLES = 2,
    LEAST_DIGITS = 5, /* real digits of an identifier in which slips are forgiven */
};

/* How a beginning of a word is judged before the automaton runs: by its run of letters or digits. */
enum { LONGEST_RUN = 31, NO_MORE = 0, RUN_KINDS = 16 };

typedef enum { KIND_SHAPE, KIND_PHRASE, KIND_MAIL } Kind;
typedef enum { TAKES_NOTHING, TAKES_NAME, TAKES_WITH_NAME } Takes;
typedef enum { NEAR, IN_SENTENCE, WITHIN, THEN, AFTER, RELATIONS } Relation;
enum { BOUNDED = 1, MUST_FOLLOW = 2 };
enum { GROUP_WORDS = 8, ROW_GROUPS = 2, ROW = ROW_GROUPS + GROUP_WORDS }; /* of a relation: where the bits of groups stand, and all */

/* A bit for each context group. */
typedef struct {
    uint32_t bits[GROUP_WORDS];
} Says;
enum { BARRED = 8 }; /* added to a relation that must not hold */

typedef struct {
    uint32_t kind, takes;
    int32_t slips;            /* squeezed position from which O, I, L are digits; -1 for never */
    uint32_t rank;            /* among hits that are equal otherwise the lower counts */
    uint32_t relations, asked; /* where they stand in their table, and how many */
    uint32_t checks, checked;
    uint32_t stop;            /* branch of the words that end its names */
    uint32_t category;        /* its number among the categories of rules */
    uint32_t automaton;       /* of its shapes */
    uint32_t decoy;           /* takes its text from other rules, and is never a finding */
    uint32_t bounded;         /* whether the byte before a hit matters, and whether there must be one */
    uint32_t before[4];       /* the ASCII characters of which one must stand there; none for any */
    uint32_t not_before[4];
} Rule;

/* A word of phrases, or the beginning of words (deporta*). */
typedef struct {
    uint64_t letters;             /* the first eight, zeros behind them */
    uint32_t rest;                /* where the others lie */
    uint32_t size;                /* bytes */
    uint16_t kind, flags;         /* WHOLE or BEGINNING; ENDS ... */
    uint32_t of_rules, of_groups; /* places behind it where it is the first word of a phrase; 0 for none */
    uint16_t first, anchored;     /* the groups with phrases that begin with it; that cannot do without it */
} Word;

enum { WHOLE, BEGINNING, A_NUMBER = 1, LONGEST_NUMBER = 4, LONGEST_BEGINNING = 31 };
enum { FILTER_BITS = 17, BEGINNINGS_BITS = 12, STARTS_BITS = 16, PAIRS_BITS = 19 };

/* Of phrases that begin with a word: some end there; some take the name behind it, and nothing else; some
 * go on; with a gap; with a beginning of words or a number. Those of groups stand further left. */
enum { ENDS = 1, ENDS_BEFORE_NAME = 2, GOES_ON = 4, GAPPED = 8, LOOSE = 16, FLAGS = 31, GROUPS = 5 };
/* Of words that are anchors of rules: always, or only before a name; from where on it stands how many words
 * phrases may have before them. */
enum { SPEAKS = 1 << 10, SPEAKS_BEFORE_NAME = 1 << 11, WORDS_BEFORE = 12, ANCHOR_FLAGS = 0xFC00 };

/* A word, or two one behind the other, that are an anchor. */
typedef struct {
    uint32_t key;             /* hash */
    uint16_t flags, anchored; /* SPEAKS; the groups with phrases that cannot do without it */
} Anchor;

/* A place of a phrase behind one of its words. */
typedef struct {
    uint32_t owners, owned; /* whose phrases end here */
    uint32_t next, gap;     /* branches of the words that come next; behind a gap; 0 for none */
} Place;

/* Words of which one must come next. */
typedef struct {
    uint64_t words;  /* a bit for the last six bits of their numbers */
    uint32_t kinds;  /* what they are besides whole words */
    uint32_t spare;
} Branch;

enum { HAS_BEGINNINGS = 1, HAS_NUMBER = 2 };

typedef struct {
    uint32_t branch, word, place;
} Edge;

/* One of the automata of shapes. */
typedef struct {
    uint32_t table;     /* where its states begin; 0 is dead, 1 the start */
    uint32_t shift;     /* a state has a row of 1 << shift entries, by class of the next byte */
    uint32_t accepting; /* its first state that accepts */
    uint32_t accepts;   /* and what that one accepts, in the table of all */
    uint32_t called;    /* a number like that of a group: nothing fits in a cell without words that say it; 0 for none */
} Automaton;

typedef struct {
    uint32_t magic, version;
    uint64_t size;
    uint32_t rules, groups, categories, automata, accepting, width, particles, edge_mask, slot_mask, number_hash, anchor_mask, pair_mask,
        wordless, wordless_rules; /* groups with phrases that have no letter, their place in `says`; whether rules have such */
    uint64_t fold;              /* uint16_t: what each character of the BMP becomes */
    uint64_t automaton;         /* Automaton */
    uint64_t states;            /* uint16_t: rows of all automata */
    uint64_t bytes;             /* uint8_t: class of each byte, 256 for each automaton */
    uint64_t accepts, accepted; /* uint32_t, uint16_t: where an accepting state's rules begin; the rules */
    uint64_t classes;           /* uint8_t: of bytes, for all automata together */
    uint64_t kinds, runs;       /* uint8_t, uint64_t: see `may_fit` */
    uint64_t heads, behind;     /* uint64_t: see `may_fit` */
    uint64_t filter, slots;     /* uint64_t, uint32_t: hashes of words; words' numbers by them */
    uint64_t pairs;             /* uint64_t: see `may_start` */
    uint64_t says;              /* Says */
    uint64_t spoken;            /* uint64_t: hashes of words that are anchors, then of pairs */
    uint64_t anchors, paired;   /* Anchor: words, pairs of words */
    uint64_t words, rest;       /* Word; uint8_t: letters from the ninth on */
    uint64_t starts;            /* uint64_t: see `may_have_beginning` */
    uint64_t beginnings;        /* uint32_t: see `list_beginnings` */
    uint64_t places, owners;    /* Place, uint32_t */
    uint64_t branches, edges;   /* Branch, Edge */
    uint64_t rule_table;        /* Rule */
    uint64_t relations;         /* uint32_t: rows of a relation, most words of its groups' phrases, a bit for each group */
    uint64_t checks;            /* int64_t: rows, see kernel_checks.h */
} Program;

#define TABLE(program, type, name) ((const type *)((const uint8_t *)(program) + (program)->name))

#endif
