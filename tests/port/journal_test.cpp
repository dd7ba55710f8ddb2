#include "onefold/port/journal.hpp"

#include <csignal>

#include <sys/resource.h>

#include "onefold/define/define.hpp"
#include "onefold/run/arrivals.hpp"
#include "support/catch.hpp"
#include "support/contains.hpp"
#include "support/directory.hpp"
#include "support/events.hpp"

namespace {

using namespace onefold::literals;
using onefold::Arrivals, onefold::Error, onefold::ErrorKind, onefold::JournalDamage, onefold::JournalReader,
    onefold::JournalWriter, onefold::Time;
using twin::contents, twin::Directory, twin::Event, twin::write;

struct Count {
    static constexpr auto definition =
        onefold::define(onefold::stream<Event>("events").time<&Event::at>().lateness(15_us),
                        onefold::by<&Event::account>("n"_f = onefold::count().over(10_us)));
};

} // namespace

struct JournalOwner {
    std::int64_t account;
    Time since;
    std::uint64_t limit;
    std::array<bool, 3> marks;
};
template <>
struct onefold::schema<JournalOwner>
    : onefold::fields<&JournalOwner::account, &JournalOwner::since, &JournalOwner::limit, &JournalOwner::marks> {};

namespace {

struct Owned {
    static constexpr auto definition = onefold::define(
        onefold::stream<Event>("events").time<&Event::at>().lateness(15_us),
        onefold::table<JournalOwner>("owners").key<&JournalOwner::account>().since<&JournalOwner::since>(),
        onefold::by<&Event::account>("n"_f = onefold::count().over(10_us)));
};

// Every column as bits, so that NaN, -0.0 and null stay what they are.
template <class Record>
std::string bits_of(const Record& record) {
    onefold::ByteWriter bytes;
    using columns = onefold::columns_of<Record>;
    onefold::for_each_index<columns::size>([&](auto i) {
        onefold::detail::save_value(bytes, record.*onefold::type_at<decltype(i)::value, columns>::member);
    });
    return bytes.take();
}

// Everything in it, one line each, written without the code under test.
template <class Def>
class Lines {
public:
    std::vector<std::string> all;
    template <class Record>
    void push(const Record& record, Time arrived) {
        all.push_back("record of " + std::to_string(sizeof(Record)) + " at " + std::to_string(arrived.micros) + " " +
                      bits_of(record));
    }
    void reject() { all.push_back("rejected"); }
    void advance_watermark(Time to) { all.push_back("watermark " + std::to_string(to.micros)); }
    void tick(Time now) { all.push_back("tick " + std::to_string(now.micros)); }
};

// A stream of everything that can come, told to each.
template <class... To>
void tell(std::uint64_t seed, std::size_t count, To&... to) {
    twin::Generator random(seed);
    for (const auto& event : random.events(count)) {
        const std::int64_t some[] = {onefold::earliest, onefold::latest, 0, event.at.micros,
                                     random.below(1'000'000) * 1'000'000};
        const Time arrived = random.below(3) == 0 ? Time{some[random.below(5)]} : event.arrived.value_or(event.at);
        const Time stated{some[random.below(5)]};
        switch (random.below(8)) {
        case 0: (to.reject(), ...); break;
        case 1: (to.advance_watermark(stated), ...); break;
        case 2: (to.tick(stated), ...); break;
        case 3: {
            const JournalOwner owner{event.account,
                                     arrived,
                                     static_cast<std::uint64_t>(event.cents),
                                     {event.fraud, random.below(2) == 0, true}};
            (to.push(owner, arrived), ...);
            break;
        }
        default: (to.push(event, arrived), ...);
        }
    }
}

template <class Def = Owned>
std::vector<std::string> read(const std::string& path, std::vector<JournalDamage>* damages = nullptr) {
    Lines<Def> lines;
    onefold::Callback<bool(const JournalDamage&)> goes_on;
    if (damages)
        goes_on = [damages](const JournalDamage& damage) {
            damages->push_back(damage);
            return true;
        };
    JournalReader<Def> reader(path, std::move(goes_on));
    reader.replay(lines);
    REQUIRE(reader.arrivals() == lines.all.size());
    return lines.all;
}

// What the journal took; what it refused is only counted.
struct Refused : Lines<Owned> {
    JournalWriter<Owned>* writer;
    std::size_t* refused;
    template <class Do> void attempt(Do act) {
        try {
            act();
        } catch (const Error& error) {
            *refused += error.kind() == ErrorKind::environment ? 1 : 1'000'000;
            all.pop_back();
        }
    }
    void push(const auto& record, Time arrived) {
        Lines<Owned>::push(record, arrived);
        attempt([&] { writer->push(record, arrived); });
    }
    void reject() {
        Lines<Owned>::reject(), attempt([&] { writer->reject(); });
    }
    void advance_watermark(Time to) {
        Lines<Owned>::advance_watermark(to), attempt([&] { writer->advance_watermark(to); });
    }
    void tick(Time now) {
        Lines<Owned>::tick(now), attempt([&] { writer->tick(now); });
    }
};

template <class Do>
ErrorKind kind_of(Do act) {
    try {
        act();
    } catch (const Error& error) { return error.kind(); }
    FAIL("nothing was thrown");
    return ErrorKind::data;
}

} // namespace

