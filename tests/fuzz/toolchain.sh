# Sourced by long_run.sh and shrink.sh, which set `root` and `work`: the library, the generator and the parts that all
# programs share, built once in $work. CXX is clang++-19 where it is installed, as it compiles these fastest.

if [ -z "${CXX:-}" ]; then
    for CXX in clang++-19 clang++ g++ c++; do command -v "$CXX" >/dev/null && break; done
fi
export CXX
warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
includes="-I$root/include -I$root/tests"
generator=$work/onefold_random_definitions

prepare() {
    mkdir -p "$work"
    [ -f "$work/prepared" ] && return
    cmake -S "$root" -B "$work/library" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER="$CXX" -DBUILD_SHARED_LIBS=ON \
        -DONEFOLD_BUILD_TESTS=OFF -DONEFOLD_BUILD_EXAMPLES=OFF -DONEFOLD_BUILD_BENCH=OFF >"$work/library.log"
    cmake --build "$work/library" -j "${JOBS:-1}" --target onefold >>"$work/library.log"
    $CXX -std=c++20 -O1 $includes "$root"/tests/fuzz/generator/*.cpp -o "$generator"
    $CXX -std=c++20 -O2 $includes -c "$root/tests/fuzz/optimised_twin.cpp" -o "$work/optimised_twin.o"
    $CXX -std=c++20 -O1 $includes -c "$root/tests/fuzz/random_fuzz.cpp" -o "$work/random_fuzz.o"
    touch "$work/prepared"
}

# compile SOURCE OBJECT
compile() { $CXX -std=c++20 -O0 -g0 $warnings $includes -c "$1" -o "$2"; }

# link PROGRAM OBJECT...
link() {
    program=$1
    shift
    $CXX "$work/optimised_twin.o" "$work/random_fuzz.o" "$@" -o "$program" -L"$work/library" -lonefold -pthread \
        -Wl,-rpath,"$work/library"
}
