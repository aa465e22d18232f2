"""The same network by Mininet: hosts at one Linux bridge.

usage: unshare --net --mount --pid --fork --kill-child --mount-proc /usr/bin/python3 mininet_network.py N
Prints "built" when it has. At a line "ping" of its standard input it pings all pairs, one after the other, and prints "pinged"; at any other line
it stops the network and prints "deleted". Mininet puts its bridge where it runs, so that is a namespace of its own.
"""
import sys

from mininet.log import setLogLevel
from mininet.net import Mininet
from mininet.nodelib import LinuxBridge
from mininet.topo import SingleSwitchTopo


def tell(line):
    print(line, flush=True)


setLogLevel("error")
network = Mininet(topo=SingleSwitchTopo(int(sys.argv[1])), switch=LinuxBridge, controller=None)
network.start()
tell("built")
for line in sys.stdin:
    if line.strip() == "ping":
        lost = network.pingAll()
        tell("pinged" if lost == 0 else "lost %s %%" % lost)
    else:
        network.stop()
        tell("deleted")
        break
