# shellcheck shell=bash
# Appliances: at most one of each kind for a user. Each has a directory of its own below the state directory.
#
#   host      a JVM on this kernel, by root
#   rootless  a JVM on this kernel, in a user namespace where an ordinary user is root; all that it makes lives and ends there
#   sandbox   a JVM on a kernel of its own

readonly start_limit=180 stop_limit=30
readonly kinds=(host rootless sandbox)
# Where nobody else listens: in a network namespace of its own, or on a kernel of its own.
readonly own_port=8101
readonly sandbox_memory=${NETYARD_SANDBOX_MEMORY:-1536M}

state=${NETYARD_STATE:-}
if [ -z "$state" ]; then
    if [ "$(id -u)" = 0 ]; then state=/var/lib/netyard; else state=${HOME:?}/.local/state/netyard; fi
fi
case $state in /*) ;; *) state=$PWD/$state ;; esac

# use KIND: sets kind and here, the directory of that appliance.
use() {
    kind=$1
    here=$state/$kind
}

process_state() {
    local stat
    { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
    stat=${stat##*) }
    printf '%s' "${stat:0:1}"
}

# Which process a pid means: pids are used again, also after a reboot.
identity() {
    local stat boot
    { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
    # shellcheck disable=SC2086 # split into its fields; the command, which may contain anything, is cut off
    set -- "$1" ${stat##*) }
    [ "$2" != Z ] || return 1
    boot=$(</proc/sys/kernel/random/boot_id)
    printf '%s %s %s' "$1" "${21}" "$boot"
}

# Whether the appliance at $here runs; sets pid.
is_running() {
    local noted
    { noted=$(<"$here/process"); } 2>/dev/null || return 1
    pid=${noted%% *}
    [[ $pid =~ ^[0-9]+$ ]] && [ "$(identity "$pid")" = "$noted" ]
}

running_kinds() {
    local each
    for each in "${kinds[@]}"; do
        use "$each"
        ! is_running || printf '%s\n' "$each"
    done
}

# take_running [KIND]: the appliance that the other commands talk to.
take_running() {
    local running
    if [ -n "$1" ]; then
        use "$1"
        is_running || die "no $1 appliance runs: start it with ./netyard --$1 start"
        return
    fi
    mapfile -t running < <(running_kinds)
    case ${#running[@]} in
        0) die 'no appliance runs: start one with ./netyard start' ;;
        1) use "${running[0]}" && is_running ;;
        *) die "more than one appliance runs: ${running[*]}; say which by its flag, for example ./netyard --${running[0]} $command" ;;
    esac
}

# choose_kind [KIND]: as asked for, as one that runs already, or by trying what this kernel can do. Says so in one line.
choose_kind() {
    local running verdict
    if [ -n "$1" ]; then
        use "$1"
        is_running || require_possible
        return
    fi
    mapfile -t running < <(running_kinds)
    if [ ${#running[@]} -gt 0 ]; then
        use "${running[0]}"
        return
    fi
    if [ "$(id -u)" = 0 ]; then
        verdict=$(probe)
    else
        verdict=$(probe_rootless)
    fi
    case $verdict in
        ok)
            if [ "$(id -u)" = 0 ]; then
                use host && say 'taking this kernel: it can do all that labs need'
            else
                use rootless && say 'taking this kernel without root: in a user namespace it can do all that labs need'
            fi
            ;;
        'missing: '*) use sandbox && say "taking the sandbox: this kernel lacks ${verdict#*: }" ;;
        'not permitted: '*) use sandbox && say "taking the sandbox: on this kernel, ${verdict#*: }" ;;
        *) use sandbox && say 'taking the sandbox: this kernel could not be probed' ;;
    esac
}

# Refuses what was asked for and cannot be, and says what will be missing where some labs can.
require_possible() {
    local verdict
    case $kind in
        host)
            [ "$(id -u)" != 0 ] || return 0
            verdict=$(probe)
            case $verdict in 'not permitted: '*) die "on this kernel, ${verdict#*: }: use sudo, --rootless or --sandbox" ;; esac
            ;;
        rootless)
            [ "$(id -u)" != 0 ] || die '--rootless is for ordinary users: root takes --host'
            need_for_rootless && require_own_run
            verdict=$(probe_rootless)
            case $verdict in
                ok) ;;
                'missing: '*) say "this kernel lacks ${verdict#*: }: labs that need it take --sandbox" ;;
                'not permitted: '*) die "without root, ${verdict#*: }: use --sandbox" ;;
                *) die 'this kernel could not be probed: use --sandbox' ;;
            esac
            ;;
    esac
}

# The rootless appliance sees a /run, /proc and /sys of its own.
require_own_run() {
    local path
    for path in "$root" "$state"; do
        case $(readlink -m -- "$path")/ in
            /run/* | /proc/* | /sys/*) die "$path cannot be seen by the rootless appliance, which has its own /run, /proc and /sys: choose another directory" ;;
        esac
    done
}

# probe [COMMAND ...]: what a JVM that is started by this command finds that it can do, in one line: see HostProbe.
probe() {
    timeout 60 "$@" "$java_home/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto \
        -cp "$(printf '%s:' "$distribution"/system/io/netyard/io.netyard.{kernel,api}/*/*.jar)" io.netyard.kernel.HostProbe 2>/dev/null | tail -n 1
}

