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
    DecodeResult decode(CellRow cells, T& out) const { return decode<>(cells, RowPart::whole, out); }
    // The same of a record with a part of a row only: of one that names a key those members are needed that are given
    // here, or all where none is; of one without a row, those whose column is a path of the envelope. The others are
    // left as a new T has them.
    template <auto... KeyMembers>
    DecodeResult decode(CellRow cells, RowPart part, T& out) const {
        DecodeResult result;
        if (part != RowPart::whole) out = T{};
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            static_cast<void>((decode_column<type_at<I, columns>, KeyMembers...>(I < cells.size() ? cells[I] : Cell{},
                                                                                 part, out, result) &&
                               ...));
        }(std::make_index_sequence<columns::size>{});
        return result;
    }

private:
    template <class Column, auto... KeyMembers>
    static bool decode_column(const Cell& cell, RowPart part, T& out, DecodeResult& result) {
        if constexpr (FieldType<typename Column::value>) {
            const bool absent = cell.kind == CellKind::missing || cell.kind == CellKind::null;
            if (absent && !is_needed<Column, KeyMembers...>(part)) return true;
            const auto error = parse_cell(cell, out.*Column::member, Column::unit);
            if (error == ParseError::none) [[likely]]
                return true;
            result = {error, Column::name};
        }
        return false;
    }
    template <class Column, auto... KeyMembers>
    static constexpr bool is_needed(RowPart part) noexcept {
        if (part == RowPart::whole || Column::name.starts_with("$.")) return true;
        if (part == RowPart::none) return false;
        return sizeof...(KeyMembers) == 0 || (std::same_as<Field<Column::member>, Field<KeyMembers>> || ...);
    }
};

} // namespace onefold
