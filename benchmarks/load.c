/* MLLP load client: sends a feed over N connections and checks every acknowledgement.
 *
 * load FILE --port P [--connections N] [--window W] [--seconds S] [--count C]
 *           [--skip K] [--rate R] [--reconnect]
 *
 * FILE holds messages, each after its length (4 bytes, big endian), each with a control id
 * (MSH-10) of two letters and digits. When the file is used up it is sent again with other
 * letters, so that no id comes twice. --window is the number of unanswered messages a
 * connection may have; 1 is MLLP's own stop-and-wait. --rate paces the whole client.
 * --reconnect takes a new connection for each message, for servers that close after one.
 * One JSON line on stdout. An ACK counts only with MSA-1 AA or CA and MSA-2 as sent.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ID_MAX 64
#define DRAIN_NS 3000000000LL /* how long unanswered messages are waited for at the end */

typedef struct { uint32_t start, length, id_start, id_length; } message_t;
typedef struct { int64_t sent_ns; char id[ID_MAX]; uint32_t id_length; } pending_t;
typedef struct {
    int fd, writing;
    pending_t *pending; /* ring of `window` */
    uint32_t first, waiting;
    char *out; size_t out_length, out_sent, out_room;
    char *in; size_t in_length, in_room;
} connection_t;

static char *feed;
static message_t *messages;
static uint32_t message_count;
static uint64_t issued, skip, limit = UINT64_MAX;
static uint64_t accepted, rejected, wrong_id, closed, bytes;
static uint32_t *latency_us_x10;
static size_t latency_count, latency_room;
static int epoll_fd, port, reconnecting;
static uint32_t connection_count = 1, window = 1;
static double seconds = 10, rate;
static int64_t started_ns, last_ack_ns;
static connection_t *connections;

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void fail(const char *what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void find_control_id(message_t *m) {
    const char *p = feed + m->start, *end = p + m->length;
    for (int bars = 0; p < end && bars < 9; p++) bars += *p == '|';
    const char *stop = p;
    while (stop < end && *stop != '|' && *stop != '\r') stop++;
    m->id_start = p - feed;
    m->id_length = stop - p;
    if (m->id_length < 3 || m->id_length > ID_MAX) { errno = EINVAL; fail("control id"); }
}

static void read_feed(const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) fail(path);
    fseek(f, 0, SEEK_END);
    size_t size = ftell(f);
    rewind(f);
    feed = malloc(size);
    if (fread(feed, 1, size, f) != size) fail("read");
    fclose(f);
    size_t room = 1024;
    messages = malloc(room * sizeof *messages);
    for (size_t at = 0; at + 4 <= size;) {
        uint32_t length;
        memcpy(&length, feed + at, 4);
        length = ntohl(length);
        if (message_count == room) messages = realloc(messages, (room *= 2) * sizeof *messages);
        message_t *m = &messages[message_count++];
        m->start = at + 4;
        m->length = length;
        find_control_id(m);
        at += 4 + length;
    }
    if (!message_count) { errno = EINVAL; fail("empty feed"); }
}

static void watch(connection_t *c, int op, int writing) {
    struct epoll_event e = {.events = EPOLLIN | (writing ? EPOLLOUT : 0), .data.ptr = c};
    if (epoll_ctl(epoll_fd, op, c->fd, &e)) fail("epoll_ctl");
    c->writing = writing;
}

static void connect_one(connection_t *c) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (c->fd < 0) fail("socket");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    c->out_length = c->out_sent = c->in_length = 0;
    c->first = c->waiting = 0;
    if (connect(c->fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) fail("connect");
    watch(c, EPOLL_CTL_ADD, 1);
}

static void flush_out(connection_t *c) {
    while (c->out_sent < c->out_length) {
        ssize_t n = write(c->fd, c->out + c->out_sent, c->out_length - c->out_sent);
        if (n < 0) break; /* not connected yet, full, or broken: epoll says which */
        c->out_sent += n;
    }
    if (c->out_sent == c->out_length) c->out_length = c->out_sent = 0;
    if (c->writing != (c->out_length > 0)) watch(c, EPOLL_CTL_MOD, c->out_length > 0);
}

