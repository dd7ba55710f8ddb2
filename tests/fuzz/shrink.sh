#!/bin/sh
# shrink.sh NAME SEED [DIRECTORY]: of a random definition that differs from the slow twin, the fewest features that still
# differ for the events of SEED, with the fewest of these events. NAME is one that random_fuzz printed, such as
# Random_17_4. In the environment: CXX; LEAST and MOST, features of a definition as they were drawn (2 and 4).
set -eu
[ $# -ge 2 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
name=$1 seed=$2 work=${3:-${TMPDIR:-/tmp}/onefold_shrink}
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/fuzz/toolchain.sh"
prepare

without=
build() {
    "$generator" again "$name" "${LEAST:-2}" "${MOST:-4}" "$@" >"$work/again.cpp" &&
        compile "$work/again.cpp" "$work/again.o" && link "$work/again" "$work/again.o"
}
differs() { ! "$work/again" only "$name" "$seed" >"$work/again.log"; }
build
differs || { echo "$name agrees with the slow twin for seed $seed"; exit 0; }
cp "$work/again.log" "$work/shrunken.log"
for feature in derived2 derived1 derived0 i h g f e d c b a; do
    grep -q "\"$feature\"_f" "$work/again.cpp" || continue
    # shellcheck disable=SC2086 # names of features, each a word
    if build $without $feature 2>/dev/null && differs; then
        without="$without $feature"
        cp "$work/again.log" "$work/shrunken.log"
    fi
done
cat "$work/shrunken.log"
exit 1
