#pragma once

#include "onefold/plan/inputs.hpp"

namespace onefold {
namespace port {

template <class S, class Record>
concept TakesRecord = requires(S& sink, const Record& record, Time arrived) { sink.push(record, arrived); };
template <class S, class Records> inline constexpr bool takes_all = false;
template <class S, class... Record>
inline constexpr bool takes_all<S, TypeList<Record...>> = (TakesRecord<S, Record> && ...);

} // namespace port

// Whoever is told everything that decides what an executor of Def answers, in the order in which it came: each record
// of each input with its time of arrival (`earliest`: not known), records that could not be read, watermarks that
// somebody states (the end of the input is `latest`), and what the clock says. A journal is one, and so is another
// executor. Each call is made before the executor itself follows it: one that throws leaves it as it was.
template <class S, class Def>
concept JournalSink = port::takes_all<S, typename plan::Inputs<Def>::records> && requires(S& sink, Time time) {
    sink.reject();
    sink.advance_watermark(time);
    sink.tick(time);
};

// Which one is told, if any. It is not owned, and must outlive whoever tells it.
template <class Def>
class JournalRef {
    using Records = typename plan::Inputs<Def>::records;

    template <class List> struct PushOf;
    template <class... Record> struct PushOf<TypeList<Record...>> {
        using type = Tuple<void (*)(void*, const Record&, Time)...>;
        template <class S> static constexpr type make() {
            return onefold::make_tuple(+[](void* sink, const Record& record, Time arrived) {
                static_cast<S*>(sink)->push(record, arrived);
            }...);
        }
    };
    struct Calls {
        typename PushOf<Records>::type push;
        void (*reject)(void*);
        void (*advance_watermark)(void*, Time);
        void (*tick)(void*, Time);
    };
    template <class S>
    static constexpr Calls calls_of{PushOf<Records>::template make<S>(),
                                    [](void* sink) { static_cast<S*>(sink)->reject(); },
                                    [](void* sink, Time to) { static_cast<S*>(sink)->advance_watermark(to); },
                                    [](void* sink, Time now) { static_cast<S*>(sink)->tick(now); }};

public:
    JournalRef() noexcept = default;
    template <class S>
        requires(!std::same_as<std::remove_cv_t<S>, JournalRef>)
    JournalRef(S& sink) noexcept {
        constexpr bool one_stream = plan::Plan<Def>::side_count == 0;
        static_assert(one_stream,
                      "onefold: a journal is kept of a definition of one stream and its tables, and this one "
                      "has further streams; keep the journal of a definition without them");
        constexpr bool ok = !one_stream || JournalSink<S, Def>;
        static_assert(ok, "onefold: the journal of an executor is told of everything that comes; give it the functions "
                          "push(record, Time arrived) for the record of every input, reject(), "
                          "advance_watermark(Time) and tick(Time)");
        if constexpr (one_stream && ok) {
            sink_ = &sink;
            calls_ = &calls_of<S>;
        }
    }

    explicit operator bool() const noexcept { return sink_ != nullptr; }
    template <plan::InputRecord<Def> Record>
    void push(const Record& record, Time arrived) const {
        get<plan::Inputs<Def>::template index_of<Record>>(calls_->push)(sink_, record, arrived);
    }
    void reject() const { calls_->reject(sink_); }
    void advance_watermark(Time to) const { calls_->advance_watermark(sink_, to); }
    void tick(Time now) const { calls_->tick(sink_, now); }

private:
    void* sink_ = nullptr;
    const Calls* calls_ = nullptr;
};

} // namespace onefold
