/* Words: numbered where phrases have them, and what anchors among them speak for. */
#ifndef CURTILAGE_KERNEL_WORDS_H
#define CURTILAGE_KERNEL_WORDS_H

#include "kernel_tokens.h"

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

/* --- What words tell: anchors of phrases ------------------------------------------------------------ */

/* The place behind a word that comes at a branch; 0 where it does not. */
static uint32_t edge(const Program *program, uint32_t branch, uint32_t word) {
    const Edge *edges = TABLE(program, Edge, edges);
    if (!(TABLE(program, Branch, branches)[branch].words >> (word % 64) & 1)) return 0;
    const uint32_t hash = (uint32_t)(((uint64_t)branch << 32 | word) * 0x9E3779B97F4A7C15u >> 32);
    for (uint32_t slot = hash & program->edge_mask; edges[slot].branch; slot = (slot + 1) & program->edge_mask)
        if (edges[slot].branch == branch && edges[slot].word == word) return edges[slot].place;
    return 0;
}

/* Looks for phrases of rules that begin with word `last`, or with one of some words before it. */
static void call(Scan *scan, size_t last, size_t before) {
    for (size_t i = last < before ? 0 : last - before; i <= last; i++) scan->called[i / 64] |= 1ull << i % 64;
}

/* Takes in what is told by an anchor, of which word `i` is the last: adds groups to what its cell may say,
 * calls words. Most anchors are of groups alone. */
static inline void hear(Scan *scan, size_t i, uint32_t flags, uint32_t anchored) {
    const int64_t cell = cell_of(scan, begin_of(scan, i));
    add(&scan->heard[cell].says, TABLE(scan->program, Says, says) + anchored);
    if (!flags) return;
    if (flags & SPEAKS) call(scan, i, flags >> WORDS_BEFORE & 0xF);
    if (!(flags & SPEAKS_BEFORE_NAME) || i + 1 >= scan->tokens.size) return;
    const int64_t next = begin_of(scan, i + 1);
    if (next < scan->starts[cell + 1] && is_upper(scan->text[next])) call(scan, i, 0);
}

/* The anchor of a word, or of two words, by their hash; one that tells nothing where there is none. */
static inline const Anchor *find_anchor(const Anchor *anchors, uint32_t mask, uint32_t key) {
    const Anchor *anchor = anchors + (key & mask);
    while (anchor->key != key && anchor->flags | anchor->anchored) anchor = anchors + ((anchor - anchors + 1) & mask);
    return anchor;
}

/* Takes in the anchors that a word is. */
static void hear_words(Scan *scan) {
    const Anchor *anchors = TABLE(scan->program, Anchor, anchors);
    const size_t count = list_told(scan, MAY_BE_ANCHOR);
    for (size_t k = 0; k < count; k++) {
        const size_t i = scan->tokens.list[k];
        const Anchor *anchor = find_anchor(anchors, scan->program->anchor_mask, scan->tokens.hash[i]);
        hear(scan, i, anchor->flags, anchor->anchored);
    }
}

/* Those that a word and the one before it are. */
static void hear_pairs(Scan *scan) {
    const Anchor *paired = TABLE(scan->program, Anchor, paired);
    const size_t count = list_told(scan, MAY_BE_PAIR);
    for (size_t k = 0; k < count; k++) {
        const size_t i = scan->tokens.list[k];
        if (!(kinds_of(scan, i) & JOINED)) continue;
        const uint32_t key = pair_key(scan->tokens.hash[i - 1], scan->tokens.hash[i]);
        const Anchor *anchor = find_anchor(paired, scan->program->pair_mask, key);
        hear(scan, i, anchor->flags, anchor->anchored);
    }
}

/* Those with which a word begins. */
static void hear_beginnings(Scan *scan) {
    const Word *words = TABLE(scan->program, Word, words);
    const size_t count = list_told(scan, MAY_HAVE_BEGINNING);
    for (size_t k = 0; k < count; k++) {
        const size_t i = scan->tokens.list[k];
        const int64_t at = begin_of(scan, i), size = end_of(scan, i) - at;
        const uint64_t letters = first_letters(scan, at, size);
        for (uint32_t lengths = list_beginnings(scan->program, letters, OF_ANCHORS), number; lengths; lengths &= lengths - 1) {
            const int64_t length = __builtin_ctz(lengths);
            if (length > size) break;
            if ((number = find_beginning(scan, at, length))) hear(scan, i, words[number].flags & ANCHOR_FLAGS, words[number].anchored);
        }
    }
}

/* Those that are numbers, where the program has such. */
static void hear_numbers(Scan *scan) {
    const Word *number = TABLE(scan->program, Word, words) + A_NUMBER;
    for (size_t i = 0; i < scan->tokens.size && scan->numbers_speak; i++)
        if (is_digit(scan->text[begin_of(scan, i)]) && kinds_of(scan, i) & IS_NUMBER) hear(scan, i, number->flags & ANCHOR_FLAGS, number->anchored);
}

/* Takes in all words that begin in the window, and which phrases may be there, by their anchors. Most words
 * of a text begin nothing: that is told by a hash. */
static bool read_words(Scan *scan) {
    if (!list_words(scan)) return false;
    memset(scan->called, is_long(scan) ? 0xFF : 0, sizeof scan->called); /* in a long cell anchors may stand behind the window */
    tell_words(scan);
    hear_words(scan);
    hear_pairs(scan);
    hear_beginnings(scan);
    hear_numbers(scan);
    return true;
}

#endif
