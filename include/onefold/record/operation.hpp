#pragma once

#include <cstdint>
#include <string_view>

namespace onefold {

// What a change of a source's row did, as the envelope of Debezium says in its member `op`. In files it is the letter:
// c, r (a row that was there when the log began), u, d, t (every row is gone).
enum class Operation : std::uint8_t { create, read, update, remove, truncate };

constexpr std::string_view to_text(Operation operation) noexcept {
    constexpr std::string_view letters = "crudt";
    const auto number = static_cast<std::size_t>(operation);
    return number < letters.size() ? letters.substr(number, 1) : std::string_view{};
}

} // namespace onefold
