// 抄送: who gives a case to whom, how many, and that it moves nothing. Both databases.
#include <doctest/doctest.h>

#include "modules/approval/list_scopes.hpp"
#include "modules/approval/operations/copies.hpp"
#include "modules/approval/testing/office.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using operations::Officer;
using testing::Office;

std::string give(Office& office, const std::string& id, const Officer& by, std::vector<Officer> to) {
    const auto done = office.database.transact([&](db::Session& session) {
        return operations::copy_case(session, *office.around, office.permissions, by, id, {std::move(to), "请了解"},
                                     office.clock.now_ms());
    });
    return done ? "" : done.error().reason;
}

std::vector<Officer> people(int from, int count) {
    std::vector<Officer> list;
    for (int i = 0; i < count; ++i) list.push_back(Office::officer(Role::reviewer, from + i));
    return list;
}

store::CopyReader list_of(const Office& office, const Officer& reader) {
    return {scope_of(office.permissions, reader.actor, kReceiveCopies, kScopeOfCopies), "normal"};
}

Officer far_away(int number) {
    auto officer = Office::officer(Role::window_clerk, number);
    officer.actor.department = "planning";
    officer.actor.region_code = "330105";
    return officer;
}

}  // namespace

TEST_CASE("a case is given to read by who holds a task of it or leads, and it moves nothing") {
    testing::on_each([](Office& office) {
        const auto id = office.open_case();
        const auto task = office.open_task(id);
        const auto holder = Office::officer(Role::acceptance_officer, 7);
        CHECK(give(office, id, holder, {far_away(50)}) == "approval.copy_not_yours");
        office.act([&](db::Session& session) { return office.claim(session, id, task, holder); });
        const auto before = office.open_task(id);
        CHECK(give(office, id, holder, {far_away(50)}) == "");
        CHECK(give(office, id, Office::officer(Role::section_head, 8), {far_away(51)}) == "");
        CHECK(give(office, id, Office::officer(Role::window_clerk, 9), {far_away(52)}) == "authz.not_permitted");
        CHECK(give(office, id, far_away(50), {far_away(53)}) == "authz.not_permitted");
        CHECK(office.open_task(id).version == before.version);
        CHECK(office.count(id, "approval.copy_case") == 2);
        CHECK(office.read(&store::copies_of_case, id).size() == 2);
    });
}

TEST_CASE("nobody gets a case twice, nor his own organisation's, and twenty at a time are enough") {
    testing::on_each_with_firms([](Office& office) {
        auto filed = office.filing();
        filed.owner_credit_code = "91330106MA0DEM0133";
        office.act([&](db::Session& session) {
            return operations::open_procedure(session, *office.around, filed, office.clock.now_ms());
        });
        const auto id = filed.application_id.text;
        const auto head = Office::officer(Role::section_head, 8);
        auto related = far_away(60);
        related.actor.credit_code = filed.owner_credit_code;
        CHECK(give(office, id, head, {}) == "approval.nobody_asked");
        CHECK(give(office, id, head, {related}) == "approval.person_not_suitable");
        office.identity.of_one_person = {far_away(62).actor.account_id, {filed.applicant_account_id}};
        CHECK(give(office, id, head, {far_away(62)}) == "approval.person_not_suitable");
        CHECK(give(office, id, head, {head}) == "approval.person_not_suitable");
        CHECK(give(office, id, head, people(100, 21)) == "approval.too_many_copies");
        CHECK(give(office, id, head, {far_away(61), far_away(61)}) == "approval.copied_already");
        CHECK(office.read(&store::copies_of_case, id).empty());
        for (int part = 0; part < 10; ++part) CHECK(give(office, id, head, people(100 + part * 20, 20)) == "");
        CHECK(give(office, id, head, people(100, 1)) == "approval.too_many_copies");
        CHECK(give(office, id, head, {far_away(61)}) == "approval.too_many_copies");
    });
}

TEST_CASE("the first opening of a copy is its receipt, and only its reader's") {
    testing::on_each([](Office& office) {
        const auto id = office.open_case();
        const auto reader = far_away(50);
        REQUIRE(give(office, id, Office::officer(Role::section_head, 8), {reader, far_away(51)}) == "");
        const auto of_reader = [&] {
            const auto copies = office.read(&store::copies_of_case, id);
            return *std::ranges::find(copies, reader.actor.account_id.text, &store::CopyRow::to_id);
        };
        const auto copy = of_reader();
        const auto read = [&](const Officer& who, std::int64_t at_ms) {
            const auto done = office.database.transact(
                [&](db::Session& session) { return operations::read_copy(session, who.actor, copy.copy_id, at_ms); });
            return done ? "" : done.error().reason;
        };
        const auto unread = [&] {
            return office.database
                .read([&](db::Session& session) { return store::unread_copies(session, list_of(office, reader), 10); })
                .value();
        };
        CHECK(unread() == 1);
        CHECK(read(far_away(51), 5) == "approval.not_found");
        CHECK(read(reader, 7) == "");
        CHECK(read(reader, 9) == "");
        CHECK(of_reader().read_at_ms == 7);
        CHECK(unread() == 0);
        // Page by page, also within one instant.
        const auto listed = [&](std::int64_t before_ms, const std::string& before_id) {
            return office.database
                .read([&](db::Session& session) {
                    return store::copies_for(session, list_of(office, reader), before_ms, before_id, 5).size();
                })
                .value();
        };
        CHECK(listed(copy.copied_at_ms + 1, "") == 1);
        CHECK(listed(copy.copied_at_ms, copy.copy_id) == 0);
        CHECK(listed(copy.copied_at_ms, copy.copy_id + "0") == 1);
    });
}

}  // namespace kaigong::approval
