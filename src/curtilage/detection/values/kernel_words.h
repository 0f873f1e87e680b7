/* Words: told by hashes, numbered where phrases have them, and what anchors among them speak for. */
#ifndef CURTILAGE_KERNEL_WORDS_H
#define CURTILAGE_KERNEL_WORDS_H

#include "kernel_scan.h"

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

#endif
