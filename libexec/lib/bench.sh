# shellcheck shell=bash
# Benchmarks, beside an appliance on this kernel: see ../../benchmarks.

readonly bench_jar=$root/target/benchmarks.jar

# bench [NAME ...]
bench() {
    local found=no status=0 job benchmarks
    find_java
    bench_build
    benchmarks=("$java_home/bin/java" -XX:+UseSerialGC -Xmx256m -cp "$bench_jar" io.netyard.benchmarks.Benchmarks "$root/netyard" "$bench_jar" "$@")
    case " $* " in *' --help '*) "${benchmarks[@]}"; return ;; esac
    [ "$(id -u)" = 0 ] || die 'benchmarks make namespaces on this kernel: use sudo'
    need lsns util-linux unshare util-linux
    prepare_build
    use host
    is_running && found=yes
    start
    trap 'kill "$job" 2>/dev/null' HUP INT TERM
    "${benchmarks[@]}" &
    job=$!
    # A signal ends the wait, and not yet the JVM.
    while :; do
        wait "$job" && status=0 || status=$?
        kill -0 "$job" 2>/dev/null || break
    done
    trap - HUP INT TERM
    [ $found = yes ] || stop_running host no || status=1
    return $status
}

# The jar is kept apart from Maven's, so that it is not taken for current because something else has built it half.
bench_build() {
    local jars
    [ ! -e "$bench_jar" ] || [ -n "$(find "$root/benchmarks" "$root/pom.xml" -name target -prune -o -type f -newer "$bench_jar" -print -quit)" ] || return 0
    need mvn maven
    mkdir -p "$root/target" || die "cannot write to $root/target"
    say 'building the benchmarks'
    JAVA_HOME=$java_home timeout 600 mvn -B -q -ntp -f "$root/pom.xml" package -pl benchmarks -am \
        -Dmaven.test.skip=true -Dspotless.check.skip=true </dev/null || die 'the benchmarks could not be built'
    jars=("$root"/benchmarks/target/netyard-benchmarks-*.jar)
    cp "${jars[0]}" "$bench_jar" || die "cannot write to $root/target"
}
