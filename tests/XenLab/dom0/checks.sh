# How a scenario tells what it found.

note() { echo "LAB $*"; }
ok() { echo "LAB OK $name: $*"; }
bad() {
    echo "LAB FAIL $name: $*"
    : >$WORK/failed
}

# check TEXT COMMAND...: OK if the command succeeds.
check() {
    _text=$1
    shift
    if "$@"; then ok "$_text"; else bad "$_text"; fi
}

# same TEXT EXPECTED ACTUAL
same() { if [ "$2" = "$3" ]; then ok "$1"; else bad "$1: expected '$2', got '$3'"; fi; }

# follow WORD FILE: the file's lines on the console too, for whoever has to find out what went wrong.
follow() {
    : >>"$2"
    ( tail -n +1 -f "$2" & echo $! >>$WORK/pids; wait ) | while IFS= read -r _line; do echo "$1 $_line"; done &
}

uptime_seconds() { cut -d' ' -f1 /proc/uptime; }

# until_matches SECONDS PRODUCER...: feeds the producer's lines to the function "matches" until that is content. A producer that follows
# something never ends by itself, so it is ended here.
until_matches() {
    _pipe=$WORK/pipe.$(cut -d' ' -f1 /proc/uptime).$$
    mkfifo "$_pipe"
    timeout "$@" >"$_pipe" 2>/dev/null &
    _producer=$!
    _found=1
    while IFS= read -r _line; do
        if matches "$_line"; then
            _found=0
            break
        fi
    done <"$_pipe"
    kill $_producer 2>/dev/null
    wait $_producer 2>/dev/null
    rm -f "$_pipe"
    return $_found
}

# wait_line FILE PATTERN [SECONDS]: waits until a line of the file matches the pattern of case.
wait_line() {
    _pattern=$2
    matches() { case $1 in $_pattern) return 0 ;; *) return 1 ;; esac }
    until_matches "${3:-60}" tail -n +1 -f "$1"
}

# wait_node PATH VALUES [SECONDS]: waits until the node of xenstore has one of the values: "4", "5 6", "gone".
# A watch fires once when it is set, and then for each change.
wait_node() {
    _path=$1 _values=$2
    matches() {
        _value=$(xenstore-read "$_path" 2>/dev/null) || _value=gone
        case " $_values " in *" $_value "*) return 0 ;; *) return 1 ;; esac
    }
    until_matches "${3:-60}" xenstore-watch "$_path"
}