static int may_issue(int64_t now) {
    if (issued >= limit || now - started_ns >= seconds * 1e9) return 0;
    return rate <= 0 || issued < (now - started_ns) / 1e9 * rate;
}

static void issue(connection_t *c, int64_t now) {
    uint64_t at = skip + issued++;
    message_t *m = &messages[at % message_count];
    uint64_t pass = at / message_count;
    if (pass) { /* another pass over the file: other letters, so that no id comes twice */
        feed[m->id_start] = 'A' + pass / 26 % 26;
        feed[m->id_start + 1] = 'A' + pass % 26;
    }
    size_t need = c->out_length + m->length + 3;
    if (need > c->out_room) c->out = realloc(c->out, c->out_room = need * 2);
    char *p = c->out + c->out_length;
    *p = 0x0b;
    memcpy(p + 1, feed + m->start, m->length);
    memcpy(p + 1 + m->length, "\x1c\r", 2);
    c->out_length = need;
    bytes += m->length;
    pending_t *slot = &c->pending[(c->first + c->waiting++) % window];
    slot->sent_ns = now;
    slot->id_length = m->id_length;
    memcpy(slot->id, feed + m->id_start, m->id_length);
}

static void pump(connection_t *c) {
    int64_t now = now_ns();
    while (c->waiting < window && may_issue(now)) issue(c, now);
    flush_out(c);
}

static void judge(const char *ack, size_t length, const pending_t *sent) {
    const char *msa = memmem(ack, length, "\rMSA|", 5), *end = ack + length;
    if (!msa) { rejected++; return; }
    const char *code = msa + 5, *bar = memchr(code, '|', end - code);
    if (!bar || bar - code != 2 || code[1] != 'A' || (code[0] != 'A' && code[0] != 'C')) {
        rejected++;
        return;
    }
    const char *id = bar + 1, *stop = id;
    while (stop < end && *stop != '|' && *stop != '\r' && *stop != '\n' && *stop != '^') stop++;
    if ((size_t)(stop - id) != sent->id_length || memcmp(id, sent->id, sent->id_length))
        wrong_id++;
    else
        accepted++;
}

static void note_ack(connection_t *c, const char *ack, size_t length) {
    if (!c->waiting) { wrong_id++; return; }
    pending_t *sent = &c->pending[c->first];
    last_ack_ns = now_ns();
    if (latency_count == latency_room)
        latency_us_x10 = realloc(latency_us_x10, (latency_room = latency_room * 2 + 4096) * 4);
    latency_us_x10[latency_count++] = (last_ack_ns - sent->sent_ns) / 100;
    judge(ack, length, sent);
    c->first = (c->first + 1) % window;
    c->waiting--;
}

/* Takes whole ACK frames out of the input; returns how many there were. */
static int take_acks(connection_t *c) {
    size_t at = 0;
    int taken = 0;
    for (;;) {
        char *end = memmem(c->in + at, c->in_length - at, "\x1c\r", 2);
        if (!end) break;
        char *start = memchr(c->in + at, 0x0b, end - (c->in + at));
        if (!start) start = c->in + at;
        note_ack(c, start, end - start);
        at = end + 2 - c->in;
        taken++;
    }
    memmove(c->in, c->in + at, c->in_length -= at);
    return taken;
}

static void renew(connection_t *c) {
    close(c->fd);
    connect_one(c);
    if (!reconnecting || may_issue(now_ns())) pump(c);
}

