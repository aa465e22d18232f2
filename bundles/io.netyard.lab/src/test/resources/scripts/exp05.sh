#!/usr/bin/env bash
#
# Lab exp05, stage trunk, from exp05.yaml.
# Written by Netyard; needs iproute2 and bash, nothing of Netyard.
#
#     bash FILE         builds it on this machine, as root
#     bash FILE down    takes it away again
#
# Nodes are namespaces that 'ip netns' knows by name: 'ip netns exec NODE bash' leads into one.

set -euo pipefail

namespaces=(netns1 netns2 netns3 netns4 netns5 netns6 netns7 netns8)
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
ip -n netns3 link add name vethx type veth peer name vethy netns netns8
ip -n netns6 link add name veth66 type veth peer name veth68 netns netns8
ip -n netns7 link add name veth77 type veth peer name veth78 netns netns8

# Bridges. Nothing is a port yet, and all is down.
ip -n netns3 link add name brx type bridge vlan_filtering 1
ip -n netns8 link add name bry type bridge vlan_filtering 1

# Ports of the bridges.
ip -n netns3 link set dev veth13 master brx
ip -n netns3 link set dev veth23 master brx
ip -n netns3 link set dev veth43 master brx
ip -n netns3 link set dev veth53 master brx
ip -n netns3 link set dev vethx master brx
ip -n netns8 link set dev veth68 master bry
ip -n netns8 link set dev veth78 master bry
ip -n netns8 link set dev vethy master bry

# VLANs, port by port. What the kernel gives to a new port, VLAN 1 untagged, goes where it is not wanted.
bridge -n netns3 vlan delete dev veth13 vid 1
bridge -n netns3 vlan add dev veth13 vid 10 pvid untagged
bridge -n netns3 vlan delete dev veth23 vid 1
bridge -n netns3 vlan add dev veth23 vid 10 pvid untagged
bridge -n netns3 vlan delete dev veth43 vid 1
bridge -n netns3 vlan add dev veth43 vid 20 pvid untagged
bridge -n netns3 vlan delete dev veth53 vid 1
bridge -n netns3 vlan add dev veth53 vid 20 pvid untagged
bridge -n netns3 vlan delete dev vethx vid 1
bridge -n netns3 vlan add dev vethx vid 10
bridge -n netns3 vlan add dev vethx vid 20
bridge -n netns3 vlan delete dev brx vid 1 self
bridge -n netns8 vlan delete dev veth68 vid 1
bridge -n netns8 vlan add dev veth68 vid 10 pvid untagged
bridge -n netns8 vlan delete dev veth78 vid 1
bridge -n netns8 vlan add dev veth78 vid 20 pvid untagged
bridge -n netns8 vlan delete dev vethy vid 1
bridge -n netns8 vlan add dev vethy vid 10
bridge -n netns8 vlan add dev vethy vid 20
bridge -n netns8 vlan delete dev bry vid 1 self

# Addresses.
ip -n netns1 address add 192.168.5.1/24 dev veth11
ip -n netns2 address add 192.168.5.2/24 dev veth22
ip -n netns4 address add 192.168.5.4/24 dev veth44
ip -n netns5 address add 192.168.5.5/24 dev veth55
ip -n netns6 address add 192.168.5.6/24 dev veth66
ip -n netns7 address add 192.168.5.7/24 dev veth77

# Bring it up.
ip -n netns1 link set dev veth11 up
ip -n netns2 link set dev veth22 up
ip -n netns3 link set dev veth13 up
ip -n netns3 link set dev veth23 up
ip -n netns3 link set dev veth43 up
ip -n netns3 link set dev veth53 up
ip -n netns3 link set dev vethx up
ip -n netns4 link set dev veth44 up
ip -n netns5 link set dev veth55 up
ip -n netns6 link set dev veth66 up
ip -n netns7 link set dev veth77 up
ip -n netns8 link set dev veth68 up
ip -n netns8 link set dev veth78 up
ip -n netns8 link set dev vethy up
ip -n netns3 link set dev brx up
ip -n netns8 link set dev bry up
