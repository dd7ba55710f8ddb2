#pragma once

#include <optional>

#include "onefold/core/callback.hpp"
#include "onefold/core/error.hpp"
#include "onefold/plan/describe.hpp"
#include "onefold/port/journal_code.hpp"
#include "onefold/port/journal_file.hpp"
#include "onefold/port/journal_sink.hpp"
#include "onefold/port/journaled_definition.hpp"

namespace onefold {
namespace port {

template <class Columns> struct Layout;
template <class... C> struct Layout<TypeList<C...>> {
    static std::string text() {
        std::string text;
        ((text.append(text.empty() ? "" : " ")
              .append(C::name)
              .append(":")
              .append(plan::type_text<typename C::value>())),
         ...);
        return text;
    }
};

// The header that a journal of Def has.
template <JournaledDefinition Def>
JournalHeader journal_header() {
    using Inputs = plan::Inputs<Def>;
    JournalHeader header{describe<Def>().fingerprint, {}};
    for_each_index<Inputs::size>([&](auto i) {
        using Record = type_at<decltype(i)::value, typename Inputs::records>;
        header.inputs.push_back({std::string(Inputs::names[i]), Layout<columns_of<Record>>::text()});
    });
    return header;
}

template <class Records> struct RecordCodes;
template <class... Record> struct RecordCodes<TypeList<Record...>> {
    using type = Tuple<RecordCode<Record>...>;
    using finders = Tuple<Callback<bool(std::uint64_t, Record&)>...>;
};

// What an entry is the difference from, of one block.
template <class Def>
struct BlockState {
    typename RecordCodes<typename plan::Inputs<Def>::records>::type records;
    std::array<ValueCode<std::uint64_t>, plan::Inputs<Def>::size> positions;
    ValueCode<Time> arrivals, watermarks, ticks;
    std::int64_t arrived = earliest; // the last that was known
};

} // namespace port

// Writes a journal of an executor of Def: `options.journal = writer`. An arrival is in it before it is folded, in
// memory until its block is full; flush() makes it durable, and close() ends the journal. The destructor does neither.
// Throws what JournalFile throws; an arrival that it threw for is neither written nor folded, and may be given again.
template <class Def>
class JournalWriter : public plan::Quiet {
    static_assert(port::check_journaled<Def>());

public:
    using plan::Quiet::Quiet;
};

template <JournaledDefinition Def>
class JournalWriter<Def> {
    using Inputs = plan::Inputs<Def>;

public:
    explicit JournalWriter(std::string path, JournalOptions options = {})
        : file_(std::move(path), port::journal_header<Def>()), options_(options) {}

    // arrived: `earliest` where nobody knows.
    template <plan::InputRecord<Def> Record>
    void push(const Record& record, Time arrived) {
        constexpr auto input = Inputs::template index_of<Record>;
        add(reference_ ? JournalStep::reference : JournalStep::record, input, arrived, [&] {
            if (reference_) state_.positions[input].put(bytes_, *reference_);
            else get<input>(state_.records).put(bytes_, record);
        });
        reference_.reset();
    }
    // The next record is kept by its source, at this position: the journal holds that instead of the record.
    void refer_to(std::uint64_t position) noexcept { reference_ = position; }
    void reject() {
        add(JournalStep::rejected, 0, Time{earliest}, [] {});
    }
    void advance_watermark(Time to) {
        add(JournalStep::watermark, 0, Time{earliest}, [&] { state_.watermarks.put(bytes_, to); });
    }
    void tick(Time now) {
        add(JournalStep::tick, 0, Time{earliest}, [&] { state_.ticks.put(bytes_, now); });
    }

    // Everything so far is on the disk when it returns.
    void flush() {
        write_block();
        file_.sync();
    }
    // The same, and nothing can follow. A second call does nothing.
    void close() {
        write_block();
        file_.close();
    }
    // Entries so far.
    std::uint64_t arrivals() const noexcept { return written_ + count_; }

private:
    using JournalStep = port::JournalStep;

