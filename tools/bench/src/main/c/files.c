/*
 * Creates, writes, syncs and renames files, as many at a time as there are threads: what a device gives who stores
 * many small files, without any network.
 *
 *   files DIRECTORY COUNT BYTES THREADS [sync|names]
 *
 * With "names" the directory is synced after each too: else a file whose content is safe may be without its name after a
 * crash. The system does for all threads at once what it can.
 *
 * Says one line of JSON: seconds and requests, as load does.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *directory;
static long count, size;
static bool durable, names;
static int opened;
static char *content;
static atomic_long next;

static void die(const char *what) {
    fprintf(stderr, "files: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void *store(void *nothing) {
    for (long number = next++; number < count; number = next++) {
        char staged[512], target[512];
        snprintf(staged, sizeof staged, "%s/.%ld.tmp", directory, number);
        snprintf(target, sizeof target, "%s/%ld", directory, number);
        const int file = open(staged, O_WRONLY | O_CREAT | O_EXCL, 0600);
        if (file < 0 || write(file, content, (size_t) size) != size || (durable && fsync(file) != 0) || close(file) != 0
                || rename(staged, target) != 0 || (names && fsync(opened) != 0)) {
            die(target);
        }
    }
    return nothing;
}

int main(int argc, char **argv) {
    if (argc < 5) {
        fprintf(stderr, "files DIRECTORY COUNT BYTES THREADS [sync|names]\n");
        return 2;
    }
    directory = argv[1];
    count = atol(argv[2]);
    size = atol(argv[3]);
    const int threads = atoi(argv[4]);
    names = argc > 5 && strcmp(argv[5], "names") == 0;
    durable = names || (argc > 5 && strcmp(argv[5], "sync") == 0);
    opened = open(directory, O_RDONLY | O_DIRECTORY);
    if (opened < 0) {
        die(directory);
    }
    content = calloc(1, (size_t) size + 1);
    pthread_t *all = calloc((size_t) threads, sizeof *all);
    if (content == NULL || all == NULL) {
        die("memory");
    }
    struct timespec begun, ended;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    for (int i = 0; i < threads; i++) {
        if (pthread_create(&all[i], NULL, store, NULL) != 0) {
            die("thread");
        }
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(all[i], NULL);
    }
    clock_gettime(CLOCK_MONOTONIC, &ended);
    printf("{\"seconds\": %.6f, \"requests\": %ld, \"failed\": 0}\n",
            (double) (ended.tv_sec - begun.tv_sec) + (double) (ended.tv_nsec - begun.tv_nsec) / 1e9, count);
    return 0;
}
