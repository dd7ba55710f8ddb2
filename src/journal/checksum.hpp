#pragma once

#include <cstdint>
#include <string_view>

#include <boost/crc.hpp>

namespace onefold::detail {

// CRC-32C, which finds every change of up to 32 bits in a row.
inline std::uint32_t checksum(std::string_view bytes) {
    boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return crc.checksum();
}

} // namespace onefold::detail