    template <class Put>
    void add(JournalStep step, std::size_t input, Time arrived, Put put) {
        // Before anything of this entry is there, so that a full disk leaves all as it was.
        if (bytes_.size() >= options_.block_size || spoilt_) write_block();
        const auto before = bytes_.size();
        try {
            const unsigned known = arrived.micros == earliest ? 0 : arrived.micros == state_.arrived ? 1 : 2;
            const auto number = static_cast<unsigned>(input < 7 ? input : 7);
            bytes_.put(static_cast<std::uint8_t>(static_cast<unsigned>(step) | known << 3 | number << 5));
            if (number == 7) bytes_.put_varint(input - 7);
            if (known == 2) state_.arrivals.put(bytes_, arrived);
            if (known != 0) state_.arrived = arrived.micros;
            put();
        } catch (...) {
            // Out of memory in the middle of an entry: what stands is whole, but nothing can be coded by it.
            bytes_.truncate(before);
            spoilt_ = true;
            throw;
        }
        ++count_;
    }
    void write_block() {
        if (count_ != 0) file_.write_block(bytes_.view(), count_);
        written_ += std::exchange(count_, 0);
        bytes_.truncate(0);
        state_ = {};
        spoilt_ = false;
    }

    JournalFile file_;
    JournalOptions options_;
    port::BlockState<Def> state_;
    ByteWriter bytes_;
    std::uint32_t count_ = 0;
    std::uint64_t written_ = 0;
    std::optional<std::uint64_t> reference_;
    bool spoilt_ = false;
};

// Reads a journal of an executor of Def, or of another definition that reads the same records. Throws what
// JournalBlocks throws, and Error(data) for a journal of other inputs.
template <class Def>
class JournalReader : public plan::Quiet {
    static_assert(port::check_journaled<Def>());

public:
    using plan::Quiet::Quiet;
};

template <JournaledDefinition Def>
class JournalReader<Def> {
    using Inputs = plan::Inputs<Def>;
    using Codes = port::RecordCodes<typename Inputs::records>;

public:
    // goes_on is told of every damage, and says whether to go on behind it or to end there. Without it damage is an
    // Error(data). What was read before is whole in any case.
    explicit JournalReader(std::string path, Callback<bool(const JournalDamage&)> goes_on = {})
        : blocks_(std::move(path)), goes_on_(std::move(goes_on)), own_header_(port::journal_header<Def>()) {
        for (const auto& input : blocks_.header().inputs) number_.push_back(own_number(input));
        if (number_.size() != Inputs::size) other_inputs();
    }

    // Where to find a record that the journal only refers to: find(position, record) is false if there is none.
    template <plan::InputRecord<Def> Record>
    void resolve(Callback<bool(std::uint64_t, Record&)> find) {
        get<Inputs::template index_of<Record>>(finders_) = std::move(find);
    }

    // Tells everything that the journal holds, in the order in which it came: to an executor, an Arrivals in memory, or
    // another journal.
    template <JournalSink<Def> To>
    void replay(To& to) {
        for (;;) {
            const auto next = blocks_.next();
            if (next == JournalBlocks::Next::end) return;
            if (next == JournalBlocks::Next::damage) {
                if (!report(blocks_.damage())) return;
                continue;
            }
            ByteReader from(blocks_.entries());
            port::BlockState<Def> state;
            for (std::uint32_t i = 0; i < blocks_.count(); ++i) {
                if (!read_entry(from, state, to)) {
                    if (!report(damage_here(from))) return;
                    break;
                }
                ++arrivals_;
                if (i + 1 == blocks_.count() && !from.at_end() && !report(damage_here(from))) return;
            }
        }
    }

    // How many entries were read.
    std::uint64_t arrivals() const noexcept { return arrivals_; }
    // Whether the definition that wrote it has this one's fingerprint. What another one would have answered is told all
    // the same.
    bool same_definition() const noexcept { return blocks_.header().definition == own_header_.definition; }

private:
    using JournalStep = port::JournalStep;

