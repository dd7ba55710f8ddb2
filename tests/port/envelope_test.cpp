// Changes in the envelopes of Debezium, through RecordReader. The first lines are real ones: printed in the READMEs of
// debezium/debezium-examples (Apache-2.0), of its tutorial's fictitious customers.

#include "onefold/port/record_reader.hpp"
#include "support/catch.hpp"
#include "support/contains.hpp"
#include "support/temporary_file.hpp"

namespace envelope_test {

using onefold::Operation;

struct Customer {
    std::int64_t id = -1;
    std::string first_name, last_name, email;
    onefold::Time since;
    Operation operation = Operation::create;
    std::optional<std::int64_t> lsn;
};
struct MysqlCustomer {
    std::int64_t id = -1;
    std::string email;
    onefold::Time since;
    Operation operation = Operation::create;
    std::string file;
    std::int64_t position = 0, row = 0;
};

} // namespace envelope_test
using namespace envelope_test;

template <> struct onefold::schema<Customer>
    : onefold::fields<&Customer::id, &Customer::first_name, &Customer::last_name, &Customer::email,
                      onefold::column<&Customer::operation, "$.op">, onefold::column<&Customer::lsn, "$.source.lsn">,
                      onefold::column<&Customer::since, "$.source.ts_ms", onefold::milliseconds>> {};
template <> struct onefold::schema<MysqlCustomer>
    : onefold::fields<&MysqlCustomer::id, &MysqlCustomer::email, onefold::column<&MysqlCustomer::operation, "$.op">,
                      onefold::column<&MysqlCustomer::since, "$.source.ts_us">,
                      onefold::column<&MysqlCustomer::file, "$.source.file">,
                      onefold::column<&MysqlCustomer::position, "$.source.pos">,
                      onefold::column<&MysqlCustomer::row, "$.source.row">> {
    static constexpr bool ignore_other_columns = true;
};

namespace envelope_test {

constexpr const char* postgres =
    R"json({"before": null, "after": {"id": 1001, "first_name": "Sally", "last_name": "Thomas", "email": "sally.thomas@acme.com"}, "source": {"version": "2.1.3.Final", "connector": "postgresql", "name": "dbserver1", "ts_ms": 1582540780807, "snapshot": "true", "db": "postgres", "schema": "inventory", "table": "customers", "txId": 596, "lsn": 33816576, "xmin": null}, "op": "r", "ts_ms": 1582540780809}
{"before": null, "after": {"id": 1005, "first_name": "Bob", "last_name": "Marley", "email": "bob@marley.com"}, "source": {"version": "2.1.4.Final", "connector": "postgresql", "name": "dbserver1", "ts_ms": 1733906311010, "snapshot": "false", "db": "postgres", "sequence": "[\"34442256\",\"34466480\"]", "schema": "inventory", "table": "customers", "txId": 767, "lsn": 34466480, "xmin": null}, "op": "c", "ts_ms": 1733906311190, "transaction": null}
)json";
constexpr const char* mysql =
    R"json({"before": {"id": 1001, "first_name": "Sally", "last_name": "Thomas", "email": "sally.thomas@acme.com"}, "after": {"id": 1001, "first_name": "Sarah", "last_name": "Thomas", "email": "sally.thomas@acme.com"}, "source": {"version": "3.0.1.Final", "connector": "mysql", "name": "wasm", "ts_ms": 1731327659000, "snapshot": "false", "db": "inventory", "sequence": null, "ts_us": 1731327659000000, "ts_ns": 1731327659000000000, "table": "customers", "server_id": 223344, "gtid": null, "file": "mysql-bin.000003", "pos": 1041, "row": 0, "thread": 102, "query": null}, "transaction": null, "op": "u", "ts_ms": 1731327659957, "ts_us": 1731327659957757, "ts_ns": 1731327659957757335}
)json";

// An envelope of a customer, from its parts.
std::string envelope(const std::string& op, const std::string& before, const std::string& after) {
    return R"({"before":)" + before + R"(,"after":)" + after +
           R"(,"source":{"ts_ms":5,"lsn":7,"nested":{"a":[{"b":"}"}]}},"op":")" + op + R"(","ts_ms":6})";
}
const std::string sally = R"({"id":1,"first_name":"S\u0061lly","last_name":"T","email":"e"})";

// What is read of one line, or the reason why it is not.
struct Result {
    std::vector<Customer> read;
    std::vector<std::string> reasons;
};
Result read(const std::string& line) {
    const TemporaryFile file(".jsonl", line + "\n");
    Result result;
    onefold::RecordReader<Customer, &Customer::id> reader(
        file.path(), [&](const onefold::MalformedRecord& bad) { result.reasons.emplace_back(bad.reason); });
    for (Customer customer; reader.next(customer);) result.read.push_back(customer);
    return result;
}
std::string reason(const std::string& line) {
    const auto result = read(line);
    REQUIRE(result.read.empty());
    REQUIRE(result.reasons.size() == 1);
    return result.reasons[0];
}

} // namespace envelope_test
using namespace envelope_test;

