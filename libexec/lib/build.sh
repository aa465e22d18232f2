# shellcheck shell=bash
# Builds the appliance when the sources have changed, and starts it once so that later starts are short.

readonly distribution=$root/karaf-assembly/target/assembly
readonly stamp=$root/karaf-assembly/target/netyard.fingerprint
readonly build_log=$root/target/build.log

# What the distribution is made of, by content: a copy or a fresh check-out of the same sources needs no build.
fingerprint() {
    (
        cd "$root" || exit 1
        find pom.xml bundles features karaf-assembly etc \
            \( -name target -o -path '*/src/test' \) -prune -o -type f ! -name '.*' -print0 \
            | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-64
    )
}

is_built() { [ -d "$distribution/lib/boot" ] && [ -r "$stamp" ] && [ "$(<"$stamp")" = "$1" ]; }

prepare_build() {
    find_java
    need ssh openssh-client ssh-keygen openssh-client flock util-linux setsid util-linux
    build_id=$(fingerprint)
    is_built "$build_id" && is_primed && return
    if ! { mkdir -p "$root/target" && [ -w "$root/target" ] && [ -w "$root/karaf-assembly" ]; } 2>/dev/null; then
        is_built "$build_id" && return
        die "$root is not yours to build in: build it as its owner, or clone it again"
    fi
    lock_build
    if ! is_built "$build_id"; then
        need mvn maven
        rm -f "$stamp"
        build
        adopt_build
    elif ! is_primed; then
        prime
    fi
    exec {build_lock}>&-
}

# One at a time builds and primes here; the lock goes with the shell that has taken it.
lock_build() {
    exec {build_lock}>"$root/target/build.lock"
    flock -w 1800 "$build_lock" || die 'another build does not end'
}

# What lies in target was built from the sources as fingerprinted before. Needs the lock.
adopt_build() {
    prime
    printf '%s\n' "$build_id" >"$stamp"
}

build() {
    local started=$SECONDS maven status=0
    say "building (output: $build_log)"
    # user.home: Java asks the user database, where it may be a place that does not exist.
    JAVA_HOME=$java_home MAVEN_OPTS="${MAVEN_OPTS:-} -Duser.home=$HOME" timeout 3000 mvn -B -ntp -f "$root/pom.xml" package \
        -pl karaf-assembly -am -Dmaven.test.skip=true -Dspotless.check.skip=true >"$build_log" 2>&1 </dev/null &
    maven=$!
    while kill -0 "$maven" 2>/dev/null; do
        progress "building, $((SECONDS - started)) s: $(sed -n 's/^\[INFO\] Building \(.*[^ ]\)  *\[\([0-9]*\/[0-9]*\)\]$/\2 \1/p' "$build_log" | tail -n 1)"
        sleep 0.5
    done
    wait "$maven" || status=$?
    progress_end
    if [ "$status" != 0 ]; then
        grep -m 15 '^\[ERROR\]' "$build_log" >&2 || tail -n 15 "$build_log" >&2
        die "the build failed; all of its output is in $build_log"
    fi
}

need_for_tests() {
    find_java
    need mvn maven ssh openssh-client ssh-keygen openssh-client linux.uml user-mode-linux modprobe kmod \
        ip iproute2 iptables iptables ebtables ebtables nft nftables ping iputils-ping unshare util-linux \
        lxc-start lxc systemd-nspawn systemd-container /usr/share/doc/busybox-static busybox-static
}

need_for_rootless() { need unshare util-linux nsenter util-linux perl perl-base; }

need_for_sandbox() { need linux.uml user-mode-linux perl perl-base modprobe kmod; }
