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
        -o ConnectTimeout=30 -o ControlPath=none -o LogLevel=QUIET -o SendEnv=NETYARD_CWD -o SendEnv=NETYARD_CALL
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
#
# Signals go to the command, which decides what they do. ssh can pass none on: a second connection brings them. It runs in the
# background, where the terminal's Ctrl-C does not reach it. Nor does ssh end when nobody reads its output any more: a reader of our
# own in between notices.
console_run() {
    local ssh ssh_options port status=0 call="$$-$RANDOM-$RANDOM" job='' relay='' came='' unread='' in out signal
    port=$(<"$here/port")
    ssh_options "$here" "$port"
    case $1 in
        netns:enter\ *)
            if [ -t 0 ] && [ -t 1 ]; then
                NETYARD_CWD=$PWD "${ssh[@]}" "${ssh_options[@]}" -t 127.0.0.1 "$1"
                return
            fi
            ;;
    esac
    exec {in}<&0
    if [ -p /dev/stdout ]; then
        trap 'unread=yes; [ -z "$job" ] || kill "$job" 2>/dev/null' USR1
        exec {out}> >(exec {in}<&-; trap '' HUP INT QUIT TERM; cat 2>/dev/null || kill -s USR1 $$)
        relay=$!
    else
        exec {out}>&1
    fi
    for signal in HUP:129 INT:130 QUIT:131 TERM:143; do
        # shellcheck disable=SC2064 # the signal's name is known now
        trap "came=${signal#*:}; console_signal ${signal%:*}" "${signal%:*}"
    done
    NETYARD_CWD=$PWD NETYARD_CALL=$call "${ssh[@]}" "${ssh_options[@]}" -T 127.0.0.1 "$1" <&"$in" >&"$out" {in}<&- {out}>&- &
    job=$!
    # A signal ends the wait, but not the command.
    while :; do
        wait "$job" && status=0 || status=$?
        kill -0 "$job" 2>/dev/null || break
    done
    if [ -n "$came" ]; then
        # The end may have come while the signal was dealt with.
        wait "$job" 2>/dev/null
        signal=$?
        [ $signal = 127 ] || status=$signal
        # Or ssh was ended, since the signal could not be told.
        [ $status != 143 ] || status=$came
    fi
    exec {in}<&- {out}>&-
    [ -z "$relay" ] || wait "$relay"
    trap - HUP INT QUIT TERM USR1
    [ -z "$unread" ] || return 141
    if [ $status = 255 ] && ! console_ssh "$here" "$port" lab:list </dev/null >/dev/null 2>&1; then
        complain "the $kind appliance does not answer; see $here/log and $here/data/log/karaf.log"
    fi
    return $status
}

# console_signal NAME: to the command of console_run. One that cannot be told is left.
console_signal() {
    [ -n "$job" ] || exit "$came"
    {
        timeout 30 "${ssh[@]}" "${ssh_options[@]}" -T 127.0.0.1 "netyard-signal $call $1" </dev/null >/dev/null 2>&1 ||
            kill "$job" 2>/dev/null
    } &
}

console_open() {
    local ssh ssh_options
    { [ -t 0 ] && [ -t 1 ]; } || die "the console needs a terminal; for one command, ./netyard run 'COMMAND'"
    ssh_options "$here" "$(<"$here/port")"
    NETYARD_CWD=$PWD "${ssh[@]}" "${ssh_options[@]}" -t 127.0.0.1
}
