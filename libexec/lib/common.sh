# shellcheck shell=bash
# Messages, packages, the JDK. Sourced by ../../netyard.

say() { printf 'netyard: %s\n' "$*" >&2; }
complain() { printf 'netyard: %s\n' "$*" >&2; }
die() {
    complain "$@"
    exit 1
}

# progress TEXT: one line that is overwritten, on terminals only. progress_end clears it.
progress() { [ -t 2 ] && printf '\r\033[K%s' "$*" >&2; return 0; }
progress_end() { [ -t 2 ] && printf '\r\033[K' >&2; return 0; }

# need PROGRAM-OR-FILE PACKAGE ...: installs the packages of what is missing, or says how.
need() {
    local missing=()
    while [ $# -gt 1 ]; do
        case $1 in
            /*) [ -e "$1" ] || missing+=("$2") ;;
            *) PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null || missing+=("$2") ;;
        esac
        shift 2
    done
    [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
}

install_packages() {
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        complain "needs what is not installed here; install it with"
        printf '  sudo apt-get install --no-install-recommends %s\n' "$*" >&2
        exit 1
    fi
    local log
    log=$(mktemp) || exit 1
    say "installing $*"
    if ! apt_install "$@" >"$log" 2>&1; then
        # Old package lists name versions that are gone.
        if ! { timeout 300 apt-get -q update && apt_install "$@"; } >>"$log" 2>&1; then
            tail -n 20 "$log" >&2
            rm -f "$log"
            die "apt-get could not install $*"
        fi
    fi
    rm -f "$log"
}

apt_install() {
    DEBIAN_FRONTEND=noninteractive timeout 900 apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "$@" </dev/null
}

# Sets java_home to a JDK (build) or at least a JRE (run) of version 17: Karaf 4.4 starts on no later one.
find_java() {
    local candidate on_path
    on_path=$(command -v javac || command -v java || true)
    [ -z "$on_path" ] || on_path=$(readlink -f -- "$on_path")
    for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/java-17-openjdk-* /usr/lib/jvm/*17* "${on_path%/bin/*}"; do
        if is_jdk_17 "$candidate"; then
            java_home=$candidate
            return
        fi
    done
    [ "${1:-}" != again ] || die 'no JDK 17 found, although it was installed: set JAVA_HOME'
    install_packages openjdk-17-jdk-headless
    find_java again
}

is_jdk_17() {
    [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -q '^JAVA_VERSION="17' "$1/release"
}
