// Naming and ending a deputy: who may for whom, overlaps, chains. Both databases.
#include <doctest/doctest.h>

#include <array>

#include "base/civil_date.hpp"
#include "modules/approval/testing/office.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using operations::NewDeputyship;
using operations::Officer;
using testing::Office;

std::int64_t midnight(const char* on) {
    return office_midnight_ms(*parse_date(on));
}

NewDeputyship wish(const Officer& absent, const Officer& deputy, const char* from_on = "2026-11-23",
                   const char* through_on = "2026-11-27") {
    return {absent, deputy, midnight(from_on), midnight(through_on) + 86'400'000, "外出培训"};
}

struct Naming {
    std::string deputyship_id;
    std::string refused;
};

Naming name(Office& office, const Officer& by, const NewDeputyship& named) {
    const auto done = office.database.transact([&](db::Session& session) {
        return operations::name_deputy(session, *office.around, office.permissions, by, named, office.clock.now_ms());
    });
    return done ? Naming{*done, ""} : Naming{"", done.error().reason};
}

std::string end(Office& office, const Officer& by, const Officer& absent, const std::string& id,
                std::int64_t version = 1) {
    const auto done = office.database.transact([&](db::Session& session) {
        return operations::end_deputyship(session, *office.around, office.permissions, by,
                                          {id, version, absent.actor, "提前回来"}, office.clock.now_ms());
    });
    return done ? "" : done.error().reason;
}

Officer of(Role role, int number, const char* department = "housing", const char* region = "330106") {
    auto officer = Office::officer(role, number);
    officer.actor.department = department;
    officer.actor.region_code = region;
    return officer;
}

}  // namespace

TEST_CASE("whoever is away names his deputy, or who leads his department or the authority, and nobody else") {
    testing::on_each([](Office& office) {
        const auto away = of(Role::reviewer, 1);
        const auto deputy = of(Role::reviewer, 2);
        struct Line {
            Officer by;
            std::string refused;
        };
        const std::array lines{
            Line{of(Role::reviewer, 3), "authz.outside_scope"},
            Line{of(Role::reviewer, 3, "fire"), "approval.not_found"},
            Line{of(Role::section_head, 4, "fire"), "authz.outside_scope"},
            Line{of(Role::section_head, 4, "housing", "330105"), "approval.not_found"},
            Line{of(Role::deciding_leader, 5, "housing", "330105"), "approval.not_found"},
            Line{of(Role::rule_admin, 6), "authz.not_permitted"},
            Line{of(Role::window_clerk, 6), "authz.not_permitted"},
            Line{away, ""},
            Line{of(Role::section_head, 4), ""},
            Line{of(Role::deciding_leader, 5, "fire"), ""},
        };
        for (const auto& line : lines) {
            CAPTURE(line.refused);
            const auto named = name(office, line.by, wish(away, deputy));
            CHECK(named.refused == line.refused);
            if (line.refused.empty()) CHECK(end(office, line.by, away, named.deputyship_id) == "");
        }
        const auto leader = of(Role::deciding_leader, 5);
        const auto head = of(Role::section_head, 4);
        CHECK(name(office, head, wish(leader, of(Role::section_head, 7))).refused == "approval.deputy_of_superior");
        CHECK(name(office, head, wish(away, head)).refused == "approval.deputy_names_himself");
        CHECK(name(office, leader, wish(leader, head)).refused == "");
    });
}

TEST_CASE("a deputy's days are from today on, not backwards, and not longer than half a year") {
    testing::on_each([](Office& office) {
        const auto away = of(Role::reviewer, 1);
        const auto deputy = of(Role::reviewer, 2);
        const auto refused = [&](const char* from_on, const char* through_on) {
            return name(office, away, wish(away, deputy, from_on, through_on)).refused;
        };
        CHECK(refused("2026-11-22", "2026-11-25") == "approval.deputy_days_invalid");
        CHECK(refused("2026-11-25", "2026-11-24") == "approval.deputy_days_invalid");
        CHECK(refused("2026-11-24", "2027-05-26") == "approval.deputy_days_invalid");
        CHECK(refused("2026-11-24", "2027-05-25") == "");
        CHECK(refused("2026-11-23", "2026-11-23") == "");
    });
}

TEST_CASE("one officer has one deputy at a time, and a deputy's deputy does not count") {
    testing::on_each([](Office& office) {
        const auto away = of(Role::reviewer, 1);
        const auto deputy = of(Role::reviewer, 2);
        const auto third = of(Role::reviewer, 3);
        const auto first = name(office, away, wish(away, deputy));
        REQUIRE(first.refused == "");
        CHECK(name(office, away, wish(away, third, "2026-11-27", "2026-11-30")).refused ==
              "approval.deputyship_overlaps");
        CHECK(name(office, away, wish(away, third, "2026-11-28", "2026-11-30")).refused == "");
        // Who is away himself stands in for nobody; a deputy who goes away leaves what he stood in for where it was.
        CHECK(name(office, third, wish(third, away)).refused == "approval.deputy_is_absent");
        CHECK(name(office, deputy, wish(deputy, third)).refused == "");
        const auto stands_in = [&](const Officer& who) {
            return office.database
                .read([&](db::Session& session) {
                    return store::in_force_for(session, who.actor.account_id.text, office.clock.now_ms());
                })
                .value();
        };
        REQUIRE(stands_in(third).size() == 1);
        CHECK(stands_in(third).front().absent_id == deputy.actor.account_id.text);
        // One person may stand in for two.
        const auto fourth = of(Role::reviewer, 8);
        CHECK(name(office, fourth, wish(fourth, third)).refused == "");
        CHECK(stands_in(third).size() == 2);
    });
}

TEST_CASE("a deputyship that was ended is over at once and leaves its days free") {
    testing::on_each([](Office& office) {
        const auto away = of(Role::reviewer, 1);
        const auto deputy = of(Role::reviewer, 2);
        const auto first = name(office, away, wish(away, deputy));
        office.clock.set(office.clock.now_ms() + 60'000);
        CHECK(end(office, away, away, first.deputyship_id, 7) == "db.version_is_stale");
        CHECK(end(office, deputy, away, first.deputyship_id) == "authz.outside_scope");
        CHECK(end(office, away, away, first.deputyship_id) == "");
        CHECK(end(office, away, away, first.deputyship_id, 2) == "approval.deputyship_over");
        CHECK(name(office, away, wish(away, of(Role::reviewer, 3))).refused == "");
        const auto page = office.audit->entries_of("deputyship", first.deputyship_id, std::nullopt, 10).value();
        CHECK(page.entries.size() == 2);
        // One that has not begun never begins.
        const auto later = name(office, deputy, wish(deputy, of(Role::reviewer, 3), "2026-12-01", "2026-12-02"));
        CHECK(end(office, deputy, deputy, later.deputyship_id) == "");
        const auto begun = office.database
                               .read([&](db::Session& session) {
                                   return store::in_force_for(session, of(Role::reviewer, 3).actor.account_id.text,
                                                              midnight("2026-12-01"));
                               })
                               .value();
        CHECK(begun.empty());
        // Over by itself, too late to end.
        const auto short_one = name(office, of(Role::reviewer, 9), wish(of(Role::reviewer, 9), of(Role::reviewer, 10)));
        office.clock.set(midnight("2026-11-28"));
        CHECK(end(office, of(Role::reviewer, 9), of(Role::reviewer, 9), short_one.deputyship_id) ==
              "approval.deputyship_over");
    });
}

}  // namespace kaigong::approval
