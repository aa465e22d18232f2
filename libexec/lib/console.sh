# shellcheck shell=bash
# Talks to an appliance: plain OpenSSH with a key, over loopback, inside the rootless one's namespaces, or over the sandbox's serial line.

# ssh_options DIRECTORY PORT: sets the array ssh_options, and the array ssh, which is what to call. Nothing of the user's or the machine's
# ssh configuration is read.
ssh_options() {
    local files=${1//%/%%}
    ssh=(ssh)
    ssh_options=(
        -F /dev/null -p "$2" -l admin -o IdentityFile="\"$files/key\""
        -o IdentitiesOnly=yes -o IdentityAgent=none -o PreferredAuthentications=publickey -o BatchMode=yes
        -o HostKeyAlias=netyard -o HostKeyAlgorithms=rsa-sha2-512 -o StrictHostKeyChecking=yes -o GlobalKnownHostsFile=/dev/null
        -o UserKnownHostsFile="\"$files/known_hosts\"" -o UpdateHostKeys=no
        -o ConnectTimeout=30 -o ControlPath=none -o LogLevel=QUIET -o SendEnv=NETYARD_CWD
    )
    # Its loopback is that of its network namespace, which its owner may enter by way of the user namespace.
    [ "${1##*/}" != rootless ] || ssh=(nsenter --target "$(cat "$1/inside" 2>/dev/null)" --user --net --preserve-credentials -- ssh)
    [ "${1##*/}" != sandbox ] || ssh_options+=(-o ProxyCommand="perl $(quoted "$libexec/sandbox-connect") $(quoted "$1/console.sock")")
}

# For a shell, and for ssh, which expands percent signs.
quoted() {
    local text=${1//%/%%}
    printf "'%s'" "${text//\'/\'\\\'\'}"
}

# console_ssh DIRECTORY PORT COMMAND
console_ssh() {
    local ssh ssh_options
    ssh_options "$1" "$2"
    timeout 120 "${ssh[@]}" "${ssh_options[@]}" -T 127.0.0.1 "$3"
}

# console_run COMMAND: the command's own output, errors and status. ssh itself has the status 255.
console_run() {
    local ssh ssh_options port status=0
    port=$(<"$here/port")
    ssh_options "$here" "$port"
    NETYARD_CWD=$PWD "${ssh[@]}" "${ssh_options[@]}" -T 127.0.0.1 "$1" || status=$?
    if [ $status = 255 ] && ! console_ssh "$here" "$port" lab:list </dev/null >/dev/null 2>&1; then
        complain "the $kind appliance does not answer; see $here/log and $here/data/log/karaf.log"
    fi
    return $status
}

console_open() {
    local ssh ssh_options
    { [ -t 0 ] && [ -t 1 ]; } || die "the console needs a terminal; for one command, ./netyard run 'COMMAND'"
    ssh_options "$here" "$(<"$here/port")"
    NETYARD_CWD=$PWD "${ssh[@]}" "${ssh_options[@]}" -t 127.0.0.1
}
