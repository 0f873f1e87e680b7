/* Checks: what must hold of an identifier beyond its shape. The same list, under the same names, as
 * checks.py, whose docstrings say what each of them means.
 *
 * A check is a row of 64-bit numbers: which check, how many numbers the row has, then what it asks.
 * program.py writes the rows (`_check_row`); the comment before each function here names its numbers.
 */
#ifndef CURTILAGE_KERNEL_CHECKS_H
#define CURTILAGE_KERNEL_CHECKS_H

#include "kernel_program.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef enum { IN_RANGES, IN_BITMAP, ONE_OF, DAY, DAY_AS_WRITTEN, SUM, REMAINDER, LUHN, VERHOEFF, MOD97, VARIED, LENGTH } Check;

/* An identifier without what stands between its characters. */
typedef struct {
    uint8_t text[LONGEST_SHAPE + 8];
    int size;
    const uint8_t *written; /* as it stands in the folded cell */
    int written_size, digits;
    int slips;    /* from which character on slips are forgiven; -1 for never */
    bool slippery; /* it has letters, or bars, which may be slips */
} Squeezed;

static inline bool is_digit(uint8_t byte) { return (uint8_t)(byte - '0') < 10; }

/* What each byte is in an identifier that is squeezed: letters in upper case, digits, `<`; 0 for all that is left out. */
static const uint8_t KEPT[256] = {
    ['0'] = '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ['<'] = '<',
    ['A'] = 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z',
    ['a'] = 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z',
};

/* Leaves out what stands between the characters of an identifier. */
static void squeeze(const uint8_t *written, int size, Squeezed *squeezed) {
    int kept = 0, digits = 0, bars = 0;
    for (int i = 0; i < size; i++) {
        const uint8_t byte = KEPT[written[i]];
        squeezed->text[kept] = byte;
        kept += byte != 0;
        digits += is_digit(byte);
        bars |= written[i] == '|';
    }
    squeezed->size = kept;
    squeezed->written = written;
    squeezed->written_size = size;
    squeezed->digits = digits;
    squeezed->slippery = bars || digits != kept;
    squeezed->slips = -1;
}

/* The same, and from character `slips` on letters that stand for digits are digits. */
static void squeeze_slipped(const uint8_t *written, int size, int slips, Squeezed *squeezed) {
    static const uint8_t SLIPPED[128] = {['O'] = '0', ['I'] = '1', ['L'] = '1', ['|'] = '1'};
    int kept = 0, place = 0;
    for (int i = 0; i < size; i++) {
        uint8_t byte = written[i] == '|' ? '|' : KEPT[written[i]];
        if (!byte) continue;
        if (place++ >= slips && SLIPPED[byte]) byte = SLIPPED[byte];
        if (byte != '|') squeezed->text[kept++] = byte;
    }
    squeezed->size = kept;
    squeezed->slips = slips;
}

/* Where `length` characters from `at` on stand, negative places counting from the end; NULL if outside. */
static const uint8_t *part(const Squeezed *squeezed, int64_t at, int64_t length) {
    if (at < 0) at += squeezed->size;
    return at >= 0 && at + length <= squeezed->size ? squeezed->text + at : NULL;
}

/* The number there; -1 where there are not only digits. */
static int64_t number(const Squeezed *squeezed, int64_t at, int64_t length) {
    const uint8_t *digits = part(squeezed, at, length);
    if (!digits) return -1;
    int64_t value = 0;
    for (int64_t i = 0; i < length; i++) {
        if (!is_digit(digits[i])) return -1;
        value = value * 10 + (digits[i] - '0');
    }
    return value;
}

/* at, length, inside, count, then count times low and high, in order and apart */
static bool in_ranges(const int64_t *asked, const Squeezed *squeezed) {
    int64_t value = number(squeezed, asked[0], asked[1]), low = 0, high = asked[3];
    if (value < 0) return false;
    while (low < high) { /* the first range that does not end before the value */
        int64_t middle = (low + high) / 2;
        if (asked[4 + 2 * middle + 1] < value) low = middle + 1;
        else high = middle;
    }
    bool inside = low < asked[3] && asked[4 + 2 * low] <= value;
    return inside == (asked[2] != 0);
}

/* at, length, inside, then a bit for each number of so many digits */
static bool in_bitmap(const int64_t *asked, const Squeezed *squeezed) {
    int64_t value = number(squeezed, asked[0], asked[1]);
    if (value < 0) return false;
    bool inside = (uint64_t)asked[3 + value / 64] >> (value % 64) & 1;
    return inside == (asked[2] != 0);
}

