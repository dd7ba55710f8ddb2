#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "onefold/record/cell.hpp"

namespace onefold::detail {

// Makes flat objects of Debezium's envelopes: the members of the row that a change leaves (`after`), or of the one it
// takes away (`before`), and the values that columns named by a path ask of the envelope itself.
class EnvelopeSplitter {
public:
    // A column of the envelope: "$.op", "$.source.lsn".
    static bool is_path(std::string_view name) noexcept { return name.starts_with("$."); }

    void set_names(const std::vector<std::string>& names);
    // An empty reason if the line is an envelope, also inside of a `payload`; `flat` stays empty where it holds no
    // change, as a log's mark that a deleted key may be forgotten does.
    std::string_view flatten(std::string_view line, std::string& flat, RowPart& part);

private:
    std::string_view member(std::string_view name) const noexcept;
    std::string_view value_at(std::string_view path) const;

    std::vector<std::string> paths_;
    std::vector<std::pair<std::string_view, std::string_view>> members_;
};

} // namespace onefold::detail
