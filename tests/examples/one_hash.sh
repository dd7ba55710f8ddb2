#!/bin/sh
# One definition, one set of events, one file: whatever the executor, the number of threads and the order of arrival.
# usage: one_hash.sh PROGRAM EVENTS.csv.gz SCRATCH
# PROGRAM is example 01. Prints one SHA-256 for each run, and fails unless all are the same.
set -eu
program=$1 events=$2 scratch=$3

rm -rf "$scratch"
mkdir -p "$scratch"
trap 'rm -rf "$scratch"' EXIT

# Each event arrives up to the declared lateness, a day, after its own time: nothing is late, little stays in place. The
# generator is Lehmer's, as awk's own differs from awk to awk; its products stay below 2^53, so doubles hold them.
gzip -dc "$events" | awk -F, -v state=20101201 '
    NR == 1 { next }
    { state = (state * 48271) % 2147483647; printf "%.0f,%s\n", $2 + state % 86400000, $0 }' |
    LC_ALL=C sort -t, -k1,1n -k2,2n | cut -d, -f2- >"$scratch/body"
{ gzip -dc "$events" | head -n 1; cat "$scratch/body"; } | gzip -1 >"$scratch/shuffled.csv.gz"
rm "$scratch/body"
if [ "$(gzip -dc "$scratch/shuffled.csv.gz" | sha256sum)" = "$(gzip -dc "$events" | sha256sum)" ]; then
    echo "the shuffled events are in the file's order: nothing is tested" >&2
    exit 1
fi

hashes=
run() { # TITLE COMMAND EVENTS OPTIONS...
    title=$1 command=$2 from=$3
    shift 3
    "$program" "$command" --input "transactions=$from" --output "$scratch/features.csv" "$@"
    hash=$(sha256sum <"$scratch/features.csv" | cut -d' ' -f1)
    rows=$(($(wc -l <"$scratch/features.csv") - 1))
    rm "$scratch/features.csv"
    hashes="$hashes$hash
"
    printf '%s  %s, %d rows\n' "$hash" "$title" "$rows"
}

for order in file shuffled; do
    from=$events
    if [ $order = shuffled ]; then from=$scratch/shuffled.csv.gz; fi
    for threads in 1 2 4; do
        run "backfill, $threads threads, $order order" backfill "$from" --threads $threads
        run "live --settled, $threads threads, $order order" live "$from" --settled --threads $threads
    done
done

different=$(printf '%s' "$hashes" | sort -u | wc -l)
printf '%d runs, %d different files\n' "$(printf '%s' "$hashes" | wc -l)" "$different"
[ "$different" -eq 1 ]