static inline uint64_t first_eight(const uint8_t *text, int64_t length) {
    uint64_t eight = 0;
    for (int64_t i = 0; i < length && i < 8; i++) eight |= (uint64_t)text[i] << (8 * i);
    return eight;
}

/* at, length, inside, count, bytes of a row, then bits by a hash of the first eight characters, FILTERED of
 * them, then count texts in order, each in a row of its own */
enum { FILTERED_BITS = 10, FILTERED = 1 << FILTERED_BITS };
static bool one_of(const int64_t *asked, const Squeezed *squeezed) {
    const uint8_t *found = part(squeezed, asked[0], asked[1]);
    if (!found) return false;
    const uint64_t bit = first_eight(found, asked[1]) * 0x9E3779B97F4A7C15u >> (64 - FILTERED_BITS);
    if (!((uint64_t)asked[5 + bit / 64] >> (bit % 64) & 1)) return asked[2] == 0;
    const uint8_t *texts = (const uint8_t *)(asked + 5 + FILTERED / 64);
    int64_t low = 0, high = asked[3];
    while (low < high) {
        int64_t middle = (low + high) / 2;
        int order = memcmp(texts + middle * asked[4], found, (size_t)asked[1]);
        if (order == 0) return asked[2] != 0;
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return asked[2] == 0;
}

static bool is_real_day(int64_t year, int64_t month, int64_t day) {
    static const int8_t DAYS[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= DAYS[month] + (month == 2 && leap);
}

enum { A_LEAP_YEAR = 2000 };

/* at, length of the year, then how far behind `at` year, month and day stand */
static bool is_day(const int64_t *asked, const Squeezed *squeezed) {
    int64_t at = asked[0] < 0 ? asked[0] + squeezed->size : asked[0];
    if (at < 0) return false;
    int64_t year = number(squeezed, at + asked[2], asked[1]);
    int64_t month = number(squeezed, at + asked[3], 2), day = number(squeezed, at + asked[4], 2);
    return year >= 0 && is_real_day(asked[1] == 4 ? year : A_LEAP_YEAR, month, day);
}

/* which of the three numbers is the year, the month, the day */
static bool is_day_as_written(const int64_t *asked, const Squeezed *squeezed) {
    enum { MANY = 1000000 };
    int64_t numbers[3] = {0};
    int count = 0;
    for (int i = 0; i < squeezed->written_size; i++) {
        uint8_t byte = squeezed->written[i];
        if (!is_digit(byte)) continue;
        if (i == 0 || !is_digit(squeezed->written[i - 1])) count++;
        if (count > 3) return false;
        int64_t value = numbers[count - 1] * 10 + (byte - '0');
        numbers[count - 1] = value < MANY ? value : MANY; /* no year, month or day, however it goes on */
    }
    if (count != 3) return false;
    int64_t year = numbers[asked[0]];
    return is_real_day(year >= 100 ? year : A_LEAP_YEAR, numbers[asked[1]], numbers[asked[2]]);
}

/* modulus, place of the check character, fold, whether a table of residues, count, then count times
 * place and weight, then the values of 128 characters (-1 for none), then a byte for each remainder */
static bool sums_up(const int64_t *asked, const Squeezed *squeezed) {
    const int64_t *terms = asked + 5;
    const int8_t *values = (const int8_t *)(terms + 2 * asked[4]);
    const uint8_t *expected = (const uint8_t *)values + 128;
    int64_t total = 0;
    for (int64_t i = 0; i < asked[4]; i++) {
        const uint8_t *found = part(squeezed, terms[2 * i], 1);
        if (!found) continue;
        int64_t value = values[*found & 127];
        if (value < 0) return false;
        int64_t product = value * terms[2 * i + 1];
        if (asked[2])
            for (; product; product /= 10) total += product % 10;
        else total += product;
    }
    uint8_t wanted = expected[total % asked[0]];
    if (asked[3]) return wanted;
    const uint8_t *found = part(squeezed, asked[1], 1);
    return found && *found == wanted;
}

/* place, length, modulus, place of the check character, whether a letter stands in front, then its
 * value for 128 characters (-1 for none), then a byte for each remainder */
static bool remains(const int64_t *asked, const Squeezed *squeezed) {
    const int8_t *values = (const int8_t *)(asked + 5);
    const uint8_t *expected = (const uint8_t *)values + 128;
    int64_t at = asked[0] < 0 ? asked[0] + squeezed->size : asked[0], rest = 0;
    const uint8_t *found = part(squeezed, asked[3], 1), *digits = at < 0 ? NULL : part(squeezed, at, asked[1]);
    if (!found || !digits) return false;
    if (asked[4]) {
        if (at == 0 || values[digits[-1] & 127] < 0) return false;
        rest = values[digits[-1] & 127] % asked[2];
    }
    for (int64_t i = 0; i < asked[1]; i++) {
        if (!is_digit(digits[i])) return false;
        rest = (rest * 10 + (digits[i] - '0')) % asked[2];
    }
    return *found == expected[rest];
}

/* Source: ISO/IEC 7812-1. */
static bool luhn(const Squeezed *squeezed) {
    int sum = 0, digits = 0;
    for (int i = squeezed->size - 1; i >= 0; i--) {
        if (!is_digit(squeezed->text[i])) continue;
        int digit = squeezed->text[i] - '0';
        if (digits++ % 2) digit = digit * 2 - 9 * (digit > 4);
        sum += digit;
    }
    return digits > 1 && sum % 10 == 0;
}

static bool verhoeff(const Squeezed *squeezed) {
    static const char D5[] = "0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210";
    static const char P8[] = "01234567891576283094580379614289160435279453126870428657390127938064157046913258";
    int state = 0, digits = 0;
    for (int i = squeezed->size - 1; i >= 0; i--) {
        if (!is_digit(squeezed->text[i])) continue;
        int digit = P8[digits++ % 8 * 10 + squeezed->text[i] - '0'] - '0';
        state = D5[state * 10 + digit] - '0';
    }
    return digits > 1 && state == 0;
}

/* Source: ISO 13616. */
static bool mod97(const Squeezed *squeezed) {
    int rest = 0;
    for (int i = 0; i < squeezed->size; i++) {
        uint8_t byte = squeezed->text[(i + 4) % squeezed->size]; /* the first four come last */
        if (byte == '<') return false;
        rest = is_digit(byte) ? rest * 10 + byte - '0' : rest * 100 + byte - 'A' + 10;
        rest %= 97;
    }
    return squeezed->size > 4 && rest == 1;
}

static bool is_varied(const Squeezed *squeezed) {
    static const char *const RUNS[] = {"0123456789", "123456789", "1234567890", "987654321", "9876543210", "12345678", "87654321"};
    char digits[LONGEST_SHAPE + 8];
    size_t size = 0;
    bool differ = false;
    for (int i = 0; i < squeezed->size; i++) {
        if (!is_digit(squeezed->text[i])) continue;
        digits[size++] = (char)squeezed->text[i];
        differ |= digits[size - 1] != digits[0];
    }
    if (!differ) return false;
    if (size < 8 || size > 10 || digits[0] - digits[1] < -1 || digits[0] - digits[1] > 1) return true;
    for (size_t i = 0; i < sizeof RUNS / sizeof *RUNS; i++)
        if (strlen(RUNS[i]) == size && memcmp(RUNS[i], digits, size) == 0) return false;
    return true;
}

/* a bit for each length, in two numbers */
static bool has_length(const int64_t *asked, const Squeezed *squeezed) {
    return (uint64_t)asked[squeezed->size / 64] >> (squeezed->size % 64) & 1;
}

static bool holds(const int64_t *row, const Squeezed *squeezed) {
    const int64_t *asked = row + 2;
    switch ((Check)row[0]) {
    case IN_RANGES: return in_ranges(asked, squeezed);
    case IN_BITMAP: return in_bitmap(asked, squeezed);
    case ONE_OF: return one_of(asked, squeezed);
    case DAY: return is_day(asked, squeezed);
    case DAY_AS_WRITTEN: return is_day_as_written(asked, squeezed);
    case SUM: return sums_up(asked, squeezed);
    case REMAINDER: return remains(asked, squeezed);
    case LUHN: return luhn(squeezed);
    case VERHOEFF: return verhoeff(squeezed);
    case MOD97: return mod97(squeezed);
    case VARIED: return is_varied(squeezed);
    case LENGTH: return has_length(asked, squeezed);
    }
    return false;
}

/* Whether all checks of a rule hold of what is written. */
static bool passes(const Program *program, const Rule *rule, const uint8_t *written, int64_t size, Squeezed *squeezed) {
    if (!rule->checked && rule->slips < 0) return true;
    if (squeezed->written != written || squeezed->written_size != size) squeeze(written, (int)size, squeezed);
    if (rule->slips >= 0 && squeezed->digits < LEAST_DIGITS) return false; /* nothing is forgiven in what has hardly a digit */
    if (squeezed->slippery && squeezed->slips != rule->slips) {
        if (rule->slips < 0) squeeze(written, (int)size, squeezed);
        else squeeze_slipped(written, (int)size, rule->slips, squeezed);
    }
    const int64_t *row = TABLE(program, int64_t, checks) + rule->checks;
    for (uint32_t i = 0; i < rule->checked; i++, row += row[1])
        if (!holds(row, squeezed)) return false;
    return true;
}

#endif
