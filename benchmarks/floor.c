/* The floor: frame, group commit, ACK; nothing is read but MSH-10, which the ACK must carry.
 *
 * floor FILE PORT        one process, epoll, a growing file, one fdatasync for all that waits.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
    int fd, due;
    char *in; size_t in_length, in_room;
    char *ack; size_t ack_length, ack_room;
} connection_t;

static char *batch;
static size_t batch_length, batch_room;
static connection_t **due;
static size_t due_count, due_room;

static void fail(const char *what) {
    fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void keep(const char *message, size_t length) {
    if (batch_length + length + 4 > batch_room)
        batch = realloc(batch, batch_room = (batch_length + length + 4) * 2);
    uint32_t size = htonl(length);
    memcpy(batch + batch_length, &size, 4);
    memcpy(batch + batch_length + 4, message, length);
    batch_length += length + 4;
}

static void answer(connection_t *c, const char *message, size_t length) {
    const char *p = message, *end = message + length;
    for (int bars = 0; p < end && bars < 9; p++) bars += *p == '|';
    const char *stop = p;
    while (stop < end && *stop != '|' && *stop != '\r') stop++;
    if (c->ack_length + 256 > c->ack_room) c->ack = realloc(c->ack, c->ack_room += 4096);
    c->ack_length += snprintf(c->ack + c->ack_length, 256,
        "\x0bMSH|^~\\&|FLOOR|TEST|EHR|TEST|20261122120000||ACK|F%.*s|P|2.5.1\rMSA|AA|%.*s\r\x1c\r",
        (int)(stop - p) & 63, p, (int)(stop - p) & 63, p);
    if (!c->due) {
        if (due_count == due_room) due = realloc(due, (due_room = due_room * 2 + 64) * sizeof *due);
        due[due_count++] = c;
        c->due = 1;
    }
}

static void take_messages(connection_t *c) {
    size_t at = 0;
    char *end;
    while ((end = memmem(c->in + at, c->in_length - at, "\x1c\r", 2))) {
        char *start = c->in + at;
        if (*start == 0x0b) start++;
        keep(start, end - start);
        answer(c, start, end - start);
        at = end + 2 - c->in;
    }
    memmove(c->in, c->in + at, c->in_length -= at);
}

static int on_readable(connection_t *c) {
    for (;;) {
        if (c->in_room - c->in_length < 32768) c->in = realloc(c->in, c->in_room += 65536);
        ssize_t n = read(c->fd, c->in + c->in_length, c->in_room - c->in_length);
        if (n < 0 && errno == EAGAIN) break;
        if (n <= 0) return 0;
        c->in_length += n;
        if (c->in_length < c->in_room) break;
    }
    take_messages(c);
    return 1;
}

static void commit(int file) {
    for (size_t done = 0; done < batch_length;) {
        ssize_t n = write(file, batch + done, batch_length - done);
        if (n < 0) fail("write");
        done += n;
    }
    if (batch_length && fdatasync(file)) fail("fdatasync");
    batch_length = 0;
    for (size_t i = 0; i < due_count; i++) {
        connection_t *c = due[i];
        for (size_t done = 0; done < c->ack_length;) {
            ssize_t n = write(c->fd, c->ack + done, c->ack_length - done);
            if (n < 0 && errno != EAGAIN) break; /* gone: epoll tells */
            if (n > 0) done += n;
        }
        c->ack_length = c->due = 0;
    }
    due_count = 0;
}

static void accept_all(int listener, int epoll_fd) {
    int fd, one = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        connection_t *c = calloc(1, sizeof *c);
        c->fd = fd;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &e);
    }
}

int main(int argc, char **argv) {
    if (argc != 3) { fprintf(stderr, "floor: FILE PORT\n"); return 2; }
    int file = open(argv[1], O_WRONLY | O_CREAT | O_APPEND, 0600), one = 1;
    if (file < 0) fail(argv[1]);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&at, sizeof at) || listen(listener, 512)) fail("listen");
    int epoll_fd = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL}, events[512];
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &e);
    printf("{\"mllp\": \"127.0.0.1:%s\"}\n", argv[2]);
    fflush(stdout);
    for (;;) {
        int n = epoll_wait(epoll_fd, events, 512, -1);
        for (int i = 0; i < n; i++) {
            connection_t *c = events[i].data.ptr;
            if (!c) { accept_all(listener, epoll_fd); continue; }
            if (!on_readable(c)) { close(c->fd); c->fd = -1; } /* its few bytes stay until exit */
        }
        commit(file);
    }
}
