/*
 * Sends uploads over HTTP/1.1 to 127.0.0.1 and times them. It has one thread, and sends long bodies by sendfile(2) out
 * of memory, so that a small machine is left to the server.
 *
 *   load [-p PORT] [-c CONNECTIONS] [-n REQUESTS] [-s BYTES] [-m METHOD] [-u PATH] [-H HEADER]... [-F] [-1]
 *        [-r BYTES_PER_SECOND] [-w MILLISECONDS] [-t SECONDS]
 *
 *   -u  a # in it becomes the number of the request
 *   -F  the body is a form with one file
 *   -1  a new connection for each request
 *   -r  each connection sends no faster than that, in pieces of a quarter of a second
 *   -w  the time from the begin of one request to that of the next on the same connection, at least
 *   -t  gives up after so long
 *
 * Says one line of JSON: seconds, requests, failed (with the first failure), bytes of all bodies that were accepted,
 * latencies in milliseconds, and the CPU seconds that this program took itself.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define CONTENT (16L << 20)
#define SMALL (64L << 10)
#define SECOND 1000000000L
#define PIECES_PER_SECOND 4
#define TICK (SECOND / 200)
/* Thousands do not connect in the same moment */
#define CONNECTS_PER_SECOND 2500
/* One of curl's: the longer it is, the fewer bytes a search has to look at */
#define BOUNDARY "------------------------d05dcb0193a18bab"
#define TAIL "\r\n--" BOUNDARY "--\r\n"

struct connection {
    int fd;             /* or -1 */
    uint32_t watched;   /* events that are waited for */
    bool active;        /* a request is under way */
    int64_t due;        /* when the next request begins, or the next piece may be sent */
    int64_t begun;
    char head[2048];
    long head_length;
    long head_left;
    long content_left;
    long tail_left;
    long allowed;       /* bytes of the content that may be sent now */
    char answer[4096];
    size_t answered;
};

static struct sockaddr_in server = {.sin_family = AF_INET};
static int connections = 1;
static long requests = 1, size = 1024, rate, wait_millis, most_seconds = 600;
static const char *method = "PUT", *path = "/#";
static char headers[1024];
static bool form, fresh;

static int epoll, content_fd;
static char *content;
static long sent, finished, failed;
static double *latencies;
static char failure[256];

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

static void die(const char *what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void make_content(void) {
    content_fd = memfd_create("content", 0);
    if (content_fd < 0 || ftruncate(content_fd, CONTENT) != 0) {
        die("content");
    }
    content = mmap(NULL, CONTENT, PROT_READ | PROT_WRITE, MAP_SHARED, content_fd, 0);
    if (content == MAP_FAILED) {
        die("content");
    }
    uint64_t x = 88172645463325252u;
    for (long i = 0; i < CONTENT / 8; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        ((uint64_t *) content)[i] = x;
    }
}

static void watch(struct connection *c, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = c};
    if (events != c->watched && epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &event) != 0) {
        die("epoll");
    }
    c->watched = events;
}

static void open_connection(struct connection *c) {
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const int one = 1;
    if (c->fd < 0 || setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0) {
        die("socket");
    }
    if (connect(c->fd, (struct sockaddr *) &server, sizeof server) != 0 && errno != EINPROGRESS) {
        die("connect");
    }
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = c};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event) != 0) {
        die("epoll");
    }
    c->watched = EPOLLOUT;
}

static void close_connection(struct connection *c) {
    close(c->fd);
    c->fd = -1;
}

static void write_head(struct connection *c) {
    char part[256] = "", type[128] = "";
    if (form) {
        snprintf(type, sizeof type, "Content-Type: multipart/form-data; boundary=" BOUNDARY "\r\n");
        snprintf(part, sizeof part, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%ld\"\r\n"
                "Content-Type: application/octet-stream\r\n\r\n", sent);
    }
    c->tail_left = form ? (long) strlen(TAIL) : 0;
    const int before = (int) strcspn(path, "#");
    const bool numbered = path[before] == '#';
    char target[512];
    snprintf(target, sizeof target, numbered ? "%.*s%ld%s" : "%.*s", before, path, sent, path + before + numbered);
    c->head_length = snprintf(c->head, sizeof c->head,
            "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s%s%sContent-Length: %ld\r\n\r\n%s", method, target, headers, type,
            fresh ? "Connection: close\r\n" : "", (long) strlen(part) + size + c->tail_left, part);
    if (c->head_length >= (long) sizeof c->head) {
        die("headers are too long");
    }
    c->head_left = c->head_length;
}

