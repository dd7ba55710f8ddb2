#include "onefold/aggregate/hyper_log_log.hpp"

#include <algorithm>
#include <cmath>

#include "support/approximate_twin.hpp"
#include "support/catch.hpp"

using onefold::HyperLogLog;
using reference::Random;
using reference::uniform;

namespace {

std::string bytes_of(const HyperLogLog& sketch) {
    onefold::ByteWriter to;
    sketch.save(to);
    return to.take();
}
template <int P>
HyperLogLog sketch_of(const std::vector<std::int64_t>& values) {
    HyperLogLog sketch;
    for (const auto value : values) sketch.add(onefold::hash_value(value), P);
    return sketch;
}
template <int P>
std::int64_t twin_of(const std::vector<std::int64_t>& values) {
    twin::Seen<std::int64_t> seen;
    seen.values = values;
    return twin::Obvious<onefold::aggregates::ApproxDistinct<P>>::result(seen);
}

// Any order, any tree of merges, any repetition: one state, the twin's estimate, bytes that load again.
template <int P>
void agrees() {
    Random random(P);
    for (const int n : {0, 1, 2, 3, 4, 5, 30, 700, 768, 769, 800, 3000, 20000}) {
        std::vector<std::int64_t> values;
        for (int i = 0; i < n; ++i)
            values.push_back(static_cast<std::int64_t>(random() % (i % 2 == 0 ? 1000 : 1u << 30)));
        const auto sketch = sketch_of<P>(values);
        REQUIRE(sketch.estimate(P) == twin_of<P>(values));
        std::shuffle(values.begin(), values.end(), random);
        HyperLogLog parts[5];
        for (const auto value : values)
            parts[uniform(random, 0, 4) / uniform(random, 1, 2)].add(onefold::hash_value(value), P);
        std::shuffle(parts, parts + 5, random);
        parts[1].merge(parts[0], P);
        parts[3].merge(parts[2], P);
        parts[3].merge(parts[3], P);
        parts[4].merge(parts[1], P);
        parts[3].merge(parts[4], P);
        REQUIRE(parts[3] == sketch);
        const auto bytes = bytes_of(sketch);
        REQUIRE(bytes == bytes_of(parts[3]));
        onefold::ByteReader from(bytes);
        REQUIRE(HyperLogLog::load(from, P) == sketch);
        REQUIRE((from.ok() && from.at_end()));
    }
}

} // namespace

TEST_CASE("a distinct sketch is a function of its set, and its estimate is the formula's") {
    agrees<4>();
    agrees<5>();
    agrees<12>();
    agrees<14>();
    agrees<18>();
}

TEST_CASE("few values are counted exactly, many within the standard error") {
    // The root of the mean square of the relative error over many sets is the standard error; a run of 200 sets has it
    // within 15 %.
    for (const int n : {100, 700, 1000, 2000, 10000, 100000}) {
        double squares = 0, sum = 0;
        const int sets = n > 20000 ? 60 : 200;
        for (int set = 0; set < sets; ++set) {
            HyperLogLog sketch;
            for (std::int64_t i = 0; i < n; ++i)
                sketch.add(onefold::hash_value(std::int64_t{set} * 1'000'000'007 + i), 12);
            const double error = static_cast<double>(sketch.estimate(12)) / n - 1;
            squares += error * error;
            sum += error;
            if (n <= 700) REQUIRE(std::abs(error) * n < 1.5);
        }
        const double bound = 1.04 / 64;
        CHECK(std::sqrt(squares / sets) < 1.15 * bound);
        CHECK(std::abs(sum / sets) < 3 * bound / std::sqrt(sets));
    }
}

TEST_CASE("registers that no real set reaches have the estimate of the formula") {
    for (const int first : {0, 1, 30, 60, 61}) {
        std::string bytes(1, '\1');
        std::vector<unsigned> registers;
        for (int i = 0; i < 16; ++i) registers.push_back(static_cast<unsigned>(i < 8 ? first : i < 12 ? 61 : 2));
        for (const auto held : registers) bytes.push_back(static_cast<char>(held));
        onefold::ByteReader from(bytes);
        const auto sketch = HyperLogLog::load(from, 4);
        REQUIRE(from.ok());
        CHECK(sketch.is_dense());
        CHECK(bytes_of(sketch) == bytes);
        CHECK(sketch.estimate(4) == twin::estimate_of_registers(registers));
    }
    const std::string full = '\1' + std::string(16, '\75');
    onefold::ByteReader from(full);
    CHECK(HyperLogLog::load(from, 4).estimate(4) == INT64_MAX);
}

TEST_CASE("the bytes of a distinct sketch never change") {
    // hash(0) = e220a8397b1dcdaf: prefix e220a8 and 00, then 1110 01...: position 3 of the 38 bits e5ec7736bc.
    const auto one = sketch_of<12>({0});
    const std::uint64_t hash = 0xe220a8397b1dcdaf;
    const auto word = static_cast<std::uint32_t>(hash >> 38) << 6 | 1u;
    std::string expected("\0\1\0\0\0\0\0\0\0", 9);
    for (int i = 0; i < 4; ++i) expected.push_back(static_cast<char>(word >> (8 * i)));
    CHECK(bytes_of(one) == expected);
    CHECK(bytes_of({}) == std::string(9, '\0'));
    // Of the four values' hashes, as tests/core has them, the first four bits and the first one bit after them:
    // e2.. -> 3, 91.. -> 4, e4.. -> 2, and 48.. -> 1.
    const auto four = sketch_of<4>({0, 1, -1, INT64_MIN});
    std::string registers(17, '\0');
    registers[0] = '\1';
    registers[1 + 0xe] = '\3';
    registers[1 + 0x9] = '\4';
    registers[1 + 0x4] = '\1';
    CHECK(bytes_of(four) == registers);
}

TEST_CASE("damaged bytes of a distinct sketch are refused") {
    const auto loads = [](const std::string& bytes) {
        onefold::ByteReader from(bytes);
        const auto sketch = HyperLogLog::load(from, 4);
        return from.ok() || !(sketch == HyperLogLog());
    };
    const std::string two("\0\2\0\0\0\0\0\0\0\1\0\0\0\101\0\0\0", 17);
    CHECK(loads(two));
    for (std::size_t size = 0; size < two.size(); ++size) CHECK_FALSE(loads(two.substr(0, size)));
    CHECK_FALSE(loads(std::string("\0\2\0\0\0\0\0\0\0\101\0\0\0\1\0\0\0", 17))); // descending
    CHECK_FALSE(loads(std::string("\0\2\0\0\0\0\0\0\0\1\0\0\0\2\0\0\0", 17)));   // one prefix twice
    CHECK_FALSE(loads(std::string("\0\1\0\0\0\0\0\0\0\0\0\0\0", 13)));           // no position
    CHECK_FALSE(loads(std::string("\0\1\0\0\0\0\0\0\0\50\0\0\0", 13)));          // beyond the 38 bits
    CHECK_FALSE(loads('\2' + std::string(16, '\0')));
    CHECK_FALSE(loads('\1' + std::string(15, '\0')));
    CHECK_FALSE(loads('\1' + std::string(16, '\76')));
}
