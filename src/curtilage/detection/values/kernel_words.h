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
    for (size_t i = last < before ? 0 : last - before; i <= last; i++) {
        if (scan->tokens.kinds[i] & IS_CALLED) continue;
        scan->tokens.kinds[i] |= IS_CALLED;
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

/* The same for the beginnings that a word has. */
static uint32_t hear_beginnings(Scan *scan, size_t i, uint64_t letters, Says *says) {
    const int64_t at = begin_of(scan, i), size = end_of(scan, i) - at;
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

/* Takes in what word `i` may be an anchor of, with the word before it and alone. Returns its flags, those of
 * what it is alone. */
static uint32_t hear_word(Scan *scan, size_t i, uint32_t told, Says *says) {
    const Program *program = scan->program;
    const uint32_t hash = scan->tokens.hash[i];
    uint32_t flags = 0;
    if (told & MAY_BE_PAIR && kinds_of(scan, i) & JOINED)
        hear_anchor(scan, i, TABLE(program, Anchor, paired), program->pair_mask, pair_key(scan->tokens.hash[i - 1], hash), says);
    if (told & MAY_BE_ANCHOR) flags = hear_anchor(scan, i, TABLE(program, Anchor, anchors), program->anchor_mask, hash, says);
    if (told & MAY_HAVE_BEGINNING) {
        const int64_t at = begin_of(scan, i);
        flags |= hear_beginnings(scan, i, first_letters(scan, at, end_of(scan, i) - at), says);
    }
    if (told & MAY_BE_NUMBER && kinds_of(scan, i) & IS_NUMBER) {
        const Word *number = TABLE(program, Word, words) + A_NUMBER;
        flags |= hear_flags(scan, i, number->flags, number->anchored, says);
    }
    return flags;
}

/* Where numbers are anchors: those of words that may be one. */
static void tell_numbers(Scan *scan) {
    if (!scan->numbers_speak) return;
    for (size_t i = 0; i < scan->tokens.size; i++)
        if (is_digit(scan->text[begin_of(scan, i)])) scan->tokens.told[i] |= MAY_BE_NUMBER;
}

/* Takes in all words that begin in the window, and which phrases may be there, by their anchors. Most words
 * of a text begin nothing: that is told by a hash. */
static bool read_words(Scan *scan) {
    const Tokens *tokens = &scan->tokens;
    if (!list_words(scan)) return false;
    tell_words(scan);
    tell_numbers(scan);
    int64_t cell = 0;
    for (size_t i = 0; i < tokens->size; i++) {
        if (!(i % 8)) { /* most often eight are passed at once */
            uint64_t eight;
            while (i < tokens->size && (memcpy(&eight, tokens->told + i, 8), !eight)) i += 8;
            if (i >= tokens->size) break;
        }
        if (!tokens->told[i]) continue;
        while (scan->starts[cell + 1] <= begin_of(scan, i)) cell++;
        const uint32_t flags = hear_word(scan, i, tokens->told[i], &scan->heard[cell].says);
        if (!(flags & SPEAKS_BEFORE_NAME) || i + 1 == tokens->size) continue;
        const int64_t next = begin_of(scan, i + 1);
        if (next < scan->starts[cell + 1] && is_upper(scan->text[next])) call(scan, i, 0);
    }
    if (is_long(scan)) /* anchors may stand behind the window */
        for (size_t k = 0; k < tokens->size; k++) call(scan, k, 0);
    return true;
}

#endif
