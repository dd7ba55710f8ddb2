// The main job: what a shop wants to know of its customers and products at every line of every invoice, over a year of
// real ones (data/README.md). One definition; `backfill`, `live`, `parity` and `explain` of it are the driver's.
// run: parity --input transactions=examples/data/online_retail.csv.gz
#include "onefold/onefold.hpp"
#include "onefold/run/driver.hpp"

using namespace onefold::literals;
using onefold::column, onefold::field, onefold::lifetime;

struct Line {
    std::int64_t seq;
    onefold::Time ts;
    std::string invoice, stock_code, country;
    std::int64_t quantity; // below zero where goods came back
    double unit_price;     // pounds
    std::optional<std::int64_t> customer_id;
};
// The columns of the file, in any order. Time is microseconds since 1970 everywhere; this file has milliseconds.
template <>
struct onefold::schema<Line>
    : onefold::fields<&Line::seq, column<&Line::ts, "ts", milliseconds>, &Line::invoice, &Line::stock_code,
                      &Line::country, &Line::quantity, &Line::unit_price, &Line::customer_id> {};

constexpr auto invoice = field<&Line::invoice>;
constexpr auto product = field<&Line::stock_code>;
constexpr auto customer = field<&Line::customer_id>;
constexpr auto quantity = field<&Line::quantity>;
constexpr auto price = field<&Line::unit_price>;

struct OnlineRetail {
    static constexpr auto definition = onefold::define(
        onefold::stream<Line>("transactions").time<&Line::ts>().id<&Line::seq>().lateness(1_d),
        onefold::by<&Line::customer_id>( // lines without a customer are one group, as in SQL
            "lines"_f = onefold::count().over(7_d, 30_d, 90_d, lifetime),
            "returned"_f = onefold::count_if(quantity < 0).over(7_d, 30_d, 90_d, lifetime),
            "orders"_f = onefold::distinct(invoice).where(quantity > 0).over(7_d, 30_d, 90_d, lifetime),
            "spend"_f = onefold::sum(quantity * price).over(7_d, 30_d, 90_d, lifetime),
            "items"_f = onefold::sum(quantity).over(7_d, 30_d, 90_d, lifetime),
            "products"_f = onefold::distinct(product).over(7_d, 30_d, 90_d, lifetime),
            "since_last"_f = onefold::time_since_last().over(lifetime).before_current()),
        onefold::by<&Line::stock_code>(
            "demand"_f = onefold::sum(quantity).over(7_d, 30_d, 90_d),
            "buyers"_f = onefold::distinct(customer).over(7_d, 30_d, 90_d),
            "price_z"_f = onefold::zscore(price).over(30_d, 90_d).before_current(), // without the line that is judged
            "price_mean"_f = onefold::mean(price).over(90_d), "price_sd"_f = onefold::stddev(price).over(90_d),
            "price_min"_f = onefold::min(price).over(90_d), "price_max"_f = onefold::max(price).over(90_d),
            "price_median"_f = onefold::median(price).over(90_d)),
        onefold::derive( // from the features above, each by its name and window
            "basket_7d"_f = "spend_7d"_f / "orders_7d"_f, "basket_30d"_f = "spend_30d"_f / "orders_30d"_f,
            "basket_90d"_f = "spend_90d"_f / "orders_90d"_f,
            "basket_lifetime"_f = "spend_lifetime"_f / "orders_lifetime"_f,
            "returns_7d"_f = "returned_7d"_f / "lines_7d"_f, "returns_30d"_f = "returned_30d"_f / "lines_30d"_f,
            "returns_90d"_f = "returned_90d"_f / "lines_90d"_f,
            "returns_lifetime"_f = "returned_lifetime"_f / "lines_lifetime"_f,
            "days_since_last"_f = "since_last_lifetime"_f / 86'400e6, // from microseconds
            "price_to_median"_f = price / "price_median_90d"_f, "demand_trend"_f = "demand_7d"_f / "demand_30d"_f));
};

int main(int argc, char** argv) { return onefold::driver<OnlineRetail>(argc, argv); }
