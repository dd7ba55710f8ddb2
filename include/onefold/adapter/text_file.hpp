#pragma once

#include <string>

#include "onefold/port/record_reader.hpp"
#include "onefold/port/row_writer.hpp"

namespace onefold {

// A CSV or JSON-lines file by path; `.gz` at its end compresses it. As a source its records go through schema<Record>.
struct TextFile {
    std::string path;
    TextFormat format = TextFormat::csv;

    template <class Record>
    RecordReader<Record> source(Callback<void(const MalformedRecord&)> malformed = {}) const {
        TextSourceOptions options;
        options.format = format;
        return RecordReader<Record>(path, std::move(malformed), options);
    }
    template <class Def>
    RowWriter<Def> sink() const {
        TextSinkOptions options;
        options.format = format;
        return RowWriter<Def>(path, options);
    }
};

inline TextFile csv(std::string path) { return {std::move(path), TextFormat::csv}; }
inline TextFile jsonl(std::string path) { return {std::move(path), TextFormat::jsonl}; }

} // namespace onefold