static long take(long *left, long count) {
    const long taken = count < *left ? count : *left;
    *left -= taken;
    return taken;
}

/* Whether all was sent that may be sent now; false if the server takes no more at the moment, or never again. */
static bool send_some(struct connection *c) {
    while (c->head_left + c->content_left + c->tail_left > 0) {
        off_t offset = (size - c->content_left) % CONTENT;
        const bool small = c->content_left <= SMALL && c->content_left <= c->allowed && offset + c->content_left <= CONTENT;
        ssize_t count;
        if (c->head_left > 0 || small) {
            struct iovec parts[] = {{c->head + c->head_length - c->head_left, (size_t) c->head_left},
                {content + offset, (size_t) c->content_left},
                {(char *) TAIL + strlen(TAIL) - c->tail_left, (size_t) c->tail_left}};
            count = writev(c->fd, parts, small ? 3 : 1);
        } else if (c->allowed > 0) {
            const long most = c->allowed < CONTENT - offset ? c->allowed : CONTENT - offset;
            count = sendfile(c->fd, content_fd, &offset, (size_t) (most < c->content_left ? most : c->content_left));
        } else {
            return true;
        }
        if (count < 0) {
            return false;
        }
        long left = count;
        left -= take(&c->head_left, left);
        const long of_content = take(&c->content_left, left);
        c->allowed -= of_content;
        take(&c->tail_left, left - of_content);
    }
    return true;
}

