#!/bin/sh
# The same bits from every build: example 01 is built by each compiler, without optimisation and with all of it, and what
# it writes in batch and live must have one SHA-256.
# usage: hash_matrix.sh [SCRATCH]    COMPILERS="g++ clang++-19" and OPTIONS="-O0|-O3 -march=native" are the default
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=${1:-$(mktemp -d)}
events=$root/examples/data/online_retail.csv.gz
jobs=$(getconf _NPROCESSORS_ONLN)

mkdir -p "$scratch"
: >"$scratch/hashes"
build_and_run() { # COMPILER OPTIONS
    directory=$scratch/$(printf '%s' "$1$2" | tr -c 'A-Za-z0-9' _)
    # A build type that CMake does not know adds no flags of its own.
    cmake -S "$root" -B "$directory" -D CMAKE_BUILD_TYPE=None -D CMAKE_CXX_COMPILER="$1" -D CMAKE_CXX_FLAGS="$2" \
        -D ONEFOLD_BUILD_TESTS=OFF -D ONEFOLD_BUILD_BENCH=OFF -D ONEFOLD_INSTALL=OFF >"$directory.log" 2>&1 &&
        cmake --build "$directory" --target 01_online_retail --parallel "$jobs" >>"$directory.log" 2>&1 || {
        cat "$directory.log" >&2
        exit 1
    }
    for command in backfill "live --settled"; do
        # $command is split on purpose: its option is a word of its own.
        "$directory/examples/01_online_retail" $command --input "transactions=$events" --output "$scratch/features.csv"
        hash=$(sha256sum <"$scratch/features.csv" | cut -d' ' -f1)
        rm "$scratch/features.csv"
        printf '%s\n' "$hash" >>"$scratch/hashes"
        printf '%s  %s %s, %s\n' "$hash" "$1" "$2" "$command"
    done
}

for compiler in ${COMPILERS:-g++ clang++-19}; do
    # Options are told apart by |, as one build may have several.
    printf '%s\n' "${OPTIONS:--O0|-O3 -march=native}" | tr '|' '\n' >"$scratch/options"
    while read -r options; do build_and_run "$compiler" "$options"; done <"$scratch/options"
done

different=$(sort -u "$scratch/hashes" | wc -l)
printf '%d runs, %d different files\n' "$(wc -l <"$scratch/hashes")" "$different"
[ "$different" -eq 1 ]
