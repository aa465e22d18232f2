#!/usr/bin/env bash
#
# Lab exp02, stage bridge, from exp02.yaml.
# Written by Netyard; needs iproute2 and bash, nothing of Netyard.
#
#     bash FILE         builds it on this machine, as root
#     bash FILE down    takes it away again
#
# Nodes are namespaces that 'ip netns' knows by name: 'ip netns exec NODE bash' leads into one.

set -euo pipefail

namespaces=(netns1 netns2 netns3)
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
ip -n netns1 link add name veth11 type veth peer name veth13 netns netns3
ip -n netns2 link add name veth22 type veth peer name veth23 netns netns3

# Bridges. Nothing is a port yet, and all is down.
ip -n netns3 link add name brx type bridge

# Ports of the bridges.
ip -n netns3 link set dev veth13 master brx
ip -n netns3 link set dev veth23 master brx

# Addresses.
ip -n netns1 address add 192.168.5.1/24 dev veth11
ip -n netns2 address add 192.168.5.2/24 dev veth22

# Bring it up.
ip -n netns1 link set dev veth11 up
ip -n netns2 link set dev veth22 up
ip -n netns3 link set dev veth13 up
ip -n netns3 link set dev veth23 up
ip -n netns3 link set dev brx up
