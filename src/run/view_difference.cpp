#include "onefold/run/view_difference.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "onefold/run/driver_output.hpp"

namespace onefold {
namespace run {

double distance(std::uint64_t a, std::uint64_t b) { return static_cast<double>(a > b ? a - b : b - a); }
double distance(std::int64_t a, std::int64_t b) {
    // In 64 bits without a sign, as the two ends of the type are further apart than a signed number tells.
    const auto low = static_cast<std::uint64_t>(std::min(a, b)), high = static_cast<std::uint64_t>(std::max(a, b));
    return static_cast<double>(high - low);
}
double distance(double a, double b) {
    // Infinity less itself is not a number; of equal ones only the sign of a zero or the bits of a NaN differ.
    return a == b ? 0.0 : std::fabs(a - b);
}

void summarize(std::vector<double>& distances, FeatureDifference& difference) {
    if (distances.empty()) return;
    const auto less = [](double a, double b) { return !std::isnan(a) && (std::isnan(b) || a < b); };
    const auto middle = distances.begin() + static_cast<std::ptrdiff_t>((distances.size() - 1) / 2);
    std::nth_element(distances.begin(), middle, distances.end(), less);
    difference.median = *middle;
    difference.greatest = *std::max_element(middle, distances.end(), less);
}

namespace {

double share_of(std::uint64_t part, std::uint64_t all) {
    return all == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(all);
}
std::string percent(std::uint64_t part, std::uint64_t all) {
    return fmt::format("{:.2f} %", 100 * share_of(part, all));
}

// JSON has no word for what is not a number, or for an infinite one.
nlohmann::ordered_json number(double value) {
    if (std::isfinite(value)) return value;
    return fmt::format("{}", value);
}

} // namespace
} // namespace run

std::string to_text(const ViewDifference& difference) {
    auto text = fmt::format("views: {} rows, {} differ ({}); {} events came late, {} of them changed rows\n",
                            difference.rows, difference.different, run::percent(difference.different, difference.rows),
                            difference.late, difference.causes);
    text += fmt::format("arrival: {}\n", run::account_text(difference.account));
    std::size_t width = 7;
    for (const auto& feature : difference.features) width = std::max(width, feature.name.size());
    text += fmt::format("{:<{}}  {:>10}  {:>8}  {:>10}  {:>22}  {:>22}\n", "feature", width, "differ", "share",
                        "of nulls", "median difference", "greatest difference");
    for (const auto& feature : difference.features) {
        const auto measured = [&](double value) {
            return feature.numbers == 0 ? std::string("-") : fmt::format("{}", value);
        };
        text += fmt::format("{:<{}}  {:>10}  {:>8}  {:>10}  {:>22}  {:>22}\n", feature.name, width, feature.rows,
                            run::percent(feature.rows, difference.rows), feature.nulls, measured(feature.median),
                            measured(feature.greatest));
    }
    for (const auto& event : difference.events)
        text += fmt::format("late event at position {}, of {}: changed {} rows\n", event.position,
                            run::time_text(event.time), event.rows);
    if (difference.otherwise != 0)
        text += fmt::format(
            "{} rows differ by versions of tables that came late, corrected facts, or ids that came again\n",
            difference.otherwise);
    return text;
}

std::string to_json(const ViewDifference& difference) {
    using Json = nlohmann::ordered_json;
    Json json{{"rows", difference.rows},
              {"different", difference.different},
              {"share", run::share_of(difference.different, difference.rows)},
              {"late", difference.late},
              {"causes", difference.causes},
              {"otherwise", difference.otherwise}};
    const auto& a = difference.account;
    json["account"] = Json{{"in", a.in},
                           {"applied", a.applied},
                           {"late", a.late},
                           {"duplicate", a.duplicate},
                           {"rejected", a.rejected},
                           {"filtered", a.filtered}};
    json["features"] = Json::array();
    for (const auto& feature : difference.features) {
        Json one{{"name", feature.name},
                 {"rows", feature.rows},
                 {"share", run::share_of(feature.rows, difference.rows)},
                 {"nulls", feature.nulls},
                 {"numbers", feature.numbers}};
        if (feature.numbers != 0) {
            one["median"] = run::number(feature.median);
            one["greatest"] = run::number(feature.greatest);
        }
        json["features"].push_back(std::move(one));
    }
    json["events"] = Json::array();
    for (const auto& event : difference.events)
        json["events"].push_back(Json{{"position", event.position}, {"time", event.time.micros}, {"rows", event.rows}});
    return json.dump(2) + "\n";
}

} // namespace onefold
