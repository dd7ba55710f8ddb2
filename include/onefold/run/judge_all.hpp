#pragma once

#include <string>
#include <vector>

#include "onefold/core/error.hpp"
#include "onefold/run/intake.hpp"

namespace onefold::run {

inline void check_size(std::size_t events) {
    if (events > UINT32_MAX)
        throw Error(ErrorKind::data, "a backfill of " + std::to_string(events) +
                                         " events is more than one call takes; split the history by key");
}

// Which events of a history of stream I count; the others are told of in `excluded`.
template <class Def, std::size_t I, class Record>
Account judge_all(const std::vector<Record>& events, Arrival arrival, std::vector<std::uint32_t>& accepted,
                  std::vector<Excluded>& excluded) {
    check_size(events.size());
    Intake<Def, I> intake(arrival);
    accepted.reserve(events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto verdict = intake.judge(events[i]);
        if (verdict == Verdict::applied) accepted.push_back(static_cast<std::uint32_t>(i));
        else if (!intake.was_punctuation())
            excluded.push_back({static_cast<std::uint32_t>(i), verdict, intake.watermark_before()});
    }
    return intake.account();
}

} // namespace onefold::run
