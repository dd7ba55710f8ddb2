#pragma once

#include "onefold/core/callback.hpp"
#include "onefold/core/error.hpp"
#include "onefold/port/text_source.hpp"
#include "onefold/record/decode.hpp"

namespace onefold {

// A record of a file that could not be read: where, why, and its text cut to 200 bytes. Both belong to the reader.
struct MalformedRecord {
    std::uint64_t line;
    std::string_view reason;
    std::string_view raw;
};

// A Source of records of type T from a text file, through schema<T>. A malformed line is handed to `malformed` and
// reading goes on; without one it is an Error(data) that names file, line and column. Throws what TextSource throws.
//
// Of changes in envelopes (port/text_source.hpp), RecordReader<Customer, &Customer::id> takes deletions that name no
// more of a row than these members: the others are as in a new Customer.
template <class T, auto... KeyMembers>
class RecordReader {
public:
    explicit RecordReader(std::string path, Callback<void(const MalformedRecord&)> malformed = {},
                          TextSourceOptions options = {})
        : path_(std::move(path)), source_(path_, options), malformed_(std::move(malformed)) {
        source_.bind(decoder_.column_names, decoder_.ignores_other_columns);
    }

    bool next(T& out) {
        TextRecord text;
        while (source_.next(text)) {
            line_ = text.line;
            if (text.malformed()) {
                report({text.line, text.reason, text.raw});
                continue;
            }
            const auto result = decoder_.template decode<KeyMembers...>(text.cells, text.part, out);
            if (result) [[likely]]
                return true;
            const auto reason = result.reason();
            report({text.line, reason, text.raw});
        }
        return false;
    }

    // Of the record that next() has just read; from 1.
    std::uint64_t line() const noexcept { return line_; }

private:
    void report(const MalformedRecord& record) {
        if (malformed_) return malformed_(record);
        std::string sentence = path_ == "-" ? "standard input" : path_;
        sentence.append(":").append(std::to_string(record.line)).append(": ").append(record.reason);
        throw Error(ErrorKind::data,
                    sentence + "; correct the line, or give the reader a function for malformed records");
    }

    std::string path_;
    TextSource source_;
    Decoder<T> decoder_;
    Callback<void(const MalformedRecord&)> malformed_;
    std::uint64_t line_ = 0;
};

} // namespace onefold
