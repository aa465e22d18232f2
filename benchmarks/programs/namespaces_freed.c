// Tells when the kernel has freed network namespaces: not when they can no longer be seen, which is soon, but when it has done with them.
//
// usage: namespaces_freed, with paths of namespaces (/proc/PID/ns/net, /proc/PID/fd/N, /run/netns/X) as lines of its standard input, up to an
// empty line. Prints "watching", waits until all of them are freed, and prints the time of that: nanoseconds of CLOCK_MONOTONIC.
//
// How it knows: it gives each of them a number of its own (RTM_NEWNSID) and keeps nothing else of them. cleanup_net() in
// net/core/net_namespace.c takes numbers back, and tells so by RTM_DELNSID, when it begins with the namespaces that nobody holds any more. It
// runs in a work queue, one batch after another, so that a batch is done when the next one begins: after the last number of theirs has been
// taken back, a namespace that is made and given up here gets into the next batch, and its own number tells when that one begins.
#define _GNU_SOURCE
#include "rtnetlink.h"

#include <fcntl.h>
#include <linux/net_namespace.h>
#include <sched.h>

// More than the notes of some thousand namespaces take, in bytes.
static const int BUFFER = 64 << 20;

static const int SENTINEL = 1 << 30;

static void give_number(int rtnetlink, int namespace, int number) {
    struct request request;
    begin(&request, RTM_NEWNSID, 0, sizeof(struct rtgenmsg));
    // The fixed part is a single byte; attributes begin after its padding.
    request.header.nlmsg_len = NLMSG_ALIGN(request.header.nlmsg_len);
    add(&request, NETNSA_FD, &namespace, sizeof namespace);
    add(&request, NETNSA_NSID, &number, sizeof number);
    change(rtnetlink, &request, "give namespace a number");
}

static int number_in(struct nlmsghdr *header) {
    int left = header->nlmsg_len - NLMSG_SPACE(sizeof(struct rtgenmsg));
    struct rtattr *attribute = (struct rtattr *)((char *)header + NLMSG_SPACE(sizeof(struct rtgenmsg)));
    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
        if (attribute->rta_type == NETNSA_NSID) return *(int *)RTA_DATA(attribute);
    }
    return -1;
}

// Waits until `wanted` numbers from `first` on have been taken back.
static void await(int notes, int first, int wanted) {
    while (wanted > 0) {
        char buffer[65536];
        int length = recv(notes, buffer, sizeof buffer, 0);
        if (length < 0) die("notes of namespaces");
        for (struct nlmsghdr *header = (struct nlmsghdr *)buffer; NLMSG_OK(header, length); header = NLMSG_NEXT(header, length)) {
            if (header->nlmsg_type == RTM_DELNSID && number_in(header) >= first) wanted--;
        }
    }
}

int main(void) {
    char path[4096];
    int watched = 0;
    // Numbers are of a namespace: one of its own has no others, and no one is told of ours.
    if (unshare(CLONE_NEWNET) < 0) die("unshare");
    int own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    int rtnetlink = open_rtnetlink();
    int notes = open_rtnetlink();
    int group = RTNLGRP_NSID;
    if (own < 0 || setsockopt(notes, SOL_SOCKET, SO_RCVBUFFORCE, &BUFFER, sizeof BUFFER) < 0 ||
        setsockopt(notes, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) < 0)
        die("notes of namespaces");

    while (fgets(path, sizeof path, stdin) && path[0] != '\n') {
        path[strcspn(path, "\n")] = 0;
        int namespace = open(path, O_RDONLY | O_CLOEXEC);
        if (namespace < 0) die(path);
        give_number(rtnetlink, namespace, watched++);
        close(namespace);
    }
    puts("watching");
    fflush(stdout);
    await(notes, 0, watched);

    if (unshare(CLONE_NEWNET) < 0) die("unshare");
    int sentinel = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (sentinel < 0 || setns(own, CLONE_NEWNET) < 0) die("sentinel");
    give_number(rtnetlink, sentinel, SENTINEL);
    close(sentinel);
    await(notes, SENTINEL, 1);
    printf("%lld\n", nanos());
    return 0;
}
