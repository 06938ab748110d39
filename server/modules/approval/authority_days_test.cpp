// Cases and what the authority of their region decided: its days, its promise; on both databases.
#include "events/dispatcher.hpp"
#include "modules/approval/clock_projection.hpp"
#include "modules/approval/testing/office.hpp"
#include "modules/catalog/events.hpp"

namespace kaigong::approval {
namespace {

using testing::Office;

const SystemClock kMachineOfDays;

/// As the page of the authorities does it.
void publish_settings(Office& office, const std::string& region, const boost::json::object& settings) {
    const auto number = office.catalog->calendar()->number + 1;
    office.act([&](db::Session& session) -> Result<void> {
        session.execute(
            "INSERT INTO calendar_years (number, year, year_table, published_by, published_at_ms, region_code) VALUES "
            "(?, 0, ?, ?, ?, ?)",
            number, boost::json::serialize(settings), "01900000-0000-7000-8000-000000000001", office.clock.now_ms(),
            region);
        const boost::json::object payload{{"region_code", region}, {"number", number}};
        office.outbox.append(session, {new_uuid(office.clock.now_ms()), catalog::kCalendarChanged, "calendar", region,
                                       boost::json::serialize(payload), office.clock.now_ms()});
        return {};
    });
    REQUIRE(office.catalog->calendar_since(number));
}

void deliver_settings(Office& office) {
    events::Dispatcher dispatcher(office.database, office.outbox, kMachineOfDays, {.backoff_ms = 0, .failures_max = 1});
    while (dispatcher.deliver_due() > 0) {
    }
}

std::string file_in(Office& office, const std::string& region) {
    auto filed = office.filing();
    filed.region_code = region;
    office.filings.filings[filed.application_id.text] = filed;
    office.act([&](db::Session& session) {
        return operations::open_procedure(session, *office.around, filed, office.clock.now_ms());
    });
    return filed.application_id.text;
}

void on_each_with_days(const std::function<void(Office&)>& body) {
    testing::on_each([&](Office& office) {
        office.approval->subscribe();
        body(office);
    });
}

const boost::json::object kFestival{
    {"on", "2026-11-26"}, {"name", "本地节日"}, {"working", false}, {"document", "杭政〔2026〕1号"}};
const boost::json::object kSaturday{{"on", "2026-11-28"}, {"name", "周六延时服务"}, {"working", true}};

}  // namespace

TEST_CASE("a local day off moves the days of running cases of that authority, of nobody else's, and says why") {
    on_each_with_days([](Office& office) {
        const auto here = file_in(office, "330106");
        const auto elsewhere = file_in(office, "330105");
        REQUIRE(office.procedure(here).due_on == "2026-12-02");
        publish_settings(office, "330106", {{"days", boost::json::array{kFestival}}});
        deliver_settings(office);
        CHECK(office.procedure(here).due_on == "2026-12-03");
        CHECK(office.procedure(here).intake_due_at_ms == office_midnight_ms({2026, 12, 2}));
        CHECK(office.open_task(here).due_at_ms == office_midnight_ms({2026, 12, 4}));
        CHECK(office.procedure(elsewhere).due_on == "2026-12-02");
        auto told = office.read(&store::timeline_of, here);
        std::erase_if(told, [](const auto& entry) { return entry.kind != "days_moved"; });
        REQUIRE(told.size() == 1);
        CHECK(told[0].title.ends_with("：本地工作日有调整"));
        CHECK(office.count(elsewhere, "approval.follow_calendar") == 0);
        // What is filed from now on is counted so from its beginning.
        CHECK(office.procedure(file_in(office, "330106")).due_on == "2026-12-03");
    });
}

TEST_CASE("a day on which an authority works more brings its promise forward and shortens no other period") {
    on_each_with_days([](Office& office) {
        office.clock.set(office_midnight_ms({2026, 11, 27}) + 9 * 3'600'000LL);
        const auto id = file_in(office, "330106");
        const auto before = office.procedure(id);
        REQUIRE(before.promised_due_on == "2026-11-30");
        publish_settings(office, "330106", {{"days", boost::json::array{kSaturday}}});
        deliver_settings(office);
        const auto after = office.procedure(id);
        CHECK(after.promised_due_on == "2026-11-28");
        CHECK(after.due_on == before.due_on);
        CHECK(after.intake_due_at_ms == before.intake_due_at_ms);
        CHECK(after.due_at_ms == before.due_at_ms);
    });
}

TEST_CASE("a running case keeps the promise of its filing; the next one has the new one") {
    testing::on_each([](Office& office) {
        const auto matter = office.catalog->load_matter(testing::kMatter).value();
        const auto promised = matter->promised_working_days();
        const auto old = file_in(office, "330106");
        CHECK(office.procedure(old).promised_working_days == promised);
        // As it is when a promise that was longer is taken back to one day: the row of the filing speaks.
        office.act([&](db::Session& session) -> Result<void> {
            session.execute("UPDATE procedures SET promised_working_days = 5 WHERE application_id = ?", old);
            return {};
        });
        publish_settings(
            office, "330100",
            {{"promised_working_days", boost::json::object{{testing::kMatter, 1}}}, {"promise_binds_area", true}});
        const auto time = time_of(*office.catalog->calendar(), *matter, office.procedure(old));
        CHECK(time.promised_working_days == 5);
        CHECK(read_clocks(*matter, office.read(&store::clock_of, old), time, office.clock.now_ms()).promised.due_on ==
              CivilDate{2026, 11, 30});
        CHECK(office.procedure(file_in(office, "330106")).promised_working_days == 1);
        // One from before promises were kept is read by the matter's.
        auto earlier = office.procedure(old);
        earlier.promised_working_days.reset();
        CHECK(time_of(*office.catalog->calendar(), *matter, earlier).promised_working_days == promised);
    });
}

}  // namespace kaigong::approval
