/* Words of a window: where they begin and end, and their hashes, eight at a time.
 *
 * A filter says of a hash whether an anchor may be there. All else of a word, whether it belongs to the one
 * before it, whether it is a number, which one it is, is asked where it matters: most words are never asked.
 */
#ifndef CURTILAGE_KERNEL_TOKENS_H
#define CURTILAGE_KERNEL_TOKENS_H

#include "kernel_scan.h"

enum { AT_ONCE = 8 }; /* words at a time; as many may be written behind the last */
#define BY_SIZE 0xD6E8FEB86659FD93u
#define BY_LETTERS 0x9E3779B97F4A7C15u

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
    return (uint32_t)((letters ^ (2 * (uint64_t)size + kind) * BY_SIZE) * BY_LETTERS >> 32);
}

/* Whether a word may begin with one of the beginnings that are anchors, by its first four letters. */
static inline uint32_t starts_hash(uint64_t letters) { return ((uint32_t)letters * 0x9E3779B1u) >> (32 - STARTS_BITS); }

static inline bool has_place(const uint64_t *filter, uint32_t place) { return filter[place / 64] >> (place % 64) & 1; }

static bool is_long(const Scan *scan) { return scan->size > WINDOW; }

/* --- Where words are --------------------------------------------------------------------------------- */

static inline int64_t begin_of(const Scan *scan, size_t i) { return scan->window + scan->tokens.at[i]; }
static inline int64_t end_of(const Scan *scan, size_t i) { return scan->window + scan->tokens.end[i]; }

/* The first word of the window that begins at a place or behind it. */
static inline size_t word_from(const Scan *scan, int64_t at) {
    const int64_t place = at - scan->window, block = place / 64;
    if (place <= 0) return 0;
    if (block >= scan->blocks) return scan->in_window;
    return scan->words_before[block] + (size_t)__builtin_popcountll(scan->begins[block] & ((1ull << place % 64) - 1));
}

/* The cell that a place of the window belongs to. */
static inline int64_t cell_of(const Scan *scan, int64_t at) {
    if (is_long(scan)) return 0;
    const int64_t block = at / 64;
    return scan->opened[scan->opens_before[block] + (uint32_t)__builtin_popcountll(scan->opens[block] & ((2ull << at % 64) - 1)) - 1];
}

/* Makes room for words; what is known of those that are there is kept. */
static bool make_room(Scan *scan, size_t wanted) {
    Tokens *tokens = &scan->tokens;
    if (wanted <= tokens->room) return true;
    const size_t room = wanted * 2, all = room + AT_ONCE;
    uint32_t *at = malloc(all * (6 * sizeof(uint32_t) + 1));
    if (!at) {
        scan->failed = true;
        return false;
    }
    Tokens made = {at, at + all, at + 2 * all, at + 3 * all, at + 4 * all, at + 5 * all, (uint8_t *)(at + 6 * all), tokens->size, room};
    if (tokens->size) {
        memcpy(made.at, tokens->at, tokens->size * sizeof *at);
        memcpy(made.end, tokens->end, tokens->size * sizeof *at);
        memcpy(made.hash, tokens->hash, tokens->size * sizeof *at);
        memcpy(made.kinds, tokens->kinds, tokens->size * sizeof *at);
        memcpy(made.word, tokens->word, tokens->size * sizeof *at);
        memcpy(made.told, tokens->told, tokens->size);
    }
    free(tokens->at);
    *tokens = made;
    return true;
}

/* Room for all words that begin in the window. */
static bool expect_words(Scan *scan) {
    Tokens *tokens = &scan->tokens;
    size_t words = 0;
    for (int i = 0; i < scan->blocks; i++) {
        scan->words_before[i] = (uint32_t)words;
        words += (size_t)__builtin_popcountll(scan->begins[i]);
    }
    tokens->size = 0;
    if (!make_room(scan, words + 1)) return false;
    tokens->size = scan->in_window = words;
    return true;
}

/* Writes the places of the bits of a block to a list, four at a time; returns its end. */
static inline uint32_t *list_bits(uint64_t bits, uint32_t at, uint32_t *to) {
    uint32_t *const end = to + __builtin_popcountll(bits);
    for (; to < end; to += 4)
        for (int i = 0; i < 4; i++, bits &= bits - 1) to[i] = at + (uint32_t)__builtin_ctzll(bits | 1ull << 63);
    return end;
}

/* Lists where the words of the window begin and end. */
static bool list_words(Scan *scan) {
    if (!expect_words(scan)) return false;
    Tokens *tokens = &scan->tokens;
    uint32_t *begin = tokens->at, *end = tokens->end;
    bool cut = scan->goes_on[0] & 1; /* a word that begins before the window ends first */
    for (int i = 0; i < scan->blocks; i++) {
        uint64_t last = scan->block[i].word & ~behind(scan->goes_on[i], scan->goes_on[i + 1], 1);
        if (cut && last) last &= last - 1, cut = false;
        begin = list_bits(scan->begins[i], (uint32_t)(64 * i), begin);
        end = list_bits(last, (uint32_t)(64 * i) + 1, end);
    }
    if (end < tokens->end + tokens->size) /* the last goes on behind the window */
        *end = (uint32_t)(word_end(scan->text, begin_of(scan, tokens->size - 1), scan->size) - scan->window);
    memset(tokens->kinds, 0, tokens->size * sizeof *tokens->kinds);
    return true;
}

