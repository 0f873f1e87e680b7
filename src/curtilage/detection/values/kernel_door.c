/* Chooses, when a scan begins, the kernel that was compiled for the processor at hand.
 *
 * On x86-64 kernel.c is compiled twice, for any such processor and for those with AVX2 and BMI (2013
 * and newer); elsewhere once, under the name of the first. Both find the same, and the tests ask both.
 */
#include <stdint.h>

int64_t curtilage_scan_plain(const void *program, const void *column, const void *carried, void *answer);
#ifdef KERNEL_HAS_V3
int64_t curtilage_scan_v3(const void *program, const void *column, const void *carried, void *answer);
#endif

int64_t curtilage_scan(const void *program, const void *column, const void *carried, void *answer) {
#ifdef KERNEL_HAS_V3
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
        __builtin_cpu_supports("fma"))
        return curtilage_scan_v3(program, column, carried, answer);
#endif
    return curtilage_scan_plain(program, column, carried, answer);
}
