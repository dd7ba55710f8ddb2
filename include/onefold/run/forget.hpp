#pragma once

#include "onefold/plan/check.hpp"
#include "onefold/port/journal_sink.hpp"

namespace onefold {
namespace run {

// Tells on everything but the records of the subject.
template <class Def, class To, class IsSubject>
class Forgetting {
public:
    std::uint64_t forgotten = 0;

    Forgetting(To& to, IsSubject& is_subject) : to_(to), is_subject_(is_subject) {}
    template <plan::InputRecord<Def> Record>
    void push(const Record& record, Time arrived) {
        if constexpr (std::is_invocable_r_v<bool, IsSubject&, const Record&>)
            if (is_subject_(record)) {
                ++forgotten;
                return;
            }
        to_.push(record, arrived);
    }
    void reject() { to_.reject(); }
    void advance_watermark(Time to) { to_.advance_watermark(to); }
    void tick(Time now) { to_.tick(now); }

private:
    To& to_;
    IsSubject& is_subject_;
};

template <class IsSubject, class Def, class Records> inline constexpr bool asks_of_some = false;
template <class IsSubject, class Def, class... Record>
inline constexpr bool asks_of_some<IsSubject, Def, TypeList<Record...>> =
    (std::is_invocable_r_v<bool, IsSubject&, const Record&> || ...);

} // namespace run

// Says of a record of some input whether it is about the subject that is to be forgotten.
template <class F, class Def>
concept SubjectCondition = run::asks_of_some<F, Def, typename plan::Inputs<Def>::records>;

// Copies a journal, a JournalReader or an Arrivals, without the records of one subject: of the inputs that is_subject
// can be called with, those it is true of. Both views of the copy, and the state of an executor that it is replayed
// into, are as if these records had never come; the watermark too, so that what was late behind one of them may count.
// Of changes is_subject is asked one by one, and must know those that say no more of a fact than its id. Returns how
// many were left out. The copy is whole when its close() has returned; only then remove the original.
//     onefold::forget<CardRisk>(reader, writer, [](const Payment& payment) { return payment.card == 42; });
template <CheckedDefinition Def, class From, JournalSink<Def> To, SubjectCondition<Def> IsSubject>
std::uint64_t forget(From& from, To& to, IsSubject is_subject) {
    run::Forgetting<Def, To, IsSubject> forgetting(to, is_subject);
    from.replay(forgetting);
    return forgetting.forgotten;
}

} // namespace onefold
