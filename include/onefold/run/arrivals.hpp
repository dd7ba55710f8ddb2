#pragma once

#include <vector>

#include "onefold/port/journal_sink.hpp"

namespace onefold {
namespace run {

template <class Records> struct VectorsOf;
template <class... Record> struct VectorsOf<TypeList<Record...>> {
    using type = Tuple<std::vector<Record>...>;
};

} // namespace run

// Everything that came to an executor of Def, in order, in memory: what a journal holds, for those who ask several
// questions of it. An executor can write straight into it, `options.journal = arrivals`, and reader.replay(arrivals)
// fills it from a file.
template <class Def>
class Arrivals {
    using Inputs = plan::Inputs<Def>;

public:
    using record = typename plan::Plan<Def>::record;
    // What came: a record of the input of that number, or one of these: one that could not be read, a watermark that
    // was stated, what the clock said.
    static constexpr std::uint8_t rejection = 253, statement = 254, clock = 255;
    struct Step {
        std::uint8_t what;
        std::uint32_t index; // of the record among its input's
        Time time;           // of arrival; the watermark; what the clock said
    };

    template <plan::InputRecord<Def> Record>
    void push(const Record& event, Time arrived) {
        constexpr auto input = Inputs::template index_of<Record>;
        auto& all = get<input>(records_);
        steps_.push_back({static_cast<std::uint8_t>(input), static_cast<std::uint32_t>(all.size()), arrived});
        all.push_back(event);
    }
    void reject() { steps_.push_back({rejection, 0, {}}); }
    void advance_watermark(Time to) { steps_.push_back({statement, 0, to}); }
    void tick(Time now) { steps_.push_back({clock, 0, now}); }

    // Tells it all again.
    template <JournalSink<Def> To>
    void replay(To& to) const {
        for (const auto& step : steps_) tell(step, to);
    }
    template <JournalSink<Def> To>
    void tell(const Step& step, To& to) const {
        switch (step.what) {
        case rejection: return to.reject();
        case statement: return to.advance_watermark(step.time);
        case clock: return to.tick(step.time);
        default:
            for_each_index<Inputs::size>([&](auto i) {
                if (step.what == i) to.push(get<decltype(i)::value>(records_)[step.index], step.time);
            });
        }
    }

    const std::vector<Step>& steps() const noexcept { return steps_; }
    // Those of the stream, or of the table of such records, in order of arrival.
    const std::vector<record>& events() const noexcept { return get<0>(records_); }
    template <plan::InputRecord<Def> Record>
    const std::vector<Record>& records() const noexcept {
        return get<Inputs::template index_of<Record>>(records_);
    }

private:
    std::vector<Step> steps_;
    typename run::VectorsOf<typename Inputs::records>::type records_;
};

} // namespace onefold
