// What the kernel itself costs: N network namespaces, each with one end of a veth pair whose other end is a port of one bridge in a
// further namespace, an IPv4 address from 10.5.0.0/16, everything up. One thread, one request after the other, each acknowledged, in the
// order in which people write it down; the namespaces are held by descriptors, so no process is started and nothing is mounted.
//
// usage: kernel_limit N
// Prints the nanoseconds that it took; when its standard input ends it exits, and everything goes with it.
#define _GNU_SOURCE
#include "rtnetlink.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <sys/resource.h>

static const char BRIDGE[] = "brx";
static const char INSIDE[] = "eth0";
static const int LOOPBACK_INDEX = 1;
static const unsigned FIRST_ADDRESS = 0x0a050001; // 10.5.0.1

static int new_namespace(void) {
    if (unshare(CLONE_NEWNET | CLONE_NEWUTS) < 0) die("unshare");
    int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (fd < 0) die("/proc/thread-self/ns/net");
    return fd;
}

static int index_of(int rtnetlink, const char *name) {
    struct request request;
    char answer[16384];
    begin(&request, RTM_GETLINK, 0, sizeof(struct ifinfomsg));
    add_name(&request, IFLA_IFNAME, name);
    struct nlmsghdr *header = ask(rtnetlink, &request, answer, sizeof answer, "get link");
    return ((struct ifinfomsg *)NLMSG_DATA(header))->ifi_index;
}

static void create_bridge(int rtnetlink) {
    struct request request;
    struct ifinfomsg *link = begin(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof *link);
    link->ifi_flags = link->ifi_change = IFF_UP;
    add_name(&request, IFLA_IFNAME, BRIDGE);
    struct rtattr *info = add(&request, IFLA_LINKINFO, NULL, 0);
    add(&request, IFLA_INFO_KIND, "bridge", strlen("bridge"));
    nest(&request, info);
    change(rtnetlink, &request, "create bridge");
}

static void create_cable(int rtnetlink, const char *port, int switch_namespace) {
    struct request request;
    struct ifinfomsg peer_header = {0};
    begin(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg));
    add_name(&request, IFLA_IFNAME, INSIDE);
    struct rtattr *info = add(&request, IFLA_LINKINFO, NULL, 0);
    add(&request, IFLA_INFO_KIND, "veth", strlen("veth"));
    struct rtattr *data = add(&request, IFLA_INFO_DATA, NULL, 0);
    struct rtattr *peer = add(&request, VETH_INFO_PEER, &peer_header, sizeof peer_header);
    add_name(&request, IFLA_IFNAME, port);
    add(&request, IFLA_NET_NS_FD, &switch_namespace, sizeof switch_namespace);
    nest(&request, peer);
    nest(&request, data);
    nest(&request, info);
    change(rtnetlink, &request, "create veth");
}

// master: index of a bridge, or 0
static void set_up(int rtnetlink, int index, int master) {
    struct request request;
    struct ifinfomsg *link = begin(&request, RTM_NEWLINK, 0, sizeof *link);
    link->ifi_index = index;
    link->ifi_flags = link->ifi_change = IFF_UP;
    if (master) add(&request, IFLA_MASTER, &master, sizeof master);
    change(rtnetlink, &request, "set link up");
}

static void add_address(int rtnetlink, int index, unsigned address) {
    struct request request;
    unsigned on_the_wire = htonl(address);
    struct ifaddrmsg *message = begin(&request, RTM_NEWADDR, NLM_F_CREATE, sizeof *message);
    message->ifa_family = AF_INET;
    message->ifa_prefixlen = 16;
    message->ifa_index = index;
    add(&request, IFA_LOCAL, &on_the_wire, sizeof on_the_wire);
    add(&request, IFA_ADDRESS, &on_the_wire, sizeof on_the_wire);
    change(rtnetlink, &request, "add address");
}

int main(int count, char **arguments) {
    int nodes = count == 2 ? atoi(arguments[1]) : 0;
    struct rlimit descriptors = {nodes + 100, nodes + 100};
    if (nodes < 1) {
        fprintf(stderr, "usage: kernel_limit N\n");
        return 2;
    }
    if (setrlimit(RLIMIT_NOFILE, &descriptors) < 0) die("setrlimit");

    long long start = nanos();
    int switch_namespace = new_namespace();
    int in_switch = open_rtnetlink();
    create_bridge(in_switch);
    int bridge = index_of(in_switch, BRIDGE);
    for (int i = 0; i < nodes; i++) {
        char port[IFNAMSIZ];
        snprintf(port, sizeof port, "p%d", i);
        new_namespace();
        int in_node = open_rtnetlink();
        create_cable(in_node, port, switch_namespace);
        set_up(in_switch, index_of(in_switch, port), bridge);
        int inside = index_of(in_node, INSIDE);
        add_address(in_node, inside, FIRST_ADDRESS + i);
        set_up(in_node, inside, 0);
        set_up(in_node, LOOPBACK_INDEX, 0);
        close(in_node);
    }
    printf("%lld\n", nanos() - start);
    fflush(stdout);
    while (getchar() != EOF) {
    }
    return 0;
}