/* --- What hashes tell -------------------------------------------------------------------------------- */

/* Tells the words from `i` to `end` one by one. */
static void tell_each(Scan *scan, size_t i, size_t end) {
    const Tokens *tokens = &scan->tokens;
    const uint64_t *spoken = TABLE(scan->program, uint64_t, spoken), *pairs = spoken + (1 << FILTER_BITS) / 64;
    const uint64_t *starts = TABLE(scan->program, uint64_t, starts);
    for (; i < end; i++) {
        const int64_t size = tokens->end[i] - tokens->at[i];
        const uint64_t letters = first_letters(scan, begin_of(scan, i), size);
        const uint32_t hash = tokens->hash[i] = word_hash(letters, size, WHOLE), before = i ? tokens->hash[i - 1] : 0;
        tokens->told[i] = (uint8_t)(has_place(pairs, pair_hash(before, hash)) * MAY_BE_PAIR +
                                    has_place(spoken, hash >> (32 - FILTER_BITS)) * MAY_BE_ANCHOR +
                                    has_place(starts, starts_hash(letters)) * MAY_HAVE_BEGINNING);
    }
}

#if !defined(KERNEL_PLAIN) && defined(__AVX2__)

/* Four times `word_hash`: of the first letters and sizes, as numbers of 64 bits; the hashes in the lower halves. */
static inline __m256i hash_four(__m256i letters, __m256i sizes) {
    const __m256i by_size = _mm256_set1_epi64x((long long)BY_SIZE), by_letters = _mm256_set1_epi64x((long long)BY_LETTERS);
    const __m256i twice = _mm256_add_epi64(sizes, sizes); /* of 32 bits */
    const __m256i sized = _mm256_add_epi64(_mm256_mul_epu32(twice, by_size),
                                           _mm256_slli_epi64(_mm256_mul_epu32(twice, _mm256_srli_epi64(by_size, 32)), 32));
    const __m256i mixed = _mm256_xor_si256(letters, sized);
    const __m256i cross = _mm256_add_epi64(_mm256_mul_epu32(_mm256_srli_epi64(mixed, 32), by_letters),
                                           _mm256_mul_epu32(mixed, _mm256_srli_epi64(by_letters, 32)));
    return _mm256_add_epi64(_mm256_srli_epi64(_mm256_mul_epu32(mixed, by_letters), 32), cross);
}

/* The first letters of four words, small: see `first_letters`. */
static inline __m256i letters_of_four(const uint8_t *text, __m128i at, __m128i sizes) {
    const __m128i most = _mm_min_epu32(sizes, _mm_set1_epi32(8));
    const __m256i spare = _mm256_cvtepu32_epi64(_mm_sub_epi32(_mm_set1_epi32(64), _mm_slli_epi32(most, 3)));
    const __m256i bytes = _mm256_and_si256(_mm256_i32gather_epi64((const long long *)(const void *)text, at, 1),
                                           _mm256_srlv_epi64(_mm256_set1_epi64x(-1), spare));
    return _mm256_or_si256(bytes, _mm256_and_si256(range(bytes, 'A', 26), ALL(0x20)));
}

/* The lower halves of eight numbers of 64 bits. */
static inline __m256i lower_halves(__m256i low, __m256i high) {
    const __m256i mixed = _mm256_castps_si256(_mm256_shuffle_ps(_mm256_castsi256_ps(low), _mm256_castsi256_ps(high), 0x88));
    return _mm256_permute4x64_epi64(mixed, 0xD8);
}

/* Whether a filter has eight places: 1 or 0. */
static inline __m256i have_places(const uint64_t *filter, __m256i places) {
    const __m256i found = _mm256_i32gather_epi32((const int *)(const void *)filter, _mm256_srli_epi32(places, 5), 4);
    return _mm256_and_si256(_mm256_srlv_epi32(found, _mm256_and_si256(places, _mm256_set1_epi32(31))), _mm256_set1_epi32(1));
}

