#pragma once

#include <string>
#include <vector>

#include "onefold/core/time.hpp"
#include "onefold/order/account.hpp"

namespace onefold {

// How one feature differs between the served and the settled rows.
struct FeatureDifference {
    std::string name;
    std::uint64_t rows = 0;    // that differ in any bit
    std::uint64_t nulls = 0;   // of these: null in one of the two
    std::uint64_t numbers = 0; // of these: numbers in both, from which the next two are
    // Of the absolute differences, rounded to a double; NaN where one of the numbers is. The median is the lower of
    // two.
    double median = 0, greatest = 0;
};

// An event that came after rows had been served that it belongs to by its time; or, where all events are the truth, one
// that live dropped.
struct LateEvent {
    std::uint64_t position = 0; // in the source: counts the stream's records from 0 in order of arrival
    Time time;                  // of the event
    std::uint64_t rows = 0;     // served without it, of which a feature whose window holds it differs
};

// The leakage report: what a training set of settled rows knows that the model was not served.
struct ViewDifference {
    std::uint64_t rows = 0;      // that were served, and compared
    std::uint64_t different = 0; // in at least one feature
    std::vector<FeatureDifference> features;
    std::uint64_t late = 0;        // such events
    std::uint64_t causes = 0;      // of these: how many changed a row
    std::vector<LateEvent> events; // those that changed the most rows, of equal ones the first to arrive
    // Rows that differ for another reason than a late event: a version of a table that came late, a fact that was
    // corrected or deleted, or an id that came again.
    std::uint64_t otherwise = 0;
    Account account; // of the events, as live judged them
};

// A table for people, ending in a line end.
std::string to_text(const ViewDifference& difference);
// One object: rows, different, share, features (name, rows, share, nulls, numbers, median, greatest), late, causes,
// events (position, time, rows), otherwise, account.
std::string to_json(const ViewDifference& difference);

namespace run {

// |a - b| as a double; floating-point arithmetic is not done in headers.
double distance(std::int64_t a, std::int64_t b);
double distance(std::uint64_t a, std::uint64_t b);
double distance(double a, double b);
// Reorders the distances to find the lower median and the greatest; NaN is above all.
void summarize(std::vector<double>& distances, FeatureDifference& difference);

} // namespace run
} // namespace onefold
