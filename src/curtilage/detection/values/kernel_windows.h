/* Windows: a few thousand bytes as masks, which tell where something may begin. */
#ifndef CURTILAGE_KERNEL_WINDOWS_H
#define CURTILAGE_KERNEL_WINDOWS_H

#include "kernel_scan.h"

/* A window that is not the first belongs to a cell longer than a window, which is looked at alone. */
static void mark_cells(Scan *scan) {
    uint32_t opened = 0;
    memset(scan->opens, 0, sizeof *scan->opens * (size_t)(scan->blocks + 2));
    if (scan->window > 0) return;
    for (int64_t i = 0; i < scan->cells && scan->starts[i] < scan->windows_end; i++) {
        scan->opens[scan->starts[i] / 64] |= 1ull << (scan->starts[i] % 64);
        scan->opened[opened] = (uint32_t)i;
        opened += scan->starts[i] < scan->starts[i + 1];
    }
    opened = 0;
    for (int i = 0; i <= scan->blocks; i++) {
        scan->opens_before[i] = opened;
        opened += (uint32_t)__builtin_popcountll(scan->opens[i]);
    }
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

#endif
