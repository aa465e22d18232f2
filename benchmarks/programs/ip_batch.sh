#!/bin/bash
# The same network as kernel_limit.c makes, by the best plain script for iproute2: ip -batch, named namespaces, peers born in place.
#
# usage: unshare --mount ip_batch.sh N
# Prints "built" when it has; at a line of its standard input it deletes the namespaces and prints "deleted". They are mounted in its own mount
# namespace, so that they end with it, whatever ends it.
set -eu
nodes=$1
mount -t tmpfs tmpfs /run
batch=/run/batch

{
    echo 'netns add switch'
    for ((i = 0; i < nodes; i++)); do echo "netns add n$i"; done
} >$batch
ip -batch $batch
{
    echo 'link add brx type bridge'
    echo 'link set brx up'
    for ((i = 0; i < nodes; i++)); do
        echo "link add p$i type veth peer name eth0 netns n$i"
        echo "link set p$i master brx up"
    done
} >$batch
ip -n switch -batch $batch
for ((i = 0; i < nodes; i++)); do
    printf 'addr add 10.5.%d.%d/16 dev eth0\nlink set eth0 up\nlink set lo up\n' $((i / 250)) $((i % 250 + 1)) | ip -n "n$i" -batch -
done
echo built

read -r _
{
    echo 'netns del switch'
    for ((i = 0; i < nodes; i++)); do echo "netns del n$i"; done
} >$batch
ip -batch $batch
echo deleted
