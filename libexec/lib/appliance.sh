# shellcheck shell=bash
# What one appliance consists of: a directory with its configuration, keys and data, and a JVM that runs the distribution on it.

readonly primed=$root/karaf-assembly/target/primed

# write FILE: standard input becomes its content, all of it or nothing.
write() { cat >"$1.new" && mv -f "$1.new" "$1"; }

# lay_out DIRECTORY: makes it fit for the distribution as built. What the user changed in etc stays as it is.
lay_out() {
    local directory=$1 origin="$build_id $distribution"
    mkdir -p "$directory/etc" "$directory/data/log" "$directory/data/tmp" || die "cannot write to $directory"
    if [ "$(cat "$directory/build" 2>/dev/null)" != "$origin" ]; then
        rm -rf "$directory/data/cache"
        if is_primed; then
            cp -a "$primed/cache" "$directory/data/cache" || die "cannot copy to $directory/data"
        fi
        refresh_etc "$directory"
        printf '%s\n' "$origin" | write "$directory/build" || die "cannot write to $directory"
    fi
    make_keys "$directory"
}

refresh_etc() {
    local directory=$1 file
    while IFS= read -r -d '' file; do
        [ ! -e "$directory/etc/$file" ] || cmp -s "$directory/etc/$file" "$directory/shipped/$file" || continue
        mkdir -p "$directory/etc/$(dirname "$file")"
        cp -p "$distribution/etc/$file" "$directory/etc/$file" || die "cannot write to $directory/etc"
    done < <(cd "$distribution/etc" && find . -type f -print0)
    rm -rf "$directory/shipped"
    cp -a "$distribution/etc" "$directory/shipped"
    chmod -R u+w "$directory/etc" "$directory/shipped"
}

# The host key and the one of the user admin are made here: a JVM that has just started takes long for it. Karaf reads PKCS #8.
make_keys() {
    local directory=$1 key
    for key in "$directory/etc/host.key" "$directory/key"; do
        [ -s "$key" ] || { rm -f "$key"; ssh-keygen -q -t rsa -b 2048 -m PKCS8 -N '' -C netyard -f "$key" </dev/null; } || die "cannot make the key $key"
    done
    printf 'netyard %s\n' "$(cut -d ' ' -f 1,2 "$directory/etc/host.key.pub")" | write "$directory/known_hosts"
    local users=$directory/etc/keys.properties
    if ! grep -qF "$(cut -d ' ' -f 2 "$directory/key.pub")" "$users"; then
        { grep -v '^admin *=' "$users"; printf 'admin = %s,_g_:admingroup\n' "$(cut -d ' ' -f 2 "$directory/key.pub")"; } | write "$users"
    fi
    chmod 600 "$users"
}

# java_command DIRECTORY PORT [OPTION ...]: sets the array java_command.
#
# Karaf's own start script replaces classes of java.base and java.xml, which makes the JVM ignore every class data archive.
# The one class that Karaf's launcher itself needs of these is on the class path here; the rest is for bundles with
# XML parsers of their own.
java_command() {
    local directory=$1 port=$2 packages classpath package
    shift 2
    classpath=$(printf '%s:' "$distribution"/lib/boot/*.jar "$distribution"/lib/jdk9plus/*.jar "$distribution"/lib/endorsed/org.apache.karaf.specs.locator-*.jar)
    packages=()
    for package in java.base/java.{lang,net,security,util} java.naming/javax.naming.spi java.rmi/sun.rmi.transport.tcp; do
        packages+=(--add-opens="$package=ALL-UNNAMED")
    done
    for package in java.base/sun.net.www.protocol.{file,ftp,http,https,jar} java.base/sun.net.www.content.text \
        jdk.xml.dom/org.w3c.dom.html jdk.naming.rmi/com.sun.jndi.url.rmi java.rmi/sun.rmi.registry \
        java.security.sasl/com.sun.security.sasl java.naming/com.sun.jndi.ldap; do
        packages+=(--add-exports="$package=ALL-UNNAMED")
    done
    java_command=(
        "$java_home/bin/java" "$@"
        -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m -XX:-UsePerfData
        -Djava.security.manager=allow --add-reads=java.xml=java.logging "${packages[@]}"
        "-Dkaraf.home=$distribution" "-Dkaraf.base=$distribution" "-Dkaraf.instances=$directory/instances"
        "-Dkaraf.etc=$directory/etc" "-Dkaraf.data=$directory/data" "-Dkaraf.log=$directory/data/log"
        "-Djava.io.tmpdir=$directory/data/tmp" "-Djava.util.logging.config.file=$directory/etc/java.util.logging.properties"
        -Dkaraf.startLocalConsole=false -Dkaraf.startRemoteShell=true "-Dnetyard.port=$port"
        -classpath "${classpath%:}" org.apache.karaf.main.Main
    )
}

# Starts the distribution once, so that later starts find its features resolved and its classes in an archive.
prime() {
    local directory=$root/target/priming port command booted=no
    progress 'starting the appliance for the first time'
    rm -rf "$primed" "$directory"
    mkdir -p "$directory" "$primed"
    chmod 700 "$directory"
    lay_out "$directory"
    port=$(free_port)
    java_command "$directory" "$port" "-XX:ArchiveClassesAtExit=$primed/classes.jsa" -Xlog:disable -Xlog:all=error:stderr
    setsid "${java_command[@]}" </dev/null >"$directory/log" 2>&1 {build_lock}>&- &
    pid=$!
    if wait_for 240 has_booted "$directory" "$port" && ! has_ended "$pid"; then
        booted=yes
        # What has been used is in the archive.
        for command in netns:list link:map bridge:list fw:list "lab:plan $distribution/etc/labs/exp01.yaml"; do
            console_ssh "$directory" "$port" "$command" </dev/null >/dev/null 2>&1
        done
    fi
    kill "$pid" 2>/dev/null
    wait_for 60 has_ended "$pid" || kill -KILL "$pid"
    progress_end
    [ $booted = yes ] || die "the appliance was built but does not start: see $directory/log and $directory/data/log/karaf.log"
    # Configurations name the file that they were read from: they are read again where the cache is copied to.
    rm -rf "$directory"/data/cache/bundle*/data/config
    mv "$directory/data/cache" "$primed/cache"
    rm -rf "$directory"
    printf '%s\n' "$distribution" >"$primed/distribution"
}

# A cache knows the bundles by their path.
is_primed() { [ "$(cat "$primed/distribution" 2>/dev/null)" = "$distribution" ]; }

# Whether the appliance whose process is $pid has all its features, and has written that down.
has_booted() {
    has_ended "$pid" && return 0
    grep -qs '"bootDone" *: *true' "$1"/data/cache/bundle*/data/state.json && console_ssh "$1" "$2" lab:list </dev/null >/dev/null 2>&1
}

# wait_for SECONDS COMMAND ...: until the command succeeds.
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}

has_ended() { [ ! -e "/proc/$1" ] || [ "$(process_state "$1")" = Z ]; }

# A port on loopback that nobody listens on.
free_port() {
    local port
    for port in $(shuf -i 20000-29999 -n 50); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { printf '%s' "$port"; return; }
    done
    die 'no free port on 127.0.0.1'
}