/* Tells all words of the window. */
static void tell_words(Scan *scan) {
    const Tokens *tokens = &scan->tokens;
    const uint64_t *spoken = TABLE(scan->program, uint64_t, spoken), *pairs = spoken + (1 << FILTER_BITS) / 64;
    const uint64_t *starts = TABLE(scan->program, uint64_t, starts);
    const uint8_t *text = scan->text + scan->window;
    const __m256i by_one = _mm256_set1_epi32((int)0x85EBCA6Bu), by_pair = _mm256_set1_epi32((int)0x9E3779B1u);
    const size_t safe = word_from(scan, scan->size - 7); /* words behind which there are eight bytes to read */
    __m256i before = _mm256_setzero_si256(); /* hashes of the eight before */
    size_t i = 0;
    for (; i + AT_ONCE <= safe; i += AT_ONCE) {
        const __m256i at = LOAD(tokens->at + i), size = _mm256_sub_epi32(LOAD(tokens->end + i), at);
        const __m128i low_size = _mm256_castsi256_si128(size), high_size = _mm256_extracti128_si256(size, 1);
        const __m256i low = letters_of_four(text, _mm256_castsi256_si128(at), low_size);
        const __m256i high = letters_of_four(text, _mm256_extracti128_si256(at, 1), high_size);
        const __m256i hash = lower_halves(hash_four(low, _mm256_cvtepu32_epi64(low_size)), hash_four(high, _mm256_cvtepu32_epi64(high_size)));
        _mm256_storeu_si256((__m256i *)(void *)(tokens->hash + i), hash);
        /* Of each word the one before it: the last of the eight before, then seven of these. */
        const __m256i shifted = _mm256_alignr_epi8(hash, _mm256_permute2x128_si256(before, hash, 0x21), 12);
        const __m256i pair = _mm256_mullo_epi32(_mm256_xor_si256(_mm256_mullo_epi32(shifted, by_one), hash), by_pair);
        const __m256i start = _mm256_mullo_epi32(lower_halves(low, high), by_pair);
        const __m256i paired = have_places(pairs, _mm256_srli_epi32(pair, 32 - PAIRS_BITS));
        const __m256i alone = have_places(spoken, _mm256_srli_epi32(hash, 32 - FILTER_BITS));
        const __m256i begun = have_places(starts, _mm256_srli_epi32(start, 32 - STARTS_BITS));
        const __m256i told = _mm256_or_si256(paired, _mm256_or_si256(_mm256_slli_epi32(alone, 1), _mm256_slli_epi32(begun, 2)));
        const __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(told), _mm256_extracti128_si256(told, 1));
        _mm_storel_epi64((__m128i *)(void *)(tokens->told + i), _mm_packus_epi16(words, words));
        before = hash;
    }
    tell_each(scan, i, tokens->size);
}

#else

static void tell_words(Scan *scan) { tell_each(scan, 0, scan->tokens.size); }

#endif

/* Lists the words of which hashes tell something; returns how many. */
static size_t list_told(Scan *scan, uint32_t what) {
    const Tokens *tokens = &scan->tokens;
    uint32_t *end = tokens->list;
    memset(tokens->told + tokens->size, 0, AT_ONCE);
    for (size_t i = 0; i < tokens->size;) {
        uint64_t bits = 0;
        const size_t first = i;
        for (int k = 0; k < 64 && i < tokens->size; k += AT_ONCE, i += AT_ONCE) {
            uint64_t eight = 0;
            for (int j = AT_ONCE; j--;) eight = eight << 8 | tokens->told[i + (size_t)j];
            bits |= ((eight / what & EACH(1)) * 0x0102040810204080u >> 56) << k; /* a bit for each of them */
        }
        end = list_bits(bits, (uint32_t)first, end);
    }
    return (size_t)(end - tokens->list);
}

/* --- What else is asked of words ---------------------------------------------------------------------- */

static inline bool is_number(const uint8_t *text, int64_t at, int64_t size) {
    if (size > LONGEST_NUMBER) return false;
    for (int64_t i = 0; i < size; i++)
        if (!is_digit(text[at + i])) return false;
    return true;
}

/* Whether the word from `at` on may follow one that ended at `stop` in the same phrase. */
static inline bool joins(const uint8_t *text, int64_t stop, int64_t at, int64_t start, int64_t end) {
    if (at - stop == 1 && text[stop] == ' ') return true;
    return at - stop <= MOST_SEPARATORS && !has_stop(text, stop, at, start, end);
}

/* What is known of word `i`, whether it is joined to the one before it and whether it is a number among it. */
static uint32_t kinds_of(Scan *scan, size_t i) {
    uint32_t *kinds = scan->tokens.kinds + i;
    if (*kinds & IS_SEEN) return *kinds;
    *kinds |= IS_SEEN;
    const int64_t at = begin_of(scan, i);
    if (is_number(scan->text, at, end_of(scan, i) - at)) *kinds |= IS_NUMBER;
    if (i == 0) return *kinds;
    const uint32_t stop = scan->tokens.end[i - 1], gap = scan->tokens.at[i] - stop;
    if (gap > MOST_SEPARATORS || from(scan->opens[stop / 64], scan->opens[stop / 64 + 1], stop % 64) & ((2u << gap) - 1)) return *kinds;
    if (gap != 1 || scan->text[at - 1] != ' ') {
        const int64_t cell = cell_of(scan, at);
        if (!joins(scan->text, end_of(scan, i - 1), at, scan->starts[cell], scan->starts[cell + 1])) return *kinds;
    }
    return *kinds |= JOINED;
}

#endif
