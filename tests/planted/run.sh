#!/usr/bin/env bash
# Plants eleven bugs, one at a time, into a copy of the tree, and demands that each turns the tests red within a minute of
# test time. Builds the tests twelve times, so it is run by hand: tests/planted/run.sh [FOLDER OF TESTS...]
set -uo pipefail
cd "$(dirname "$0")/../.."
folders=("$@")
((${#folders[@]})) || folders=(aggregate order engine run parity)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z | xargs -0 cp --parents -t "$copy"
cd "$copy" || exit 3
jobs=$(getconf _NPROCESSORS_ONLN)

check() { # builds and tests; prints seconds of test time and what failed
    cmake --build build/dev -j "$jobs" --target "${folders[@]/#/onefold_test_}" >build.log 2>&1 || { tail -5 build.log; return 3; }
    local start=$SECONDS failed=""
    for folder in "${folders[@]}"; do
        timeout 60 "build/dev/tests/onefold_test_$folder" >"$folder.log" 2>&1 || failed+=" $folder"
    done
    echo "$((SECONDS - start)) s,${failed:- none} red"
    [ -z "$failed" ]
}

cmake --preset dev >configure.log 2>&1 || { tail -5 configure.log; exit 3; }
printf '%-32s ' "no bug"
check || exit 1

survivors=0
# plant NAME FILE SED: the expression must change the file, or the bug is not planted at all.
plant() {
    cp "$2" original
    sed -E -i "$3" "$2"
    printf '%-32s ' "$1"
    if cmp -s "$2" original; then
        echo "not planted: the line it changes is gone"
        survivors=$((survivors + 1))
    elif check; then
        survivors=$((survivors + 1))
    fi
    cp original "$2"
}
source tests/planted/bugs.sh
echo "$survivors of 11 survived"
exit $((survivors != 0))
