#!/usr/bin/env bash
#
# Lab exp10, stage tap-with-host, from exp10.yaml.
# Written by Netyard; needs iproute2 and bash, nothing of Netyard.
#
#     bash FILE         builds it on this machine, as root
#     bash FILE down    takes it away again
#
# Nodes are namespaces that 'ip netns' knows by name: 'ip netns exec NODE bash' leads into one.
#
# Not in here, or to be there beforehand:
# - netns11:tap11 has no carrier until a program holds it: the host 198.51.100.10 that Netyard plays there is left out

set -euo pipefail

namespaces=(netns1 netns2 netns3 netns4 netns5 netns6 netns7 netns8 netns9 netns10 netns11)
tools=(ip sysctl nft bridge)
in_host=(vethh)

fail() {
    echo "$0: $*" >&2
    exit 1
}

# With a namespace go its interfaces, and the other ends of their cables.
down() {
    local netns
    local interface any=
    for netns in "${namespaces[@]}"; do
        if [ -e "/run/netns/$netns" ]; then any=yes; fi
    done
    # Where none of the namespaces is, interfaces of these names are somebody else's.
    for interface in ${any:+"${in_host[@]}"}; do
        if ip link show dev "$interface" >/dev/null 2>&1; then ip link delete dev "$interface"; fi
    done
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
for interface in "${in_host[@]}"; do
    ! ip link show dev "$interface" >/dev/null 2>&1 || fail "interface $interface is there already"
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
ip -n netns3 link add name vethxz type veth peer name vethz netns netns10
ip -n netns3 link add name veth93 type veth peer name veth99 address 92:e8:da:96:20:bf netns netns9
ip -n netns6 link add name veth66 type veth peer name veth68 netns netns8
ip -n netns7 link add name veth77 type veth peer name veth78 netns netns8
ip link add name vethh type veth peer name vethhz netns netns10
ip -n netns10 link add name vethn type veth peer name vethi netns netns11

# Taps: interfaces whose other end a program holds.
ip -n netns11 tuntap add dev tap11 mode tap

# Bridges. Nothing is a port yet, and all is down.
ip -n netns3 link add name brx type bridge vlan_filtering 1
ip -n netns8 link add name bry type bridge vlan_filtering 1
ip -n netns10 link add name brz type bridge vlan_filtering 1

# Interfaces on interfaces: 802.1Q subinterfaces, macvlans.
ip -n netns10 link add link brz name brz.10 type vlan id 10
ip -n netns10 link add link brz name brz.40 type vlan id 40

# Kernel parameters.
ip netns exec netns10 sysctl -q -w net.ipv4.ip_forward=1
ip netns exec netns10 sysctl -q -w net.ipv6.conf.all.forwarding=1
ip netns exec netns11 sysctl -q -w net.ipv4.ip_forward=1
ip netns exec netns11 sysctl -q -w net.ipv6.conf.all.forwarding=1

# Firewall and address translation, in force before anything is up.
#
# Policy guards of netns3 (layer link of bridge brx), by nftables:
#   ingress in veth13,veth23,veth43,veth53,veth93 tagged drop
#   ingress in veth93 source-mac not 92:e8:da:96:20:bf drop
#   ingress in veth93 arp-source-mac not 92:e8:da:96:20:bf drop
#   ingress in veth93 arp-source not 192.168.5.9 drop
#   ingress in veth93 source not 192.168.5.9 drop
#   ingress in veth93 ipv4 udp sport 67 drop
#   ingress in veth93 ipv6 drop
#   forward out veth93 tagged drop
#   forward out veth93 destination not 192.168.5.9,192.168.5.255,224.0.0.0/4,255.255.255.255 drop
#   forward out veth93 ipv6 drop
ip netns exec netns3 nft --file - <<'END'
table inet netyard-guards {
}
END
#
# Policy guards of netns8 (layer link of bridge bry), by nftables:
#   ingress in veth68,veth78 tagged drop
ip netns exec netns8 nft --file - <<'END'
table inet netyard-guards {
}
END
#
# Policy filter of netns10 (layer network), by nftables:
#   forward in brz.10 out vethn source 192.168.5.0/24 accept
#   forward in brz.40 out vethn source 192.168.40.1 accept
#   forward in vethn state established,related accept
#   input in brz.10 destination 192.168.5.254 accept
#   input in brz.40 destination 192.168.40.254 accept
#   input state established,related accept
#   forward otherwise drop
#   input otherwise drop
ip netns exec netns10 nft --file - <<'END'
table inet netyard-filter {
}
END
#
# Policy nat of netns10 (layer nat), by nftables:
#   postrouting out vethn masquerade
ip netns exec netns10 nft --file - <<'END'
table inet netyard-nat {
}
END
#
# Policy guards of netns10 (layer link of bridge brz), by nftables:
#   ingress in vethhz tagged drop
ip netns exec netns10 nft --file - <<'END'
table inet netyard-guards {
}
END

# MAC addresses and MTUs that are not left to the kernel.
ip -n netns11 link set dev tap11 mtu 1500

# Ports of the bridges.
ip -n netns3 link set dev veth13 master brx
ip -n netns3 link set dev veth23 master brx
ip -n netns3 link set dev veth43 master brx
ip -n netns3 link set dev veth53 master brx
ip -n netns3 link set dev vethx master brx
ip -n netns3 link set dev vethxz master brx
ip -n netns3 link set dev veth93 master brx
ip -n netns8 link set dev veth68 master bry
ip -n netns8 link set dev veth78 master bry
ip -n netns8 link set dev vethy master bry
ip -n netns10 link set dev vethz master brz
ip -n netns10 link set dev vethhz master brz

# VLANs, port by port. What the kernel gives to a new port, VLAN 1 untagged, goes where it is not wanted.
bridge -n netns3 vlan delete dev veth13 vid 1
bridge -n netns3 vlan add dev veth13 vid 10 pvid untagged
bridge -n netns3 vlan add dev veth13 vid 30 untagged
bridge -n netns3 vlan delete dev veth23 vid 1
bridge -n netns3 vlan add dev veth23 vid 10 pvid untagged
bridge -n netns3 vlan add dev veth23 vid 30 untagged
bridge -n netns3 vlan delete dev veth43 vid 1
bridge -n netns3 vlan add dev veth43 vid 20 pvid untagged
bridge -n netns3 vlan add dev veth43 vid 30 untagged
bridge -n netns3 vlan delete dev veth53 vid 1
bridge -n netns3 vlan add dev veth53 vid 20 pvid untagged
bridge -n netns3 vlan add dev veth53 vid 30 untagged
bridge -n netns3 vlan delete dev vethx vid 1
bridge -n netns3 vlan add dev vethx vid 10
bridge -n netns3 vlan add dev vethx vid 20
bridge -n netns3 vlan add dev vethx vid 30
bridge -n netns3 vlan delete dev vethxz vid 1
bridge -n netns3 vlan add dev vethxz vid 10
bridge -n netns3 vlan delete dev veth93 vid 1
bridge -n netns3 vlan add dev veth93 vid 30 pvid untagged
bridge -n netns3 vlan add dev veth93 vid 10 untagged
bridge -n netns3 vlan add dev veth93 vid 20 untagged
bridge -n netns3 vlan delete dev brx vid 1 self
bridge -n netns8 vlan delete dev veth68 vid 1
bridge -n netns8 vlan add dev veth68 vid 10 pvid untagged
bridge -n netns8 vlan add dev veth68 vid 30 untagged
bridge -n netns8 vlan delete dev veth78 vid 1
bridge -n netns8 vlan add dev veth78 vid 20 pvid untagged
bridge -n netns8 vlan add dev veth78 vid 30 untagged
bridge -n netns8 vlan delete dev vethy vid 1
bridge -n netns8 vlan add dev vethy vid 10
bridge -n netns8 vlan add dev vethy vid 20
bridge -n netns8 vlan add dev vethy vid 30
bridge -n netns8 vlan delete dev bry vid 1 self
bridge -n netns10 vlan delete dev vethz vid 1
bridge -n netns10 vlan add dev vethz vid 10
bridge -n netns10 vlan delete dev vethhz vid 1
bridge -n netns10 vlan add dev vethhz vid 40 pvid untagged
bridge -n netns10 vlan delete dev brz vid 1 self
bridge -n netns10 vlan add dev brz vid 10 self
bridge -n netns10 vlan add dev brz vid 40 self

# Addresses.
ip -n netns1 address add 192.168.5.1/24 dev veth11
ip -n netns2 address add 192.168.5.2/24 dev veth22
ip -n netns4 address add 192.168.5.4/24 dev veth44
ip -n netns5 address add 192.168.5.5/24 dev veth55
ip -n netns6 address add 192.168.5.6/24 dev veth66
ip -n netns7 address add 192.168.5.7/24 dev veth77
ip -n netns9 address add 192.168.5.9/24 dev veth99
ip address add 192.168.40.1/24 dev vethh
ip -n netns10 address add 203.0.113.2/30 dev vethn
ip -n netns10 address add 192.168.5.254/24 dev brz.10
ip -n netns10 address add 192.168.40.254/24 dev brz.40
ip -n netns11 address add 203.0.113.1/30 dev vethi
ip -n netns11 address add 198.51.100.1/24 dev tap11

# Bring it up.
ip -n netns1 link set dev veth11 up
ip -n netns2 link set dev veth22 up
ip -n netns3 link set dev veth13 up
ip -n netns3 link set dev veth23 up
ip -n netns3 link set dev veth43 up
ip -n netns3 link set dev veth53 up
ip -n netns3 link set dev vethx up
ip -n netns3 link set dev vethxz up
ip -n netns3 link set dev veth93 up
ip -n netns4 link set dev veth44 up
ip -n netns5 link set dev veth55 up
ip -n netns6 link set dev veth66 up
ip -n netns7 link set dev veth77 up
ip -n netns8 link set dev veth68 up
ip -n netns8 link set dev veth78 up
ip -n netns8 link set dev vethy up
ip -n netns9 link set dev veth99 up
ip link set dev vethh up
ip -n netns10 link set dev vethz up
ip -n netns10 link set dev vethhz up
ip -n netns10 link set dev vethn up
ip -n netns11 link set dev vethi up
ip -n netns11 link set dev tap11 up
ip -n netns3 link set dev brx up
ip -n netns8 link set dev bry up
ip -n netns10 link set dev brz up

# Routes. They need interfaces that are up.
ip -n netns1 route add default via 192.168.5.254 dev veth11
ip -n netns2 route add default via 192.168.5.254 dev veth22
ip -n netns4 route add default via 192.168.5.254 dev veth44
ip -n netns5 route add default via 192.168.5.254 dev veth55
ip -n netns6 route add default via 192.168.5.254 dev veth66
ip -n netns7 route add default via 192.168.5.254 dev veth77
ip -n netns9 route add default via 192.168.5.254 dev veth99
ip route add 198.51.100.0/24 via 192.168.40.254 dev vethh
ip route add 203.0.113.0/30 via 192.168.40.254 dev vethh
ip route add 192.168.5.0/24 via 192.168.40.254 dev vethh
ip -n netns10 route add default via 203.0.113.1 dev vethn
ip -n netns11 route add 192.168.0.0/16 via 203.0.113.2 dev vethi
