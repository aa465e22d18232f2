// What the programs here need of rtnetlink(7): one request at a time, each acknowledged.
#ifndef RTNETLINK_H
#define RTNETLINK_H

#include <errno.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct request {
    struct nlmsghdr header;
    char body[1024];
};

static inline void die(const char *what) {
    perror(what);
    exit(1);
}

static inline long long nanos(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static inline int open_rtnetlink(void) {
    struct sockaddr_nl any = {.nl_family = AF_NETLINK};
    int socket_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (socket_fd < 0 || bind(socket_fd, (struct sockaddr *)&any, sizeof any) < 0) die("rtnetlink socket");
    return socket_fd;
}

// Begins a request whose fixed part is `length` bytes long, and returns that part.
static inline void *begin(struct request *request, int type, int flags, size_t length) {
    memset(request, 0, sizeof *request);
    request->header.nlmsg_len = NLMSG_LENGTH(length);
    request->header.nlmsg_type = type;
    request->header.nlmsg_flags = NLM_F_REQUEST | flags;
    return request->body;
}

static inline struct rtattr *add(struct request *request, int type, const void *value, size_t length) {
    struct nlmsghdr *header = &request->header;
    struct rtattr *attribute = (struct rtattr *)((char *)request + NLMSG_ALIGN(header->nlmsg_len));
    attribute->rta_type = type;
    attribute->rta_len = RTA_LENGTH(length);
    if (length) memcpy(RTA_DATA(attribute), value, length);
    header->nlmsg_len = NLMSG_ALIGN(header->nlmsg_len) + RTA_ALIGN(attribute->rta_len);
    return attribute;
}

static inline struct rtattr *add_name(struct request *request, int type, const char *name) {
    return add(request, type, name, strlen(name) + 1);
}

// Closes an attribute that was opened by add(..., NULL, 0): what was added since is inside it.
static inline void nest(struct request *request, struct rtattr *attribute) {
    attribute->rta_len = (char *)&request->header + NLMSG_ALIGN(request->header.nlmsg_len) - (char *)attribute;
}

// Sends and reads one answer, into `answer`; an error ends the program.
static inline struct nlmsghdr *ask(int socket_fd, struct request *request, char *answer, size_t size, const char *what) {
    static unsigned sequence;
    struct nlmsghdr *header = (struct nlmsghdr *)answer;
    request->header.nlmsg_seq = ++sequence;
    if (send(socket_fd, request, request->header.nlmsg_len, 0) < 0 || recv(socket_fd, answer, size, 0) < 0) die(what);
    if (header->nlmsg_type == NLMSG_ERROR) {
        errno = -((struct nlmsgerr *)NLMSG_DATA(header))->error;
        if (errno) die(what);
    }
    return header;
}

static inline void change(int socket_fd, struct request *request, const char *what) {
    char answer[8192];
    request->header.nlmsg_flags |= NLM_F_ACK;
    ask(socket_fd, request, answer, sizeof answer, what);
}

#endif
