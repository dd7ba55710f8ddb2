#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "onefold/core/tuple.hpp"
#include "onefold/record/cell.hpp"
#include "onefold/record/parse.hpp"
#include "onefold/record/schema.hpp"

namespace onefold {

// What decoding a record came to: nothing wrong, or the first column at fault and why.
struct DecodeResult {
    ParseError error = ParseError::none;
    std::string_view column;

    constexpr explicit operator bool() const noexcept { return error == ParseError::none; }
    // `column "amount" is not a number`; allocates, so it is called for a rejected record only.
    std::string reason() const;
};

// Turns cells into records of type T. Ask the source for `column_names` in their order once; each row is then one
// straight run over its cells, without a look-up.
//     Decoder<Transaction> decoder;
//     source.bind(decoder.column_names, decoder.ignores_other_columns);
template <class T>
class Decoder {
    static_assert(
        HasSchema<T>,
        "onefold: this record has no schema, so its columns are unknown; list its members once, outside any "
        "namespace: template <> struct onefold::schema<Transaction> : onefold::fields<&Transaction::id, "
        "&Transaction::at> {};  (or include onefold/record/described.hpp and describe it with Boost.Describe)");

public:
    using columns = columns_of<T>;
    static constexpr auto column_names = detail::column_names<columns>;
    static constexpr bool ignores_other_columns = onefold::ignores_other_columns<T>;

    // Reads the cells, in the order of the schema's columns, into `out`, whose strings keep their capacity. Too few
    // cells are missing ones; the source checks their number. After an error `out` is a mix of two records.
    DecodeResult decode(CellRow cells, T& out) const {
        DecodeResult result;
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            static_cast<void>(
                (decode_column<type_at<I, columns>>(I < cells.size() ? cells[I] : Cell{}, out, result) && ...));
        }(std::make_index_sequence<columns::size>{});
        return result;
    }

private:
    template <class Column>
    static bool decode_column(const Cell& cell, T& out, DecodeResult& result) {
        if constexpr (FieldType<typename Column::value>) {
            const auto error = parse_cell(cell, out.*Column::member, Column::unit);
            if (error == ParseError::none) [[likely]]
                return true;
            result = {error, Column::name};
        }
        return false;
    }
};

} // namespace onefold
