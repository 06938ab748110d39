// A year's days off are published while cases run: their days, tasks and timers follow, once, also over a restart, and
// what waited for the year then happens.
#include <set>

#include "events/dispatcher.hpp"
#include "modules/approval/case_calendar.hpp"
#include "modules/approval/store_calendar.hpp"
#include "modules/approval/testing/office.hpp"
#include "modules/catalog/events.hpp"

namespace kaigong::approval {
namespace {

using testing::Office;

const SystemClock kMachine;

std::int64_t at(const char* day, int hour = 9) {
    return office_midnight_ms(parse_date(day).value()) + hour * 3'600'000LL;
}

calendar::YearTable year_2026_with(std::vector<calendar::Holiday> more) {
    const std::ifstream file(std::filesystem::path(KAIGONG_SOURCE_DIR) / "catalog/shared/holidays/2026.json");
    std::ostringstream text;
    text << file.rdbuf();
    auto table = calendar::year_table_from_text(text.str()).value();
    table.holidays.insert(table.holidays.end(), more.begin(), more.end());
    return table;
}

/// A bridge day after New Year, so that days of January move.
calendar::YearTable year_2027() {
    return {2027, "通知", "国办发明电〔2026〕7号", "", {{"元旦", {2027, 1, 1}, {2027, 1, 4}}}, {}};
}

/// As the calendar's page does it.
void publish(Office& office, const calendar::YearTable& table) {
    const auto number = office.catalog->calendar()->number + 1;
    office.act([&](db::Session& session) -> Result<void> {
        session.execute(
            "INSERT INTO calendar_years (number, year, year_table, published_by, published_at_ms) VALUES (?, ?, ?, ?, "
            "?)",
            number, table.year, boost::json::serialize(calendar::to_json(table)),
            "01900000-0000-7000-8000-000000000001", office.clock.now_ms());
        const boost::json::object payload{{"year", table.year}, {"number", number}};
        office.outbox.append(session,
                             {new_uuid(office.clock.now_ms()), catalog::kCalendarChanged, "calendar",
                              std::to_string(table.year), boost::json::serialize(payload), office.clock.now_ms()});
        return {};
    });
}

void deliver(Office& office) {
    events::Dispatcher dispatcher(office.database, office.outbox, kMachine, {.backoff_ms = 0, .failures_max = 1});
    while (dispatcher.deliver_due() > 0) {
    }
}

void on_each_calendar(const std::function<void(Office&)>& body) {
    testing::on_each([&](Office& office) {
        office.approval->subscribe();
        office.permissions.add(catalog::permissions());
        body(office);
    });
}

authz::Actor calendar_admin(authz::Confidentiality clearance = authz::Confidentiality::normal) {
    authz::Actor actor;
    actor.account_id = authz::AccountId{"01900000-0000-7000-8000-00000000a0de"};
    actor.kind = authz::AccountKind::administrator;
    actor.roles = {authz::Role::rule_admin};
    actor.clearance = clearance;
    return actor;
}

std::vector<store::TimelineRow> moved(const Office& office, const std::string& id) {
    auto entries = office.read(&store::timeline_of, id);
    std::erase_if(entries, [](const auto& entry) { return entry.kind != "days_moved"; });
    return entries;
}

std::int64_t timer_of(const Office& office, const std::string& id) {
    return bpmn::waiting_for(office.state(id)).timers.at(0).due_at_ms;
}

std::int64_t outdated(Office& office) {
    return office.approval->running_cases()
        .count_outdated(calendar_admin(), office.catalog->calendar()->number, 1'000)
        .value();
}

}  // namespace

TEST_CASE("a holiday inserted after receipt moves every day of the case, its task and its timer") {
    on_each_calendar([](Office& office) {
        const auto id = office.open_case();
        REQUIRE(office.procedure(id).due_on == "2026-12-02");
        publish(office, year_2026_with({{"临时假", {2026, 11, 26}, {2026, 11, 26}}}));
        deliver(office);
        const auto after = office.procedure(id);
        CHECK(after.due_on == "2026-12-03");
        CHECK(after.due_at_ms == office_midnight_ms({2026, 12, 4}));
        CHECK(after.promised_due_on == "2026-11-24");
        CHECK(after.intake_due_at_ms == office_midnight_ms({2026, 12, 2}));
        CHECK(after.timer_due_at_ms == office_midnight_ms({2026, 12, 2}));
        CHECK(office.open_task(id).due_at_ms == office_midnight_ms({2026, 12, 4}));
        CHECK(timer_of(office, id) == office_midnight_ms({2026, 12, 2}));
        CHECK(office.state(id).variables.at("intake_due_at") == "2026-12-02T00:00:00+08:00");
        const auto told = moved(office, id);
        REQUIRE(told.size() == 1);
        CHECK(told[0].title ==
              "视为受理之日由2026年12月1日改为2026年12月2日，截止日由2026年12月2日改为2026年12月3日：国务院公布了2026年"
              "放假安排");
        CHECK(told[0].actor == "系统");
        CHECK(told[0].for_applicant);
        CHECK(office.count(id, "approval.follow_calendar") == 1);
    });
}

TEST_CASE("an officer who claims a task before the case has followed brings it up to date, and it is told once") {
    on_each_calendar([](Office& office) {
        const auto id = office.open_case();
        publish(office, year_2026_with({{"临时假", {2026, 11, 26}, {2026, 11, 26}}}));
        REQUIRE(office.catalog->calendar_since(office.catalog->calendar()->number + 1));
        const auto who = Office::officer(authz::Role::acceptance_officer, 1);
        const auto free = office.open_task(id);
        office.act([&](db::Session& session) { return office.claim(session, id, free, who); });
        CHECK(outdated(office) == 0);
        CHECK(timer_of(office, id) == office_midnight_ms({2026, 12, 2}));
        const auto held = office.open_task(id);
        office.act([&](db::Session& session) { return office.release(session, id, held, who); });
        deliver(office);
        CHECK(moved(office, id).size() == 1);
        CHECK(office.procedure(id).due_on == "2026-12-03");
    });
}

TEST_CASE("doing it again, or after a restart in the middle, changes each case once") {
    on_each_calendar([](Office& office) {
        std::vector<std::string> ids;
        ids.reserve(120);
        for (int i = 0; i < 120; ++i) ids.push_back(office.open_case());
        publish(office, year_2026_with({{"临时假", {2026, 11, 26}, {2026, 11, 26}}}));
        // The program dies after the first hundred, before it has said so.
        const auto number = office.catalog->calendar()->number + 1;
        REQUIRE(office.catalog->calendar_since(number));
        for (int i = 0; i < 60; ++i) {
            office.act([&](db::Session& session) {
                return operations::follow_calendar(session, *office.around, ids[static_cast<std::size_t>(i)], number,
                                                   office.clock.now_ms());
            });
        }
        CHECK(outdated(office) == 60);
        Office restarted(office.database);
        restarted.approval->subscribe();
        deliver(restarted);
        CHECK(outdated(restarted) == 0);
        deliver(restarted);
        restarted.approval->follow_calendar();
        for (const auto& id : ids) {
            CHECK(restarted.procedure(id).due_on == "2026-12-03");
            CHECK(moved(restarted, id).size() == 1);
        }
    });
}

TEST_CASE("what waited for an unpublished year happens by itself when the year is published") {
    on_each_calendar([](Office& office) {
        office.clock.set(at("2026-12-28"));
        const auto id = office.open_case();
        CHECK(office.procedure(id).provisional);
        CHECK(office.procedure(id).due_on == "2027-01-07");
        CHECK(office.approval->running_cases().count_provisional(calendar_admin(), 10).value() == 1);
        office.clock.set(at("2027-01-06"));
        CHECK(office.approval->fire_due_timers(office.clock.now_ms()).count == 0);
        CHECK(office.procedure(id).state == "submitted");
        publish(office, year_2027());
        deliver(office);
        CHECK_FALSE(office.procedure(id).provisional);
        CHECK(office.procedure(id).due_on == "2027-01-08");
        CHECK(office.approval->running_cases().count_provisional(calendar_admin(), 10).value() == 0);
        CHECK(office.approval->fire_due_timers(at("2027-01-07", 0) - 1).count == 0);
        office.clock.set(at("2027-01-07", 0));
        CHECK(office.approval->fire_due_timers(office.clock.now_ms()).count == 1);
        CHECK(office.procedure(id).state == "accepted");
        CHECK(office.procedure(id).accepted_by_default);
    });
}

TEST_CASE("no timer fires by an old calendar, whether or not its case was brought up to date") {
    on_each_calendar([](Office& office) {
        const auto id = office.open_case();
        publish(office, year_2026_with({{"临时假", {2026, 11, 26}, {2026, 11, 26}}}));
        REQUIRE(office.catalog->calendar_since(office.catalog->calendar()->number + 1));
        office.clock.set(at("2026-12-01", 0));
        CHECK(office.approval->fire_due_timers(office.clock.now_ms()).count == 0);
        CHECK(office.procedure(id).state == "submitted");
        CHECK(office.procedure(id).timer_due_at_ms == office_midnight_ms({2026, 12, 2}));
        CHECK(moved(office, id).size() == 1);
    });
}

TEST_CASE("a process that has not read the new calendar yet changes no case that follows it") {
    on_each_calendar([](Office& office) {
        Office other(office.database);
        const auto filed = office.filing();
        other.filings.filings[filed.application_id.text] = filed;
        const auto& id = filed.application_id.text;
        office.act([&](db::Session& session) {
            return operations::open_procedure(session, *office.around, filed, office.clock.now_ms());
        });
        publish(office, year_2026_with({{"临时假", {2026, 11, 26}, {2026, 11, 26}}}));
        deliver(office);
        REQUIRE(office.procedure(id).due_on == "2026-12-03");
        const auto withdraw = [&] {
            return other.database.transact([&](db::Session& session) { return other.withdraw(session, id); });
        };
        CHECK(withdraw().error().reason == "approval.calendar_being_read");
        CHECK(office.procedure(id).due_on == "2026-12-03");
        REQUIRE(other.catalog->refresh());
        CHECK(withdraw());
    });
}

TEST_CASE("a case in correction keeps standing still, and counts by the new calendar when it goes on") {
    on_each_calendar([](Office& office) {
        const auto id = office.case_after("request_correction");
        CHECK_FALSE(office.procedure(id).due_on);
        publish(office, year_2026_with({{"临时假", {2026, 11, 26}, {2026, 11, 26}}}));
        deliver(office);
        CHECK_FALSE(office.procedure(id).due_on);
        CHECK(moved(office, id).empty());
        CHECK(outdated(office) == 0);
        office.clock.set(at("2026-11-25"));
        office.act([&](db::Session& session) { return office.resubmit(session, id); });
        // Received on the 23rd, two days in correction: 26 is off now.
        CHECK(office.procedure(id).due_on == "2026-12-07");
    });
}

TEST_CASE("a suspended case is brought up to date too, and a case that has ended is left alone") {
    on_each_calendar([](Office& office) {
        const auto suspended = office.open_case();
        office.act([&](db::Session& session) -> Result<void> {
            KAIGONG_TRY(work, open_case(session, *office.around, suspended, system_performer(), office.clock.now_ms()));
            KAIGONG_CHECK(work.run(bpmn::Suspend{"special_procedure"}));
            return work.save();
        });
        const auto ended = office.open_case();
        office.act([&](db::Session& session) { return office.withdraw(session, ended); });
        const auto before = office.procedure(ended);
        publish(office, year_2026_with({{"临时假", {2026, 11, 26}, {2026, 11, 26}}}));
        deliver(office);
        CHECK(timer_of(office, suspended) == office_midnight_ms({2026, 12, 2}));
        CHECK_FALSE(office.procedure(suspended).timer_due_at_ms);
        CHECK(office.procedure(ended).version == before.version);
        CHECK(moved(office, ended).empty());
    });
}

TEST_CASE("a timer that counts working days from an event of the process follows") {
    on_each_calendar([](Office& office) {
        const auto id = office.case_at_decision();
        REQUIRE(office.procedure(id).timer_due_at_ms == office_midnight_ms({2026, 12, 7}));
        publish(office, year_2026_with({{"临时假", {2026, 12, 3}, {2026, 12, 3}}}));
        deliver(office);
        CHECK(office.procedure(id).timer_due_at_ms == office_midnight_ms({2026, 12, 8}));
    });
}

TEST_CASE("what a table would change is told before it is published, and nothing is changed by asking") {
    on_each_calendar([](Office& office) {
        const auto first = office.open_case();
        const auto second = office.open_case();
        const auto table = year_2026_with({{"临时假", {2026, 11, 26}, {2026, 11, 26}}});
        const catalog::OfficeCalendar other{calendar::Calendar::of({table}).value(), 0, {}, {}};
        auto& cases = office.approval->running_cases();
        const auto page = cases.effect_of(calendar_admin(), other, "", 1).value();
        CHECK(page.looked_at == 1);
        REQUIRE(page.changes.size() == 1);
        CHECK(page.changes[0].before.due_on == "2026-12-02");
        CHECK(page.changes[0].after.due_on == "2026-12-03");
        CHECK(page.changes[0].before.intake_due_on == "2026-11-30");
        CHECK(page.changes[0].after.intake_due_on == "2026-12-01");
        const auto rest = cases.effect_of(calendar_admin(), other, page.next.value(), 10).value();
        CHECK(rest.looked_at == 1);
        CHECK_FALSE(rest.next);
        std::set<std::string> seen{page.changes[0].before.application_id, rest.changes.at(0).before.application_id};
        CHECK(seen == std::set{first, second});
        CHECK(cases.effect_of(calendar_admin(), *office.catalog->calendar(), "", 10).value().changes.empty());
        CHECK(office.procedure(first).due_on == "2026-12-02");
        CHECK(cases.count_running(calendar_admin(), 10).value() == 2);
        CHECK(cases.count_running(calendar_admin(), 1).value() == 1);
    });
}

TEST_CASE("cases on provisional days are listed page by page with the days that hang on the year") {
    on_each_calendar([](Office& office) {
        office.open_case();
        office.clock.set(at("2026-12-28"));
        std::set<std::string> expected;
        for (int i = 0; i < 3; ++i) expected.insert(office.open_case());
        auto& cases = office.approval->running_cases();
        std::set<std::string> seen;
        std::string after;
        for (int pages = 0; pages < 5; ++pages) {
            const auto page = cases.provisional(calendar_admin(), after, 2).value();
            for (const auto& one : page.cases) {
                seen.insert(one.application_id);
                CHECK(one.provisional);
                CHECK(one.due_on == "2027-01-07");
            }
            if (!page.next) break;
            after = *page.next;
        }
        CHECK(seen == expected);
    });
}

TEST_CASE("who is not cleared is neither told of a restricted case that runs nor has it counted") {
    on_each_calendar([](Office& office) {
        office.clock.set(at("2026-12-28"));
        const auto known = office.open_case();
        const auto restricted = office.open_case();
        office.act([&](db::Session& session) -> Result<void> {
            session.execute("UPDATE procedures SET confidentiality = 'restricted' WHERE application_id = ?",
                            restricted);
            return {};
        });
        auto& cases = office.approval->running_cases();
        const catalog::OfficeCalendar other{calendar::Calendar::of({year_2027()}).value(), 0, {}, {}};
        const auto seen = [&](authz::Confidentiality clearance) {
            const auto who = calendar_admin(clearance);
            std::set<std::string> ids;
            for (const auto& one : cases.provisional(who, "", 10).value().cases) ids.insert(one.application_id);
            std::set<std::string> moved;
            const auto effect = cases.effect_of(who, other, "", 10).value();
            for (const auto& one : effect.changes) moved.insert(one.before.application_id);
            CHECK(moved == ids);
            const auto count = static_cast<std::int64_t>(ids.size());
            CHECK(effect.looked_at == count);
            CHECK(cases.count_running(who, 10).value() == count);
            CHECK(cases.count_provisional(who, 10).value() == count);
            CHECK(cases.count_outdated(who, office.catalog->calendar()->number + 1, 10).value() == count);
            return ids;
        };
        CHECK(seen(authz::Confidentiality::normal) == std::set{known});
        CHECK(seen(authz::Confidentiality::restricted) == std::set{known, restricted});
    });
}

}  // namespace kaigong::approval
