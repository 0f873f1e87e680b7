/* Bytes, 64 at a time: what each of them is, as bits.
 *
 * Everything else in the kernel works on these masks, so a byte that begins nothing costs a fraction
 * of a nanosecond. Bit i of a mask speaks of byte i.
 */
#ifndef CURTILAGE_KERNEL_BLOCKS_H
#define CURTILAGE_KERNEL_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if !defined(KERNEL_PLAIN) && defined(__AVX2__)
#include <immintrin.h>
#elif !defined(KERNEL_PLAIN) && defined(__SSE2__)
#include <emmintrin.h>
#endif

typedef struct {
    uint64_t digit; /* 0 to 9 */
    uint64_t word;  /* letters, digits, and everything above ASCII */
    uint64_t high;  /* above ASCII */
    uint64_t ideo;  /* first bytes of characters that are words by themselves */
    uint64_t less;  /* < */
    uint64_t at;    /* @ */
    uint64_t glue;  /* - . / _ */
} Block;

#if !defined(KERNEL_PLAIN) && (defined(__AVX2__) || defined(__SSE2__))

#ifdef __AVX2__
typedef __m256i Lane;
enum { LANE = 32 };
#define ALL(byte) _mm256_set1_epi8((char)(byte))
#define LOAD(bytes) _mm256_loadu_si256((const __m256i *)(const void *)(bytes))
#define SAME(a, b) _mm256_cmpeq_epi8(a, b)
#define LESS(a, b) _mm256_min_epu8(a, b)
#define MINUS(a, b) _mm256_sub_epi8(a, b)
#define EITHER(a, b) _mm256_or_si256(a, b)
#define BITS(a) ((uint32_t)_mm256_movemask_epi8(a))
#else
typedef __m128i Lane;
enum { LANE = 16 };
#define ALL(byte) _mm_set1_epi8((char)(byte))
#define LOAD(bytes) _mm_loadu_si128((const __m128i *)(const void *)(bytes))
#define SAME(a, b) _mm_cmpeq_epi8(a, b)
#define LESS(a, b) _mm_min_epu8(a, b)
#define MINUS(a, b) _mm_sub_epi8(a, b)
#define EITHER(a, b) _mm_or_si128(a, b)
#define BITS(a) ((uint32_t)_mm_movemask_epi8(a))
#endif

/* Bytes from `low` on, `count` of them: one subtraction and one comparison without sign. */
static inline Lane range(Lane bytes, uint8_t low, uint8_t count) {
    Lane moved = MINUS(bytes, ALL(low));
    return SAME(LESS(moved, ALL(count - 1)), moved);
}

static inline void read_block(const uint8_t *text, Block *block) {
    memset(block, 0, sizeof *block);
    for (int i = 0; i < 64; i += LANE) {
        Lane bytes = LOAD(text + i);
        Lane digit = range(bytes, '0', 10);
        Lane letter = range(EITHER(bytes, ALL(0x20)), 'a', 26);
        uint64_t high = BITS(bytes);
        block->digit |= (uint64_t)BITS(digit) << i;
        block->word |= (BITS(EITHER(digit, letter)) | high) << i;
        block->high |= high << i;
        block->less |= (uint64_t)BITS(SAME(bytes, ALL('<'))) << i;
        block->at |= (uint64_t)BITS(SAME(bytes, ALL('@'))) << i;
        block->glue |= (uint64_t)BITS(EITHER(range(bytes, '-', 3), SAME(bytes, ALL('_')))) << i;
        if (high) block->ideo |= (uint64_t)BITS(range(bytes, 0xE3, 7)) << i;
    }
}

static inline bool is_ascii(const uint8_t *text, int64_t size) {
    int64_t i = 0;
    Lane any = ALL(0);
    for (; i + LANE <= size; i += LANE) {
        any = EITHER(any, LOAD(text + i));
        if ((i & 4095) == 0 && BITS(any)) return false; /* a large cell is not read to its end in vain */
    }
    uint8_t rest = 0;
    for (; i < size; i++) rest |= text[i];
    return !BITS(any) && rest < 0x80;
}

#else /* any other machine: the same, byte by byte */

static inline void read_block(const uint8_t *text, Block *block) {
    memset(block, 0, sizeof *block);
    for (int i = 0; i < 64; i++) {
        uint8_t byte = text[i], small = byte | 0x20;
        uint64_t digit = (uint8_t)(byte - '0') < 10, high = byte >> 7;
        block->digit |= digit << i;
        block->word |= (digit | (uint64_t)((uint8_t)(small - 'a') < 26) | high) << i;
        block->high |= high << i;
        block->ideo |= (uint64_t)((uint8_t)(byte - 0xE3) < 7) << i;
        block->less |= (uint64_t)(byte == '<') << i;
        block->at |= (uint64_t)(byte == '@') << i;
        block->glue |= (uint64_t)((uint8_t)(byte - '-') < 3 || byte == '_') << i;
    }
}

static inline bool is_ascii(const uint8_t *text, int64_t size) {
    int64_t i = 0;
    for (; i + 8 <= size; i += 8) {
        uint64_t eight;
        memcpy(&eight, text + i, 8);
        if (eight & 0x8080808080808080u) return false;
    }
    for (; i < size; i++)
        if (text[i] >= 0x80) return false;
    return true;
}

#endif

/* The bits of `low` from `by` on, followed by those of `high`, the mask behind it; `by` is 1 to 63. */
static inline uint64_t behind(uint64_t low, uint64_t high, int by) { return (low >> by) | (high << (64 - by)); }

/* The same for 0 to 63. */
static inline uint64_t from(uint64_t low, uint64_t high, int by) { return (low >> by) | ((high << 1) << (63 - by)); }

#endif