TEST_CASE("a journal gives back every bit of what it was told, whatever the size of its blocks", "[port][journal]") {
    const Directory directory;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const std::size_t block_sizes[] = {1, 100, 3'000, 65'536};
        const auto path = directory / (std::to_string(seed) + ".journal");
        Lines<Owned> told;
        JournalWriter<Owned> writer(path, {block_sizes[seed % 4]});
        tell(seed, 90, told, writer);
        REQUIRE(writer.arrivals() == told.all.size());
        writer.close();
        writer.close();
        INFO("seed " << seed);
        REQUIRE((read(path) == told.all));
        REQUIRE(kind_of([&] { writer.reject(), writer.flush(); }) == ErrorKind::usage);
    }
}

TEST_CASE("the bytes of a journal are those that its format says", "[port][journal]") {
    const Directory directory;
    {
        JournalWriter<Owned> writer(directory / "a.journal");
        writer.push(JournalOwner{-3, {5'000'000}, 1, {true, false, true}}, {7'000'000});
        writer.push(JournalOwner{-3, {5'000'001}, 0, {true, true, true}}, {7'000'000});
        writer.reject();
        writer.tick({9'000'000});
        writer.advance_watermark({-1});
        writer.close();
    }
    const auto bytes = contents(directory / "a.journal");
    const auto block = bytes.find("JBLK");
    // By hand from port/journal_file.hpp and port/journal_code.hpp; the checks from another program's CRC-32C.
    const std::string entries("\x30"
                              "\x3a"
                              "\x05"
                              "\x2a"
                              "\x02"
                              "\x02\x00\x02" // input 1, 7 s, -3, 5 s, 1, true false true
                              "\x28"
                              "\x00"
                              "\x08"
                              "\x01"
                              "\x00\x02\x00" // the same time, +1 us, -1, one differs
                              "\x02"
                              "\x04"
                              "\x4a"
                              "\x03"
                              "\x04",
                              20);
    CHECK(bytes.substr(0, 16) == std::string("onefold\n\1\0\0\0", 12) + bytes.substr(12, 4));
    CHECK(bytes.substr(block + 4, 16) == std::string("\x14\0\0\0"
                                                     "\0\0\0\0\0\0\0\0"
                                                     "\5\0\0\0",
                                                     16));
    CHECK(bytes.substr(block + 20, 4) == "\x15\x4a\xc4\x79");
    CHECK(bytes.substr(block + 24, 20) == entries);
    CHECK(bytes.substr(block + 44, 4) == "\xa5\xc0\x82\x31");
    CHECK(bytes.substr(block + 48) == std::string("JBLK\0\0\0\0\5\0\0\0\0\0\0\0\0\0\0\0", 20) + "\xfa\xd1\x37\xfb");
    CHECK_THAT(bytes.substr(16, block - 16),
               Contains("account:int64 since:time limit:uint64 marks:array<bool, 3>") && Contains("maybe_id:int64?"));
}

