#pragma once

#include <cstdint>
#include <string_view>

namespace onefold {

// What became of an event. Everything but `applied` goes to the dead-letter sink, with this as the reason.
enum class Verdict : std::uint8_t { applied, late, duplicate, rejected, filtered };

constexpr std::string_view to_text(Verdict verdict) noexcept {
    switch (verdict) {
    case Verdict::applied: return "applied";
    case Verdict::late: return "late";
    case Verdict::duplicate: return "duplicate";
    case Verdict::rejected: return "rejected";
    case Verdict::filtered: return "filtered";
    }
    return "";
}

// Where a source's events went. At every moment in = applied + late + duplicate + rejected + filtered + pending.
struct Account {
    std::uint64_t in = 0;
    std::uint64_t applied = 0;
    std::uint64_t late = 0;
    std::uint64_t duplicate = 0;
    std::uint64_t rejected = 0;
    std::uint64_t filtered = 0;
    std::uint64_t pending = 0;

    constexpr void count(Verdict verdict) noexcept {
        switch (verdict) {
        case Verdict::applied: ++applied; break;
        case Verdict::late: ++late; break;
        case Verdict::duplicate: ++duplicate; break;
        case Verdict::rejected: ++rejected; break;
        case Verdict::filtered: ++filtered; break;
        }
    }
    constexpr bool balances() const noexcept {
        return in == applied + late + duplicate + rejected + filtered + pending;
    }
    friend constexpr bool operator==(const Account&, const Account&) = default;
};

} // namespace onefold
