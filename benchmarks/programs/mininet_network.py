"""The same network by Mininet: hosts at one Linux bridge.

usage: unshare --net --mount --pid --fork --kill-child --mount-proc /usr/bin/python3 mininet_network.py N [pingall]
Prints "built" when it has; with pingall, at a line of its standard input it pings all pairs, one after the other, and prints "pinged"; at the next
line it stops the network and prints "deleted". Mininet puts its bridge where it runs, so that is a namespace of its own.
"""
import sys

from mininet.net import Mininet
from mininet.nodelib import LinuxBridge
from mininet.topo import SingleSwitchTopo


def tell(line):
    print(line, flush=True)


network = Mininet(topo=SingleSwitchTopo(int(sys.argv[1])), switch=LinuxBridge, controller=None)
network.start()
tell("built")
if "pingall" in sys.argv and sys.stdin.readline():
    lost = network.pingAll()
    tell("pinged" if lost == 0 else "lost %s %%" % lost)
if sys.stdin.readline():
    network.stop()
    tell("deleted")
