/*
 * The same work each time: how much longer it takes now than at another time tells how noisy the machine is. Says the
 * seconds, by the clock on the wall.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

int main(void) {
    struct timespec begun, ended;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    uint64_t x = 88172645463325252u;
    for (long i = 0; i < 100000000; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    clock_gettime(CLOCK_MONOTONIC, &ended);
    printf("%.4f %c\n", (double) (ended.tv_sec - begun.tv_sec) + (double) (ended.tv_nsec - begun.tv_nsec) / 1e9,
            x == 0 ? '!' : '.');
    return 0;
}