# The same as root of a user namespace. What stands in the way of the JVM is a refusal, too.
probe_rootless() {
    local refusal
    if ! refusal=$("$libexec/rootless-run" -- true 2>&1); then
        refusal=${refusal##*$'\n'}
        printf 'not permitted: %s\n' "${refusal#rootless: }"
        return
    fi
    probe "$libexec/rootless-run" --
}

# One change at a time: start and stop wait for each other.
lock_instance() {
    { mkdir -p "$here" && chmod 700 "$state" "$here"; } 2>/dev/null || die "cannot write to $state: set NETYARD_STATE to a directory of yours"
    exec {instance_lock}>"$here/lock" || die "cannot write to $here"
    flock -w 300 "$instance_lock" || die "another start or stop of the $kind appliance does not end"
}

unlock_instance() { exec {instance_lock}>&-; }

start() {
    lock_instance
    if is_running; then
        say "the $kind appliance is already running, pid $pid"
    else
        launch
    fi
    unlock_instance
}

launch() {
    local began=$SECONDS command port=$own_port
    case $kind in
        # Chosen without a flag it has not been asked yet.
        rootless) need_for_rootless && require_own_run ;;
        sandbox) need_for_sandbox ;;
    esac
    lay_out "$here"
    rm -f "$here/process" "$here/console.sock" "$here/inside"
    command=(env -C /)
    case $kind in
        host) port=$(free_port) ;;
        rootless) command+=("$libexec/rootless-run" --note "$here/inside" --) ;;
        sandbox) command+=("$libexec/sandbox-run" --state "$here" --mem "$sandbox_memory" --port "$port" --) ;;
    esac
    java_command "$here" "$port" "-XX:SharedArchiveFile=$primed/classes.jsa" -Xlog:disable -Xlog:all=error:stderr
    printf '%s\n' "$port" | write "$here/port"
    setsid "${command[@]}" "${java_command[@]}" </dev/null >"$here/log" 2>&1 {instance_lock}>&- &
    pid=$!
    disown "$pid"
    identity "$pid" | write "$here/process"
    trap 'interrupted_start' INT TERM HUP
    until answers "$port"; do
        if ! is_running; then
            start_failed 'it ended'
        elif [ $((SECONDS - began)) -ge "$start_limit" ]; then
            end_process
            start_failed "it did not answer within $start_limit s"
        fi
        progress "starting the $kind appliance, $((SECONDS - began)) s"
        sleep 0.1
    done
    trap - INT TERM HUP
    progress_end
}

# answers PORT: whether the console does. Where its port can be knocked at, ssh is not started before somebody listens there: it would take
# time from the JVM.
answers() {
    [ "$kind" != host ] || (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || return 1
    console_ssh "$here" "$1" 'lab:list' </dev/null >/dev/null 2>&1
}

start_failed() {
    trap - INT TERM HUP
    progress_end
    rm -f "$here/process"
    cat "$here/log" "$here/output" 2>/dev/null | tail -n 5 >&2
    die "the $kind appliance did not start: $1; more in $here/log and $here/data/log/karaf.log"
}

interrupted_start() {
    trap - INT TERM HUP
    progress_end
    end_process
    rm -f "$here/process"
    die 'interrupted: the appliance was stopped again'
}

# stop_running KIND-OR-NOTHING KEEP: stops that one, or all that run.
stop_running() {
    local each status=0 running=("$1")
    [ -n "$1" ] || mapfile -t running < <(running_kinds)
    [ ${#running[@]} -gt 0 ] || say 'no appliance runs'
    for each in "${running[@]}"; do
        use "$each"
        stop_one "$2" || status=1
    done
    return $status
}

stop_one() {
    local status=0
    if ! is_running; then
        forget_labs "$1"
        if [ -e "$here/process" ]; then
            rm -f "$here/process"
            say "the $kind appliance had ended by itself, see $here/data/log/karaf.log$([ "$kind" != host ] || printf '; a start finds the labs that it left, a stop then removes them')"
        else
            say "no $kind appliance runs"
        fi
        return 0
    fi
    lock_instance
    if is_running; then
        # What the other kinds have made ends with them.
        [ "$kind" != host ] || [ "$1" = yes ] || destroy_all || status=1
        end_process || status=1
        forget_labs "$1"
        rm -f "$here/process" "$here/port" "$here/console.sock" "$here/inside"
    fi
    unlock_instance
    return $status
}

# forget_labs KEEP: what the kinds other than host have made has ended with them; nor is it to come back, unless it is kept.
forget_labs() { [ "$kind" = host ] || [ "$1" = yes ] || rm -rf "$here/data/labs"; }

# Labs and what was made by hand: all that Netyard made on this kernel.
destroy_all() {
    local port command status=0
    port=$(<"$here/port")
    for command in 'lab:destroy --all' 'fw:clear' 'link:delete --all' 'netns:destroy --all'; do
        console_ssh "$here" "$port" "$command" </dev/null >/dev/null || {
            complain "$command failed"
            status=1
        }
    done
    return $status
}

# Ends the process $pid of this appliance, by force if it takes too long.
end_process() {
    is_running || return 0
    kill -TERM "$(inside || printf '%s' "$pid")" 2>/dev/null
    if ! wait_for "$stop_limit" is_gone; then
        complain "the $kind appliance does not end, it is killed"
        kill -KILL "$pid" 2>/dev/null
        wait_for 10 is_gone
    fi
}

is_gone() { ! is_running; }

# The pid of process 1 of the rootless appliance that runs at $here, for signals and nsenter: it lives as long as the process itself,
# which is the unshare(1) that waits for it.
inside() { [ "$kind" = rootless ] && cat "$here/inside" 2>/dev/null; }

status() {
    local each asked=("${kinds[@]}") any=no
    [ -z "$1" ] || asked=("$1")
    for each in "${asked[@]}"; do
        use "$each"
        if is_running; then
            any=yes
            printf '%s: running, pid %s, since %s, files in %s\n' "$kind" "$pid" "$(ps -o etime= -p "$pid" | tr -d ' ')" "$here"
        fi
    done
    if [ $any = no ]; then
        printf 'not running\n'
        return 1
    fi
}