TEST_CASE("a time that is far from the one before is kept whole", "[port][journal]") {
    onefold::ByteWriter bytes;
    const std::int64_t times[] = {INT64_MAX, INT64_MIN, 0, 1, 1'001, -999'999'999, INT64_MAX - 5, 4, INT64_MIN + 1, -1};
    onefold::port::ValueCode<Time> put, get;
    for (const auto time : times) put.put(bytes, Time{time});
    onefold::ByteReader reader(bytes.view());
    for (const auto time : times) CHECK(get.get(reader).micros == time);
    CHECK((reader.ok() && reader.at_end()));
}

TEST_CASE("a journal with a byte changed anywhere is told from a whole one, and nothing that was not written is read",
          "[port][journal]") {
    const Directory directory;
    const auto path = directory / "a.journal";
    Lines<Owned> told;
    {
        JournalWriter<Owned> writer(path, {200});
        tell(7, 40, told, writer);
        writer.close();
    }
    const auto bytes = contents(path);
    const auto changed_path = directory / "changed.journal";
    std::size_t lost_one_block = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        for (const char flip : {'\x01', '\x80', '\xff'}) {
            auto changed = bytes;
            changed[i] = static_cast<char>(changed[i] ^ flip);
            write(changed_path, changed);
            INFO("byte " << i);
            CHECK(kind_of([&] { read(changed_path); }) == ErrorKind::data);
            if (i < bytes.find("JBLK")) continue; // of a damaged header nothing is usable
            std::vector<JournalDamage> damages;
            const auto lines = read(changed_path, &damages);
            REQUIRE(!damages.empty());
            CHECK(damages.front().position <= i);
            // What is left is what was told, less one run of it.
            std::size_t same = 0, end = 0;
            while (same < lines.size() && lines[same] == told.all[same]) ++same;
            while (end < lines.size() - same && lines[lines.size() - 1 - end] == told.all[told.all.size() - 1 - end])
                ++end;
            CHECK(same + end == lines.size());
            CHECK(damages.front().arrivals <= same);
            lost_one_block += lines.size() >= told.all.size() - 12 && lines.size() < told.all.size() ? 1 : 0;
        }
    CHECK(lost_one_block > bytes.size()); // most of three changes of each byte
}

TEST_CASE("a journal that is cut off anywhere keeps what is whole and says where it ends", "[port][journal]") {
    const Directory directory;
    const auto path = directory / "a.journal";
    Lines<Owned> told;
    {
        JournalWriter<Owned> writer(path, {200});
        tell(9, 40, told, writer);
        writer.close();
    }
    const auto bytes = contents(path);
    const auto cut_path = directory / "cut.journal";
    const auto header = bytes.find("JBLK");
    std::size_t most = 0;
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        write(cut_path, std::string_view(bytes).substr(0, size));
        INFO("cut at " << size);
        CHECK(kind_of([&] { read(cut_path); }) == ErrorKind::data);
        if (size < header) continue;
        std::vector<JournalDamage> damages;
        const auto lines = read(cut_path, &damages);
        REQUIRE(damages.size() == 1);
        CHECK(damages[0].kind ==
              (damages[0].position == size ? JournalDamage::Kind::not_closed : JournalDamage::Kind::cut_off));
        CHECK(damages[0].position + damages[0].bytes == size);
        CHECK(damages[0].arrivals == lines.size());
        CHECK(lines.size() >= most);
        most = lines.size();
        CHECK((std::equal(lines.begin(), lines.end(), told.all.begin())));
    }
    CHECK(most == told.all.size());
    // A block that is missing altogether, and bytes after the end.
    auto missing = bytes;
    const auto second = bytes.find("JBLK", header + 1), third = bytes.find("JBLK", second + 1);
    missing.erase(second, third - second);
    write(cut_path, missing);
    std::vector<JournalDamage> damages;
    CHECK(read(cut_path, &damages).size() < told.all.size());
    CHECK((damages.size() == 1 && damages[0].position == second));
    write(cut_path, bytes + "x");
    damages.clear();
    CHECK((read(cut_path, &damages) == told.all));
    CHECK((damages.size() == 1 && damages[0].position == bytes.size()));
}

