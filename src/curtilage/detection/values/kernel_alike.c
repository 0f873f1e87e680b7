/* Equal cells: told apart before they are looked at, so that what stands in many is looked at once.
 *
 * What is found in a cell depends on its bytes alone, so equal ones are as one that counts so many times.
 * The table that tells them apart is small and forgets: each slot knows the cell that was there last. A cell
 * that was forgotten is looked at once more, so counts stay what they are, memory is bounded, and time grows
 * with the text whatever stands in it. Where few cells are alike that is noticed soon, and given up.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* As in kernel_scan.h, without what only a scan asks. */
typedef struct {
    const void *offsets;     /* cells + 1 of them, of 32 or 64 bits; of a dictionary the indices */
    const uint8_t *bytes;    /* the text that they point into */
    const uint8_t *validity; /* a bit for each cell, or NULL where none is missing */
    const int64_t *weights;
    int64_t skipped; /* bits of `validity` before the first cell's */
    int64_t cells;
    int32_t wide; /* whether offsets have 64 bits */
    int32_t shaped;
} Column;

enum {
    NO_MEMORY = -1,
    LEAST_SLOTS_BITS = 8,
    MOST_SLOTS_BITS = 16, /* 512 KiB: what a core has close by */
    LONGEST_ALIKE = 2048, /* bytes; longer cells are hardly ever equal, and cost more to compare */
};

/* After so many cells one of `one_in` must have been met before, or telling apart does not pay. Measured: it
 * costs about a tenth of looking at a short cell. */
typedef struct {
    int64_t cells, one_in;
} Trial;
static const Trial TRIALS[] = {{4096, 100}, {16384, 12}, {INT64_MAX, 1}};

typedef struct {
    uint32_t hash;
    uint32_t cell; /* its number, from one on; 0 for none */
} Slot;

static inline uint64_t mix(uint64_t hash, uint64_t bytes) {
    hash = (hash ^ bytes) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 32;
}

/* Up to eight bytes as a number; those behind them may be read up to `end`. */
static inline uint64_t read_bytes(const uint8_t *at, const uint8_t *end, int64_t size) {
    uint64_t bytes = 0;
    if (end - at < 8) {
        memcpy(&bytes, at, (size_t)size);
        return bytes;
    }
    memcpy(&bytes, at, 8);
    if (size == 8) return bytes;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return bytes >> (64 - 8 * size);
#else
    return bytes & ((1ull << 8 * size) - 1);
#endif
}

static inline uint64_t hash_cell(const uint8_t *at, const uint8_t *end, int64_t size) {
    uint64_t hash = (uint64_t)size;
    for (; size > 8; at += 8, size -= 8) hash = mix(hash, read_bytes(at, end, 8));
    return size ? mix(hash, read_bytes(at, end, size)) : hash;
}

static inline int64_t number_at(const Column *column, int64_t place) {
    return column->wide ? ((const int64_t *)column->offsets)[place] : ((const int32_t *)column->offsets)[place];
}

static inline bool is_missing(const Column *column, int64_t cell) {
    const int64_t bit = column->skipped + cell;
    return column->validity && !(column->validity[bit / 8] >> (bit % 8) & 1);
}

/* Whether a cell has the same bytes as `size` others. */
static inline bool is_same(const Column *column, int64_t cell, const uint8_t *others, int64_t size) {
    const int64_t low = number_at(column, cell);
    return number_at(column, cell + 1) - low == size && (!size || !memcmp(column->bytes + low, others, (size_t)size));
}

/* Writes for each cell how often it counts: with the cells that are equal to it, or not at all where an equal
 * one before it counts for it. Returns how many count, 0 where telling apart does not pay, or NO_MEMORY. */
int64_t curtilage_tell_apart(const Column *column, int64_t *weights) {
    if (column->cells >= UINT32_MAX) return 0;
    int bits = LEAST_SLOTS_BITS;
    while (bits < MOST_SLOTS_BITS && (int64_t)1 << bits < 2 * column->cells) bits++;
    Slot *slots = calloc((size_t)1 << bits, sizeof *slots);
    if (!slots) return NO_MEMORY;
    const Trial *trial = TRIALS;
    const uint8_t *end = column->bytes + number_at(column, column->cells);
    int64_t tried = 0, fresh = 0;
    for (int64_t cell = 0, low = number_at(column, 0), high; cell < column->cells; cell++, low = high) {
        const uint8_t *at = column->bytes + low;
        const int64_t size = (high = number_at(column, cell + 1)) - low;
        weights[cell] = !is_missing(column, cell);
        if (!weights[cell]) continue;
        tried++;
        if (size > LONGEST_ALIKE) {
            fresh++;
            continue;
        }
        const uint64_t hash = hash_cell(at, end, size);
        Slot *slot = slots + (hash >> (64 - bits));
        if (slot->cell && slot->hash == (uint32_t)hash && is_same(column, slot->cell - 1, at, size)) {
            weights[slot->cell - 1]++;
            weights[cell] = 0;
            continue;
        }
        *slot = (Slot){(uint32_t)hash, (uint32_t)(cell + 1)};
        fresh++;
        if (tried < trial->cells) continue;
        if ((tried - fresh) * trial->one_in < tried) {
            fresh = 0;
            break;
        }
        trial++;
    }
    free(slots);
    return fresh;
}

/* Adds up how often each value of a dictionary is used. Indices that lead beyond it count for none. */
int64_t curtilage_tally(const Column *indices, int64_t *counts, int64_t size) {
    for (int64_t cell = 0; cell < indices->cells; cell++) {
        const int64_t index = number_at(indices, cell);
        if ((uint64_t)index < (uint64_t)size && !is_missing(indices, cell)) counts[index]++;
    }
    return size;
}