static void on_readable(connection_t *c) {
    int taken = 0;
    for (;;) {
        if (c->in_room - c->in_length < 4096) c->in = realloc(c->in, c->in_room += 65536);
        ssize_t n = read(c->fd, c->in + c->in_length, c->in_room - c->in_length);
        if (n < 0 && errno == EAGAIN) break;
        if (n <= 0) { /* the server closed: unanswered messages of this connection are lost */
            if (c->waiting || !reconnecting) closed++;
            if (closed > 1000) { errno = ECONNRESET; fail("the server keeps closing"); }
            renew(c);
            return;
        }
        c->in_length += n;
        taken += take_acks(c);
        if (taken && reconnecting) { renew(c); return; }
    }
    if (taken) pump(c);
}

static uint32_t all_waiting(void) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < connection_count; i++) sum += connections[i].waiting;
    return sum;
}

static void drive(void) {
    struct epoll_event events[512];
    for (;;) {
        int64_t now = now_ns();
        int over = issued >= limit || now - started_ns >= seconds * 1e9;
        if (over && (!all_waiting() || now - started_ns > seconds * 1e9 + DRAIN_NS)) return;
        if (rate > 0)
            for (uint32_t i = 0; i < connection_count; i++) pump(&connections[i]);
        int n = epoll_wait(epoll_fd, events, 512, rate > 0 ? 1 : 50);
        for (int i = 0; i < n; i++) {
            connection_t *c = events[i].data.ptr;
            if (events[i].events & EPOLLOUT) flush_out(c);
            if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) on_readable(c);
        }
    }
}

static int by_size(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static double quantile_us(double q) {
    if (!latency_count) return 0;
    return latency_us_x10[(size_t)(q * (latency_count - 1))] / 10.0;
}

static void report(void) {
    double took = latency_count ? (last_ack_ns - started_ns) / 1e9 : 0;
    qsort(latency_us_x10, latency_count, 4, by_size);
    printf("{\"sent\": %lu, \"accepted\": %lu, \"rejected\": %lu, \"wrong_id\": %lu, "
           "\"unanswered\": %lu, \"closed\": %lu, \"seconds\": %.4f, \"msg_s\": %.1f, "
           "\"bytes\": %lu, \"p50_us\": %.1f, \"p90_us\": %.1f, \"p99_us\": %.1f, \"max_us\": %.1f}\n",
           issued, accepted, rejected, wrong_id, issued - accepted - rejected - wrong_id, closed,
           took, took > 0 ? accepted / took : 0, bytes, quantile_us(0.5), quantile_us(0.9),
           quantile_us(0.99), quantile_us(1));
}

static void read_arguments(int argc, char **argv) {
    for (int i = 2; i < argc; i++) {
        const char *name = argv[i];
        if (!strcmp(name, "--reconnect")) { reconnecting = 1; continue; }
        if (i + 1 == argc) { errno = EINVAL; fail(name); }
        const char *value = argv[++i];
        if (!strcmp(name, "--port")) port = atoi(value);
        else if (!strcmp(name, "--connections")) connection_count = atoi(value);
        else if (!strcmp(name, "--window")) window = atoi(value);
        else if (!strcmp(name, "--seconds")) seconds = atof(value);
        else if (!strcmp(name, "--count")) limit = strtoull(value, NULL, 10);
        else if (!strcmp(name, "--skip")) skip = strtoull(value, NULL, 10);
        else if (!strcmp(name, "--rate")) rate = atof(value);
        else { errno = EINVAL; fail(name); }
    }
}

int main(int argc, char **argv) {
    if (argc < 4) { fprintf(stderr, "load: FILE --port P [...]\n"); return 2; }
    read_arguments(argc, argv);
    read_feed(argv[1]);
    epoll_fd = epoll_create1(0);
    connections = calloc(connection_count, sizeof *connections);
    for (uint32_t i = 0; i < connection_count; i++) {
        connections[i].pending = calloc(window, sizeof(pending_t));
        connect_one(&connections[i]);
    }
    started_ns = now_ns();
    for (uint32_t i = 0; i < connection_count; i++) pump(&connections[i]);
    drive();
    report();
    return 0;
}