TEST_CASE("what was not flushed is not in the journal, and a destructor writes nothing", "[port][journal]") {
    const Directory directory;
    const auto path = directory / "a.journal";
    Lines<Owned> told;
    std::string flushed;
    {
        JournalWriter<Owned> writer(path);
        tell(3, 20, told, writer);
        writer.flush();
        flushed = contents(path);
        writer.reject();
    }
    CHECK((contents(path) == flushed));
    std::vector<JournalDamage> damages;
    CHECK((read(path, &damages) == told.all));
    REQUIRE(damages.size() == 1);
    CHECK(damages[0].kind == JournalDamage::Kind::not_closed);
    CHECK(kind_of([&] { read(path); }) == ErrorKind::data);
}

TEST_CASE("a full disk is an error, nothing is half written, and the same call goes on when there is room",
          "[port][journal]") {
    const Directory directory;
    const auto path = directory / "a.journal";
    Lines<Owned> told;
    JournalWriter<Owned> writer(path, {1'000});
    tell(5, 60, told, writer);
    writer.flush();
    const auto before = contents(path);

    // A limit of this process stands for the disk: a write takes what fits, and the next one fails.
    struct rlimit unlimited{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &unlimited) == 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    auto limit = unlimited;
    limit.rlim_cur = before.size() + 300;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
    std::size_t refused = 0;
    Refused more{{told.all}, &writer, &refused};
    tell(6, 60, more);
    const auto full = contents(path);
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &unlimited) == 0);
    std::signal(SIGXFSZ, handler);
    CHECK(refused > 0);
    CHECK(refused < 1'000'000);
    CHECK((full == before));

    tell(8, 60, more);
    writer.close();
    CHECK((read(path) == more.all));
}

TEST_CASE("a journal is never overwritten, and one of other inputs or no journal at all is refused",
          "[port][journal]") {
    const Directory directory;
    const auto path = directory / "a.journal";
    JournalWriter<Owned>(path).close();
    CHECK(kind_of([&] { JournalWriter<Owned> again(path); }) == ErrorKind::usage);
    CHECK(read(path).empty());
    CHECK(kind_of([&] { read<Count>(path); }) == ErrorKind::data);
    CHECK(kind_of([&] { read(directory / "none.journal"); }) == ErrorKind::usage);
    CHECK(kind_of([&] { read(directory / ""); }) == ErrorKind::usage);
    CHECK(kind_of([&] { JournalWriter<Owned> nowhere(directory / "no/a.journal"); }) == ErrorKind::usage);
    write(directory / "b.journal", "id,at\n1,2\n");
    CHECK(kind_of([&] { read(directory / "b.journal"); }) == ErrorKind::data);
    auto later = contents(path);
    later[8] = 2;
    write(directory / "c.journal", later);
    try {
        read(directory / "c.journal");
        FAIL("a later version was read");
    } catch (const Error& error) { CHECK_THAT(error.what(), Contains("is of version 2")); }
}

TEST_CASE("a journal can refer to records by their position, and its reader looks for them there", "[port][journal]") {
    const Directory directory;
    const auto path = directory / "a.journal";
    twin::Generator random(11);
    const auto events = random.events(30);
    Lines<Count> told;
    {
        JournalWriter<Count> writer(path);
        for (std::size_t i = 0; i < events.size(); ++i) {
            if (i % 3 != 0) writer.refer_to(1'000'000'007 * i);
            writer.push(events[i], events[i].at);
            told.push(events[i], events[i].at);
        }
        writer.close();
    }
    CHECK(std::filesystem::file_size(path) < 30 * sizeof(Event) / 3);
    CHECK(kind_of([&] { read<Count>(path); }) == ErrorKind::usage);
    Lines<Count> lines;
    JournalReader<Count> reader(path);
    reader.resolve<Event>([&](std::uint64_t position, Event& event) {
        event = events[position / 1'000'000'007];
        return position % 1'000'000'007 == 0;
    });
    reader.replay(lines);
    CHECK((lines.all == told.all));
}

TEST_CASE("what is in memory and what is in a file are told alike", "[port][journal]") {
    Lines<Owned> told, again;
    Arrivals<Owned> arrivals;
    tell(13, 90, told, arrivals);
    arrivals.replay(again);
    CHECK((again.all == told.all));
}
