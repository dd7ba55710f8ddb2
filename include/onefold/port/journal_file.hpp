#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onefold {

// The journal of an executor is a file of everything that decided what it answered, in the order in which it came:
// records of every input with their time of arrival, records that could not be read, watermarks that somebody stated,
// and readings of the clock. It is a format of Onefold's own, version 1. Numbers are little-endian; a check is the
// CRC-32C (Castagnoli) of the bytes named.
//
//   file    magic "onefold\n" (8), version u32, size of the body u32, body, check u32 of everything before it;
//           then blocks up to the end of the file
//   body    fingerprint of the definition that wrote it u64 (0: not known), number of inputs u64, and of each its
//           name and its layout, as u64 size and bytes. A layout lists the columns of the input's schema<T>, in order,
//           as `name:type`, with a space between; types are spelled as `explain` does.
//   block   marker "JBLK" (4), size of the entries in bytes u32, sequence number of the first entry u64, number of
//           entries u32, check u32 of these 20 bytes; then the entries, and their check u32
//   end     a block without entries, whose sequence number is the number of all entries: the journal was closed
//   entry   see port/journal_code.hpp. Entries are coded by their differences, and nothing is remembered from one block
//           to the next, so that a damaged block takes none of the others with it.
struct JournalInput {
    std::string name;
    std::string layout;
    friend bool operator==(const JournalInput&, const JournalInput&) = default;
};
struct JournalHeader {
    std::uint64_t definition = 0; // the fingerprint of the definition, as `explain` shows it; 0: not known
    std::vector<JournalInput> inputs;
};

struct JournalOptions {
    // Bytes of entries after which a block is written. A process that dies loses the entries since the last whole
    // block, or since flush().
    std::size_t block_size = std::size_t{64} << 10;
};

// A place where a journal is not as it was written.
struct JournalDamage {
    enum class Kind : std::uint8_t {
        changed,   // bytes are not those that were written
        cut_off,   // the file ends inside a block: the process or the machine stopped while it was written
        not_closed // every block is whole, but nothing says that no more were written: close() was not called
    };
    Kind kind = Kind::changed;
    std::uint64_t position = 0; // of the first damaged byte in the file
    std::uint64_t bytes = 0;    // how many are lost, up to the next whole block or the end of the file
    std::uint64_t arrivals = 0; // entries of whole blocks before it
    std::string sentence;       // what, where, what to do
};

// Writes the blocks of a new journal. A block is in the file whole or not at all: what a full disk took half of is
// taken back, so that the same call may be made again when there is room. The destructor writes nothing.
// Throws Error: usage for a path that cannot be meant or that exists already, as a journal is never overwritten;
// environment for what the machine refuses.
class JournalFile {
public:
    // Creates the file, with its header.
    JournalFile(std::string path, const JournalHeader& header);
    JournalFile(JournalFile&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
    JournalFile& operator=(JournalFile&& other) noexcept {
        std::swap(impl_, other.impl_);
        return *this;
    }
    ~JournalFile();

    void write_block(std::string_view entries, std::uint32_t count);
    // Waits until what was written is on the disk.
    void sync();
    // Writes the end and syncs; nothing can be written after it. A second call does nothing.
    void close();
    const std::string& path() const noexcept;

private:
    class Impl;
    Impl* impl_;
};

// Reads the blocks of a journal, one after the other, while it is written or later. What was damaged is told where it
// stood, and reading goes on at the next whole block. Throws Error: usage for a path that cannot be meant, environment
// for what the machine refuses, data for a file that is no journal, whose header is damaged, or of a later version.
class JournalBlocks {
public:
    enum class Next : std::uint8_t { block, damage, end };

    explicit JournalBlocks(std::string path);
    JournalBlocks(JournalBlocks&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
    JournalBlocks& operator=(JournalBlocks&& other) noexcept {
        std::swap(impl_, other.impl_);
        return *this;
    }
    ~JournalBlocks();

    const JournalHeader& header() const noexcept;
    const std::string& path() const noexcept;
    Next next();
    // Of the block that next() has just read; valid until the next call.
    std::string_view entries() const noexcept;
    std::uint32_t count() const noexcept;
    std::uint64_t first() const noexcept;
    std::uint64_t position() const noexcept;
    const JournalDamage& damage() const noexcept;
    // For who finds that the entries of a whole block are not such: the same kind of damage.
    JournalDamage damage_at(std::uint64_t position, std::uint64_t bytes, std::uint64_t arrivals) const;

private:
    class Impl;
    Impl* impl_;
};

} // namespace onefold
