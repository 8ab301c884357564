/*
 * What a server costs at least: a thread for each connection, which reads, writes and, if it is to, syncs at the end.
 * It understands PUT with a Content-Length on connections that are kept alive, and nothing else.
 *
 *   loop DIRECTORY [sync]
 *
 * Says its port and serves until it is ended. Compiled with -DDIGEST -lcrypto it takes the SHA-256 of each file too, on
 * another thread while the next bytes come.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef DIGEST
#include <openssl/evp.h>
#include <semaphore.h>
#define BUFFER (1 << 20)
#define BUFFERS 4
#else
#define BUFFER (256 << 10)
#endif
#define HEAD 8192
#define ANSWER "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"

static const char *directory;
static bool durable;

static void die(const char *what) {
    fprintf(stderr, "loop: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void write_all(int file, const char *bytes, size_t count) {
    while (count > 0) {
        const ssize_t done = write(file, bytes, count);
        if (done < 0) {
            die("write");
        }
        bytes += done;
        count -= (size_t) done;
    }
}

static size_t least(long left, size_t room) {
    return left < (long) room ? (size_t) left : room;
}

/* As many bytes as are there; 0 if the connection ends. */
static size_t receive(int connection, char *buffer, size_t most) {
    const ssize_t count = read(connection, buffer, most);
    return count > 0 ? (size_t) count : 0;
}

#ifdef DIGEST
struct ring {
    char *buffers;
    size_t lengths[BUFFERS];    /* 0 behind the last one */
    sem_t full, empty;
};

static void *take_digest(void *argument) {
    struct ring *ring = argument;
    unsigned char digest[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_DigestInit_ex(context, EVP_sha256(), NULL);
    sem_wait(&ring->full);
    for (int i = 0; ring->lengths[i] > 0; i = (i + 1) % BUFFERS) {
        EVP_DigestUpdate(context, ring->buffers + (size_t) i * BUFFER, ring->lengths[i]);
        sem_post(&ring->empty);
        sem_wait(&ring->full);
    }
    EVP_DigestFinal_ex(context, digest, NULL);
    EVP_MD_CTX_free(context);
    return NULL;
}

/* Writes what came with the head, and reads and writes what is left, in full buffers; false if the connection ends before. */
static bool copy(int connection, int file, const char *first, size_t here, long left) {
    struct ring ring = {.buffers = malloc(BUFFERS * BUFFER)};
    pthread_t thread;
    sem_init(&ring.full, 0, 0);
    sem_init(&ring.empty, 0, BUFFERS);
    if (ring.buffers == NULL || pthread_create(&thread, NULL, take_digest, &ring) != 0) {
        die("digest");
    }
    memcpy(ring.buffers, first, here);
    size_t count = here;
    bool more = true;
    for (int i = 0; more; i = (i + 1) % BUFFERS) {
        sem_wait(&ring.empty);
        char *buffer = ring.buffers + (size_t) i * BUFFER;
        for (size_t got = 1; count < BUFFER && left > 0 && got > 0; count += got, left -= (long) got) {
            got = receive(connection, buffer + count, least(left, BUFFER - count));
        }
        write_all(file, buffer, count);
        more = count > 0;
        ring.lengths[i] = count;
        count = 0;
        sem_post(&ring.full);
    }
    pthread_join(thread, NULL);
    free(ring.buffers);
    return left == 0;
}
#else
static bool copy(int connection, int file, const char *first, size_t here, long left) {
    static __thread char buffer[BUFFER];
    write_all(file, first, here);
    for (size_t got = 1; left > 0 && got > 0; left -= (long) got) {
        got = receive(connection, buffer, least(left, BUFFER));
        write_all(file, buffer, got);
    }
    return left == 0;
}
#endif

/* One file; false if the connection ends before it is complete. */
static bool store(int connection, const char *name, const char *first, size_t here, long left) {
    char staged[512], target[512];
    snprintf(staged, sizeof staged, "%s/.%s.tmp", directory, name);
    snprintf(target, sizeof target, "%s/%s", directory, name);
    const int file = open(staged, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (file < 0) {
        die(staged);
    }
    if (!copy(connection, file, first, here, left)) {
        close(file);
        unlink(staged);
        return false;
    }
    if ((durable && fsync(file) != 0) || close(file) != 0 || rename(staged, target) != 0) {
        die(target);
    }
    return true;
}

static void *serve(void *argument) {
    const int connection = (int) (long) argument;
    const int one = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    char *buffer = malloc(HEAD);
    long have = 0;
    bool open = buffer != NULL;
    while (open) {
        const ssize_t count = read(connection, buffer + have, (size_t) (HEAD - have));
        open = count > 0;
        have += count > 0 ? count : 0;
        char *end = memmem(buffer, (size_t) have, "\r\n\r\n", 4);
        if (end != NULL) {
            *end = 0;
            char name[256];
            const char *length = strcasestr(buffer, "\r\nContent-Length:");
            if (sscanf(buffer, "PUT /%250[^/ ] ", name) != 1 || length == NULL) {
                break;
            }
            const long size = atol(length + strlen("\r\nContent-Length:"));
            const long here = have - (end + 4 - buffer);
            have = 0;
            open = store(connection, name, end + 4, (size_t) here, size - here);
            if (open) {
                write_all(connection, ANSWER, strlen(ANSWER));
            }
        }
    }
    free(buffer);
    close(connection);
    return NULL;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "loop DIRECTORY [sync]\n");
        return 2;
    }
    directory = argv[1];
    durable = argc > 2 && strcmp(argv[2], "sync") == 0;
    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *) &address, length) != 0 || listen(listener, 1024) != 0
            || getsockname(listener, (struct sockaddr *) &address, &length) != 0) {
        die("listen");
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    while (true) {
        const int connection = accept(listener, NULL, NULL);
        pthread_t thread;
        if (connection < 0 || pthread_create(&thread, NULL, serve, (void *) (long) connection) != 0
                || pthread_detach(thread) != 0) {
            die("accept");
        }
    }
}