/* Sends what may be sent, and waits for room or for the answer. */
static void go_on(struct connection *c) {
    const bool all = send_some(c);
    if (!all && errno != EAGAIN && errno != ENOTCONN) {
        /* Who refuses in the middle has answered */
        c->head_left = c->content_left = c->tail_left = 0;
    }
    const bool more = c->head_left + c->content_left + c->tail_left > 0;
    watch(c, more && !all ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void begin(struct connection *c, int64_t time) {
    write_head(c);
    c->content_left = size;
    c->allowed = rate > 0 ? rate / PIECES_PER_SECOND : size;
    c->answered = 0;
    c->begun = time;
    c->active = true;
    c->due = rate > 0 ? time + SECOND / PIECES_PER_SECOND : INT64_MAX;
    sent++;
    if (c->fd < 0) {
        open_connection(c);
    } else {
        go_on(c);
    }
}

static void end(struct connection *c, int64_t time, const char *fault) {
    if (fault != NULL && failed++ == 0) {
        snprintf(failure, sizeof failure, "%s: %.200s", fault, c->answered > 0 ? c->answer : strerror(errno));
    }
    latencies[finished++] = (double) (time - c->begun) / 1e6;
    c->active = false;
    c->due = c->begun + wait_millis * 1000000;
    if (fault != NULL || fresh || strcasestr(c->answer, "\r\nconnection: close") != NULL) {
        close_connection(c);
    }
}

/* Whether all of the answer is there. */
static bool answered(struct connection *c) {
    c->answer[c->answered] = 0;
    const char *body = strstr(c->answer, "\r\n\r\n");
    if (body == NULL) {
        return false;
    }
    body += 4;
    const char *length = strcasestr(c->answer, "\r\ncontent-length:");
    if (length != NULL && length < body) {
        return c->answer + c->answered >= body + atol(length + strlen("\r\ncontent-length:"));
    }
    const char *chunked = strcasestr(c->answer, "\r\ntransfer-encoding:");
    return chunked == NULL || chunked > body || strcmp(c->answer + c->answered - 5, "0\r\n\r\n") == 0;
}

static void receive(struct connection *c, int64_t time) {
    const ssize_t count = recv(c->fd, c->answer + c->answered, sizeof c->answer - 1 - c->answered, 0);
    if (count < 0 && errno == EAGAIN) {
        return;
    }
    if (count <= 0) {
        end(c, time, "closed");
        return;
    }
    c->answered += (size_t) count;
    if (answered(c)) {
        end(c, time, strncmp(c->answer, "HTTP/1.1 20", 11) == 0 ? NULL : "refused");
    } else if (c->answered == sizeof c->answer - 1) {
        end(c, time, "answer is too long");
    }
}

/* Does what is due. */
static void turn(struct connection *c, int64_t time) {
    if (time < c->due) {
        return;
    }
    if (!c->active && sent < requests) {
        begin(c, time);
    } else if (c->active) {
        c->allowed += rate / PIECES_PER_SECOND;
        c->due += SECOND / PIECES_PER_SECOND;
        if (c->content_left > 0) {
            go_on(c);
        }
    }
}

static void run(int64_t start) {
    struct connection *all = calloc((size_t) connections, sizeof *all);
    struct epoll_event *events = calloc((size_t) connections, sizeof *events);
    latencies = calloc((size_t) requests, sizeof *latencies);
    epoll = epoll_create1(0);
    if (all == NULL || events == NULL || latencies == NULL || epoll < 0) {
        die("connections");
    }
    for (int i = 0; i < connections; i++) {
        all[i].fd = -1;
        all[i].due = start + i * (SECOND / CONNECTS_PER_SECOND);
    }
    int64_t next = start;
    for (int64_t time = start; finished < requests && time - start < most_seconds * SECOND; time = now()) {
        if (time >= next) {
            for (int i = 0; i < connections; i++) {
                turn(&all[i], time);
            }
            next = time + TICK;
        }
        const int count = epoll_wait(epoll, events, connections, TICK / 1000000);
        const int64_t woken = now();
        for (int i = 0; i < count; i++) {
            struct connection *c = events[i].data.ptr;
            if (events[i].events & EPOLLIN) {
                receive(c, woken);
                turn(c, woken);
            } else {
                go_on(c);
            }
        }
    }
}

static int compare(const void *a, const void *b) {
    const double x = *(const double *) a, y = *(const double *) b;
    return x < y ? -1 : x > y;
}

static double percentile(double p) {
    const long index = (long) (p * (double) finished);
    return finished == 0 ? 0 : latencies[index < finished ? index : finished - 1];
}

static void report(double seconds) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    const double cpu = (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    qsort(latencies, (size_t) finished, sizeof *latencies, compare);
    for (char *p = failure; *p != 0; p++) {
        *p = *p < ' ' || *p == '"' || *p == '\\' ? ' ' : *p;
    }
    printf("{\"seconds\": %.6f, \"requests\": %ld, \"failed\": %ld, \"failure\": \"%s\", \"bytes\": %ld, \"p50\": %.3f, "
            "\"p99\": %.3f, \"max\": %.3f, \"cpu\": %.3f}\n", seconds, finished, failed, failure, (finished - failed) * size,
            percentile(.5), percentile(.99), percentile(1), cpu);
}

int main(int argc, char **argv) {
    int option;
    while ((option = getopt(argc, argv, "p:c:n:s:m:u:H:F1r:w:t:")) != -1) {
        switch (option) {
            case 'p': server.sin_port = htons((uint16_t) atoi(optarg)); break;
            case 'c': connections = atoi(optarg); break;
            case 'n': requests = atol(optarg); break;
            case 's': size = atol(optarg); break;
            case 'm': method = optarg; break;
            case 'u': path = optarg; break;
            case 'H': snprintf(headers + strlen(headers), sizeof headers - strlen(headers), "%s\r\n", optarg); break;
            case 'F': form = true; break;
            case '1': fresh = true; break;
            case 'r': rate = atol(optarg); break;
            case 'w': wait_millis = atol(optarg); break;
            case 't': most_seconds = atol(optarg); break;
            default: fprintf(stderr, "load.c says what its options are\n"); return 2;
        }
    }
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    make_content();
    const int64_t start = now();
    run(start);
    report((double) (now() - start) / (double) SECOND);
    return finished == requests && failed == 0 ? 0 : 1;
}
