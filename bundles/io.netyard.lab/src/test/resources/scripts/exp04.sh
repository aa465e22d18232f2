#!/usr/bin/env bash
#
# Lab exp04, stage subinterfaces-both-ends-tag50, from exp04.yaml.
# Written by Netyard; needs iproute2 and bash, nothing of Netyard.
#
#     bash FILE         builds it on this machine, as root
#     bash FILE down    takes it away again
#
# Nodes are namespaces that 'ip netns' knows by name: 'ip netns exec NODE bash' leads into one.

set -euo pipefail

namespaces=(netns1 netns2 netns3 netns4 netns5)
tools=(ip sysctl bridge)

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
ip -n netns3 link add name veth43 type veth peer name veth44 netns netns4
ip -n netns3 link add name veth53 type veth peer name veth55 netns netns5

# Bridges. Nothing is a port yet, and all is down.
ip -n netns3 link add name brx type bridge vlan_filtering 1

# Interfaces on interfaces: 802.1Q subinterfaces, macvlans.
ip -n netns2 link add link veth22 name veth22.50 type vlan id 50
ip -n netns3 link add link veth23 name veth23.50 type vlan id 50
ip -n netns3 link add link veth53 name veth53.50 type vlan id 50
ip -n netns5 link add link veth55 name veth55.50 type vlan id 50

# Ports of the bridges.
ip -n netns3 link set dev veth13 master brx
ip -n netns3 link set dev veth43 master brx
ip -n netns3 link set dev veth23.50 master brx
ip -n netns3 link set dev veth53.50 master brx

# VLANs, port by port. What the kernel gives to a new port, VLAN 1 untagged, goes where it is not wanted.
bridge -n netns3 vlan delete dev veth13 vid 1
bridge -n netns3 vlan add dev veth13 vid 10 pvid untagged
bridge -n netns3 vlan delete dev veth43 vid 1
bridge -n netns3 vlan add dev veth43 vid 20 pvid untagged
bridge -n netns3 vlan delete dev veth23.50 vid 1
bridge -n netns3 vlan add dev veth23.50 vid 10 pvid untagged
bridge -n netns3 vlan delete dev veth53.50 vid 1
bridge -n netns3 vlan add dev veth53.50 vid 20 pvid untagged
bridge -n netns3 vlan delete dev brx vid 1 self

# Addresses.
ip -n netns1 address add 192.168.5.1/24 dev veth11
ip -n netns2 address add 192.168.5.2/24 dev veth22.50
ip -n netns4 address add 192.168.5.4/24 dev veth44
ip -n netns5 address add 192.168.5.5/24 dev veth55.50

# Bring it up.
ip -n netns1 link set dev veth11 up
ip -n netns2 link set dev veth22 up
ip -n netns3 link set dev veth13 up
ip -n netns3 link set dev veth23 up
ip -n netns3 link set dev veth43 up
ip -n netns3 link set dev veth53 up
ip -n netns4 link set dev veth44 up
ip -n netns5 link set dev veth55 up
ip -n netns3 link set dev brx up
