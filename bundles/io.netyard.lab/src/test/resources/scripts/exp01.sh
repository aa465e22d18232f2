#!/usr/bin/env bash
#
# Lab exp01, stage cable, from exp01.yaml.
# Written by Netyard; needs iproute2 and bash, nothing of Netyard.
#
#     bash FILE         builds it on this machine, as root
#     bash FILE down    takes it away again
#
# Nodes are namespaces that 'ip netns' knows by name: 'ip netns exec NODE bash' leads into one.

set -euo pipefail

namespaces=(netns1 netns2)
tools=(ip sysctl)

fail() {
    echo "$0: $*" >&2
    exit 1
}

# With a namespace go its interfaces, and the other ends of their cables.
down() {
    local netns
    for netns in "${namespaces[@]}"; do
        if [ -e "/run/netns/$netns" ]; then ip netns delete "$netns"; fi
    done
}

[ "$(id -u)" -eq 0 ] || fail "must be run as root"
for tool in "${tools[@]}"; do
    command -v "$tool" >/dev/null || fail "$tool is missing"
done

case "${1-up}" in
    up) ;;
    down) down; exit ;;
    *) fail "give no argument to build it, 'down' to take it away" ;;
esac

for netns in "${namespaces[@]}"; do
    [ ! -e "/run/netns/$netns" ] || fail "namespace $netns is there already"
done
trap 'echo "$0: line $LINENO failed; what was built is taken away" >&2; down' ERR

# Namespaces. Each is born with nothing but a loopback interface, which is down.
for netns in "${namespaces[@]}"; do
    ip netns add "$netns"
    ip netns exec "$netns" sysctl -qw net.ipv6.conf.all.disable_ipv6=1  # no IPv6
    ip -n "$netns" link set dev lo up
done

# Cables: pairs of virtual interfaces, each end born in its own namespace.
ip -n netns1 link add name veth11 type veth peer name veth22 netns netns2

# Addresses.
ip -n netns1 address add 192.168.5.1/24 dev veth11
ip -n netns2 address add 192.168.5.2/24 dev veth22

# Bring it up.
ip -n netns1 link set dev veth11 up
ip -n netns2 link set dev veth22 up
