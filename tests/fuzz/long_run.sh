#!/bin/sh
# long_run.sh DEFINITIONS EVENTS DIRECTORY [SEED]: so many random definitions and events in all, a hundred definitions at
# a time, so that little memory and disk are needed. What a chunk found is in DIRECTORY/results before the next one
# starts; started again with the same words it goes on behind the last one. The end is the coverage and one line:
# definitions N, events N, mismatches N. Exits 1 if anything differed, did not compile, or a pair was never drawn.
# In the environment: CXX, JOBS (compilers at a time: 1).
set -eu
[ $# -ge 3 ] || { sed -n '2,6s/^# //p' "$0" >&2; exit 2; }
definitions=$1 events=$2 directory=$3 seed=${4:-1}
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$directory/results"
directory=$(cd "$directory" && pwd)
work=$directory/work
. "$root/tests/fuzz/toolchain.sh"
export root work warnings includes

prepare
chunk=100 first=0
while [ "$first" -lt "$definitions" ]; do
    count=$((definitions - first < chunk ? definitions - first : chunk))
    result=$directory/results/${seed}_$first
    if [ ! -f "$result.done" ]; then
        rm -rf "$work/chunk" "$result" "$result.log"
        "$generator" write "$work/chunk" "$seed" "$first" "$count" 25 2>>"$directory/progress"
        # Each source has a shell of its own; one that does not compile leaves no object.
        ls "$work/chunk"/*.cpp | xargs -P "${JOBS:-1}" -I{} sh -c \
            '. "$root/tests/fuzz/toolchain.sh" && compile "$1" "$1.o"' compile {} >"$result.log" 2>&1 || true
        for source in "$work/chunk"/*.cpp; do
            [ -f "$source.o" ] || { cp "$source" "$directory/results/"; echo "MISMATCH $source does not compile" >>"$result.log"; }
        done
        link "$work/chunk/random_fuzz" "$work/chunk"/*.o
        # Each chunk has its share of the events, and lists of its own.
        share=$((events * count / definitions + 1))
        "$work/chunk/random_fuzz" "$share" $((seed * 1000000 + first * 100 + 1)) "$result" >>"$result.log" 2>&1 || true
        grep -q '^run ' "$result" || { echo "MISMATCH the chunk from $first on did not end" >>"$result.log"; touch "$result"; }
        rm -rf "$work/chunk"
        touch "$result.done"
        date "+%H:%M:%S definitions $first to $((first + count - 1)): $(tail -n 1 "$result.log")" >>"$directory/progress"
    fi
    first=$((first + chunk))
done

failed=0
grep -h '^MISMATCH' "$directory"/results/*.log && failed=1
"$generator" sum "$directory"/results/*_*[0-9] || failed=1
exit $failed