    std::size_t own_number(const JournalInput& input) const {
        for (std::size_t i = 0; i < Inputs::size; ++i)
            if (own_header_.inputs[i] == input) return i;
        other_inputs();
    }
    [[noreturn]] void other_inputs() const {
        const auto list = [](const JournalHeader& header) {
            std::string text;
            for (const auto& input : header.inputs)
                text.append(text.empty() ? "" : "; ").append(input.name).append(" (").append(input.layout).append(")");
            return text;
        };
        throw Error(ErrorKind::data, "the journal \"" + blocks_.path() + "\" is of other inputs: it holds " +
                                         list(blocks_.header()) + ", and the definition reads " + list(own_header_) +
                                         "; give a journal of these, or describe them by the same schema<T>");
    }
    bool report(const JournalDamage& damage) {
        if (!goes_on_) throw Error(ErrorKind::data, damage.sentence);
        return goes_on_(damage);
    }
    JournalDamage damage_here(const ByteReader& from) const {
        return blocks_.damage_at(blocks_.position(), from.left(), arrivals_);
    }

    // False: these bytes are no entry.
    template <class To>
    bool read_entry(ByteReader& from, port::BlockState<Def>& state, To& to) {
        const auto tag = from.get<std::uint8_t>();
        const unsigned step = tag & 7u, known = tag >> 3 & 3u;
        std::uint64_t number = tag >> 5;
        if (number == 7) number = saturating_sum(7, from.get_varint());
        if (known == 2) state.arrived = state.arrivals.get(from).micros;
        if (!from.ok() || known == 3 || number >= number_.size() || step > static_cast<unsigned>(JournalStep::tick))
            return false;
        const Time arrived{known == 0 ? earliest : state.arrived};
        switch (static_cast<JournalStep>(step)) {
        case JournalStep::record:
        case JournalStep::reference: {
            bool ok = false;
            for_each_index<Inputs::size>([&](auto i) {
                if (i != number_[number]) return;
                ok = read_record<decltype(i)::value>(from, state, static_cast<JournalStep>(step), arrived, to);
            });
            return ok;
        }
        case JournalStep::rejected: to.reject(); return true;
        case JournalStep::watermark:
            return told(from, state.watermarks.get(from), [&](Time t) { to.advance_watermark(t); });
        case JournalStep::tick: return told(from, state.ticks.get(from), [&](Time t) { to.tick(t); });
        }
        return false;
    }
    template <std::size_t I, class To>
    bool read_record(ByteReader& from, port::BlockState<Def>& state, JournalStep step, Time arrived, To& to) {
        type_at<I, typename Inputs::records> record{};
        if (step == JournalStep::record) get<I>(state.records).get(from, record);
        else {
            const auto position = state.positions[I].get(from);
            if (!from.ok()) return false;
            const auto& find = get<I>(finders_);
            if (!find || !find(position, record))
                throw Error(ErrorKind::usage, "the journal \"" + blocks_.path() +
                                                  "\" refers to the record at position " + std::to_string(position) +
                                                  " of " + std::string(Inputs::names[I]) +
                                                  (find ? ", which its source does not have; give the source that the "
                                                          "journal was written beside"
                                                        : "; tell the reader where to find it, with resolve()"));
        }
        if (!from.ok()) return false;
        to.push(record, arrived);
        return true;
    }
    template <class Tell>
    static bool told(const ByteReader& from, Time time, Tell tell) {
        if (from.ok()) tell(time);
        return from.ok();
    }
    static std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) noexcept {
        return b > UINT64_MAX - a ? UINT64_MAX : a + b;
    }

    JournalBlocks blocks_;
    Callback<bool(const JournalDamage&)> goes_on_;
    JournalHeader own_header_;
    std::vector<std::size_t> number_; // by the number of an input in the journal
    typename Codes::finders finders_;
    std::uint64_t arrivals_ = 0;
};

} // namespace onefold