TEST_CASE("envelopes: real changes of PostgreSQL and MySQL are read through the schema") {
    const TemporaryFile from_postgres(".jsonl", postgres), from_mysql(".jsonl", mysql);
    onefold::RecordReader<Customer> reader(from_postgres.path());
    Customer customer;
    REQUIRE(reader.next(customer));
    REQUIRE(customer.id == 1001);
    REQUIRE(customer.first_name == "Sally");
    REQUIRE(customer.operation == Operation::read);
    REQUIRE(customer.lsn == 33816576);
    REQUIRE(customer.since.micros == 1'582'540'780'807'000);
    REQUIRE(reader.next(customer));
    REQUIRE(customer.email == "bob@marley.com");
    REQUIRE(customer.operation == Operation::create);
    REQUIRE(!reader.next(customer));

    onefold::RecordReader<MysqlCustomer> changes(from_mysql.path());
    MysqlCustomer change;
    REQUIRE(changes.next(change));
    REQUIRE(change.operation == Operation::update);
    REQUIRE(change.email == "sally.thomas@acme.com");
    REQUIRE(change.file == "mysql-bin.000003");
    REQUIRE(change.position == 1041);
    REQUIRE(change.since.micros == 1'731'327'659'000'000);
}

TEST_CASE("envelopes: what is deleted is read from before, and may be no more than its key") {
    auto result = read(envelope("d", sally, "null"));
    REQUIRE(result.read.size() == 1);
    REQUIRE(result.read[0].operation == Operation::remove);
    REQUIRE(result.read[0].first_name == "Sally");
    for (const auto* before : {R"({"id":9,"first_name":null,"last_name":null,"email":null})", R"({"id":9})"}) {
        result = read(envelope("d", before, "null"));
        REQUIRE(result.read.size() == 1);
        REQUIRE(result.read[0].id == 9);
        REQUIRE(result.read[0].email.empty());
        REQUIRE(result.read[0].lsn == 7);
    }
    REQUIRE_THAT(reason(envelope("d", R"({"email":"e"})", "null")), Contains("column \"id\" is missing"));
    REQUIRE_THAT(reason(envelope("d", "null", "null")), Contains("deletes without the row in \"before\""));
    REQUIRE_THAT(reason(envelope("u", "null", R"({"id":9})")), Contains("column \"first_name\" is missing"));
}

TEST_CASE("envelopes: truncations have no row, payloads are opened, and marks of deleted keys are no records") {
    auto result = read(envelope("t", "null", "null"));
    REQUIRE(result.read.size() == 1);
    REQUIRE(result.read[0].operation == Operation::truncate);
    REQUIRE(result.read[0].id == -1);
    REQUIRE(result.read[0].since.micros == 5'000);
    result = read(R"({"schema":{"type":"struct"}, "payload": )" + envelope("c", "null", sally) + "}");
    REQUIRE(result.read.size() == 1);
    REQUIRE(result.read[0].id == 1);
    result = read("null\n" + envelope("c", "null", sally) + R"(
{"schema":null,"payload":null})");
    REQUIRE(result.read.size() == 1);
    REQUIRE(result.reasons.empty());
}

TEST_CASE("envelopes: a line that is none is malformed, with the reason") {
    REQUIRE_THAT(reason(envelope("m", "null", sally)), Contains("none of c, r, u, d and t"));
    REQUIRE_THAT(reason(sally), Contains("none of c, r, u, d and t"));
    REQUIRE_THAT(reason("[1]"), Contains("no JSON object"));
    REQUIRE_THAT(reason(R"({"op":"c")"), Contains("no JSON object"));
    REQUIRE_THAT(reason(R"({"op":"c","after":{"id":[}]})"), Contains("no JSON object"));
    REQUIRE_THAT(reason(envelope("c", sally, "null")), Contains("without the row in \"after\""));
    REQUIRE_THAT(reason(envelope("c", "null", R"({"id":1,"age":3})")), Contains("an unknown member \"age\""));
    REQUIRE_THAT(reason(envelope("c", "null", R"({"id":1,"email":{"a":1}})")), Contains("of the row in the envelope"));
    REQUIRE_THAT(reason(R"({"op":"c","after":)" + sally + R"(,"source":{"lsn":1}})"),
                 Contains("column \"$.source.ts_ms\" is missing"));
}
