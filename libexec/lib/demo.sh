# shellcheck shell=bash
# The tour: experiment 3 comes up, is shown and proven.

demo() {
    local found=no status=0
    prepare_build
    choose_kind "$1"
    is_running && found=yes
    start
    demo_lab || status=1
    if [ -t 0 ] && [ -t 1 ]; then
        say "the console of the $kind appliance; Ctrl-D leaves it"
        console_open
        say "the $kind appliance goes on: ./netyard console opens its console again, ./netyard stop ends it"
    elif [ $found = no ]; then
        stop_running "$kind" no || status=1
    fi
    return $status
}

demo_lab() {
    local command status=0
    for command in 'lab:apply exp03' netns:list bridge:list bridge:vlan 'lab:verify exp03'; do
        printf '\n> %s\n' "$command"
        console_run "$command" || status=1
        [ $status = 0 ] || break
    done
    echo
    return $status
}
