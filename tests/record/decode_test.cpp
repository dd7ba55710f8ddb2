#include "support/catch.hpp"

#include <vector>

#include "onefold/record/decode.hpp"

namespace {

enum class Channel : std::uint8_t { web, shop };
struct Transaction {
    std::int64_t id = 0;
    onefold::Time at;
    std::string card;
    double amount = 0;
    bool fraud = false;
    std::optional<std::string> note;
    std::array<float, 2> embedding{};
    Channel channel = Channel::web;
};

} // namespace

template <>
struct onefold::schema<Transaction>
    : onefold::fields<&Transaction::id, onefold::column<&Transaction::at, "ts", onefold::milliseconds>,
                      &Transaction::card, &Transaction::amount, &Transaction::fraud, &Transaction::note,
                      &Transaction::embedding, &Transaction::channel> {};

using onefold::Cell;
using onefold::CellKind;
using onefold::CellRow;
using onefold::Decoder;
using onefold::ParseError;

namespace {

std::vector<Cell> good_row() {
    return {{"17", CellKind::bare},   {"1500", CellKind::bare}, {"c1", CellKind::text},    {"2.5", CellKind::bare},
            {"true", CellKind::bare}, {"", CellKind::null},     {"[1,2]", CellKind::text}, {"1", CellKind::bare}};
}
onefold::DecodeResult decode(const std::vector<Cell>& cells, Transaction& out) {
    return Decoder<Transaction>{}.decode(CellRow(cells.data(), cells.size()), out);
}

} // namespace

TEST_CASE("a row of cells becomes a record", "[record][decode]") {
    Transaction record;
    record.note = "from the row before";
    const auto result = decode(good_row(), record);
    CHECK(result);
    CHECK(result.reason().empty());
    CHECK(record.id == 17);
    CHECK(record.at == onefold::Time{1'500'000});
    CHECK(record.card == "c1");
    CHECK(record.amount == 2.5);
    CHECK(record.fraud);
    CHECK_FALSE(record.note.has_value());
    CHECK(record.embedding == std::array<float, 2>{1, 2});
    CHECK(record.channel == Channel::shop);
}

TEST_CASE("the first column at fault is named with the reason and without its content", "[record][decode]") {
    auto cells = good_row();
    cells[3].text = "secret";
    cells[4].text = "maybe";
    Transaction record;
    const auto result = decode(cells, record);
    CHECK_FALSE(result);
    CHECK(result.error == ParseError::not_a_number);
    CHECK(result.column == "amount");
    CHECK(result.reason() == "column \"amount\" is not a number");
}

TEST_CASE("the column's name is the schema's, not the member's", "[record][decode]") {
    auto cells = good_row();
    cells[1] = {"2024-01-01T00:00:00", CellKind::bare};
    Transaction record;
    CHECK(decode(cells, record).reason() ==
          "column \"ts\" is a time without a zone; append Z or an offset such as +02:00");
}

TEST_CASE("a row that is too short has missing columns", "[record][decode]") {
    auto cells = good_row();
    cells.pop_back();
    Transaction record;
    const auto result = decode(cells, record);
    CHECK(result.error == ParseError::missing);
    CHECK(result.column == "channel");
}

TEST_CASE("strings keep their memory from row to row", "[record][decode]") {
    auto cells = good_row();
    const std::string long_text(200, 'x');
    cells[2].text = long_text;
    Transaction record;
    REQUIRE(decode(cells, record));
    const auto* const memory = record.card.data();
    cells[2].text = "short";
    REQUIRE(decode(cells, record));
    cells[2].text = long_text;
    REQUIRE(decode(cells, record));
    CHECK(record.card.data() == memory);
    CHECK(record.card == long_text);
}
