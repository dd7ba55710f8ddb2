#pragma once

#include "conformance/runtime/table.hpp"

namespace conformance {

// How the cells of one output column are compared. The usual is bit for bit.
struct OutputColumn {
    std::string name{};
    // A double may differ by this part of the greater of the two; 0 allows nothing.
    double relative = 0.0;
    // -0.0 and 0.0 are one value here.
    bool one_zero = false;
    // The column is an exact sum of integers, so that "OVERFLOW" in it means: our null, and counted as an overflow.
    bool sum_of_integers = false;
    // A double may also differ by this part of the sum of the window's |x|, which stands in that cell of our row.
    double of_sum_of_magnitudes = 0.0;
    std::size_t sum_of_magnitudes = 0;
};

struct Comparison {
    // The first difference as a sentence, or empty.
    std::string difference{};
    std::size_t rows = 0;
    std::size_t cells = 0;
    // Cells that are not the same bits, but within what the case allows.
    std::size_t near = 0;
    // Cells in which the case expects an overflow.
    std::size_t overflows = 0;
};

// Compares what an executor answered with an expected file: its header, its rows in order and their number. Our rows
// may be wider than `columns`; what follows is for the comparison only.
Comparison compare(const FileTable& expected, const std::vector<OutputColumn>& columns, const std::vector<Row>& got);

} // namespace conformance
