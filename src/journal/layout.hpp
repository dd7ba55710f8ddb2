#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// The fixed parts of a journal; see onefold/port/journal_file.hpp.
namespace onefold::detail {

inline constexpr std::string_view journal_magic = "onefold\n";
inline constexpr std::uint32_t journal_version = 1;
inline constexpr std::string_view block_marker = "JBLK";
inline constexpr std::size_t file_head_size = 16, block_head_size = 24, checksum_size = 4;

} // namespace onefold::detail
