// 限制知悉: who is not cleared loses the case at once, in every list; lifting it takes two. Both databases.
#include <doctest/doctest.h>

#include <thread>

#include "modules/approval/operations/copies.hpp"
#include "modules/approval/operations/restriction.hpp"
#include "modules/approval/service.hpp"
#include "modules/approval/testing/office.hpp"

namespace kaigong::approval {
namespace {

using authz::Confidentiality;
using authz::Role;
using operations::OnCase;
using testing::Office;
using testing::reason_of;

operations::Officer cleared(Role role, int number) {
    auto officer = Office::officer(role, number);
    officer.actor.clearance = Confidentiality::restricted;
    return officer;
}

class Restricted {
  public:
    Restricted(Office& office, std::string id) : office_(office), id_(std::move(id)) {}

    std::string restrict(const operations::Officer& by, const std::string& reason = "涉及商业秘密") {
        return run([&](db::Session& session, const OnCase& on) {
            return operations::restrict_case(session, *office_.around, office_.permissions, by, on, reason);
        });
    }
    std::string propose(const operations::Officer& by) {
        return run([&](db::Session& session, const OnCase& on) {
            return operations::propose_lifting(session, *office_.around, office_.permissions, by, on, "已经公开");
        });
    }
    std::string confirm(const operations::Officer& by) {
        const auto proposal = open_proposal();
        return run([&](db::Session& session, const OnCase& on) {
            return operations::confirm_lifting(session, *office_.around, office_.permissions, by, on, proposal);
        });
    }
    std::string refuse(const operations::Officer& by) {
        const auto proposal = open_proposal();
        return run([&](db::Session& session, const OnCase& on) {
            return operations::refuse_lifting(session, *office_.around, office_.permissions, by, on, proposal,
                                              "仍需保密");
        });
    }
    boost::json::object inbox(const operations::Officer& who) {
        InboxQuery query;
        query.limit = 50;
        return Office::must(office_.approval->inbox(who.actor, query));
    }
    bool sees(const operations::Officer& who) { return office_.approval->may_read(who.actor, id_).has_value(); }
    std::size_t listed(const operations::Officer& who) { return inbox(who).at("rows").as_array().size(); }
    std::int64_t counted(const operations::Officer& who) {
        return inbox(who).at("counts").at("todo").to_number<std::int64_t>();
    }

  private:
    std::string run(const std::function<Result<void>(db::Session&, const OnCase&)>& act) {
        const OnCase on{id_, office_.clock.now_ms()};
        return reason_of(office_.database.transact([&](db::Session& session) { return act(session, on); }));
    }
    std::string open_proposal() {
        return office_.database
            .read([&](db::Session& session) {
                const auto open = authz::two_person::open_of_act(session, std::string(operations::kLiftRestriction), "",
                                                                 office_.clock.now_ms(), 10);
                return open.empty() ? std::string() : open.front().proposal_id;
            })
            .value();
    }

    Office& office_;
    std::string id_;
};

}  // namespace

TEST_CASE("a restricted case is gone at once from everything of who is not cleared, and there for who is") {
    testing::on_each([](Office& office) {
        const auto id = office.open_case();
        Restricted one(office, id);
        const auto clerk = Office::officer(Role::acceptance_officer, 1);
        const auto cleared_clerk = cleared(Role::acceptance_officer, 2);
        const auto head = cleared(Role::section_head, 3);
        CHECK(one.listed(clerk) == 1);
        CHECK(one.counted(clerk) == 1);
        CHECK(one.restrict(Office::officer(Role::section_head, 4)) == "approval.clearance_needed");
        CHECK(one.restrict(head, "") == "approval.reason_missing");
        CHECK(one.restrict(cleared_clerk) == "authz.not_permitted");
        const auto stream = Office::must(office.approval->listen(clerk.actor, id, ""));
        REQUIRE(one.restrict(head) == "");
        CHECK(one.restrict(head) == "approval.restricted_already");
        CHECK_FALSE(one.sees(clerk));
        CHECK(one.sees(cleared_clerk));
        CHECK(one.listed(clerk) == 0);
        CHECK(one.counted(clerk) == 0);
        CHECK(one.listed(cleared_clerk) == 1);
        CHECK(office.count(id, "approval.restrict") == 1);
        // Whoever listened is cut off with the next look, and does not come in again.
        for (int i = 0; i < 500 && !stream->has_ended(); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        CHECK(stream->has_ended());
        CHECK_FALSE(office.approval->listen(clerk.actor, id, ""));
    });
}

TEST_CASE("what was given to somebody to read is his no longer when he is not cleared for it") {
    testing::on_each([](Office& office) {
        const auto id = office.open_case();
        Restricted one(office, id);
        auto reader = Office::officer(Role::window_clerk, 5);
        reader.actor.region_code = "330105";
        const auto head = cleared(Role::section_head, 3);
        office.act([&](db::Session& session) {
            return operations::copy_case(session, *office.around, office.permissions, head, id, {{reader}, "请了解"},
                                         office.clock.now_ms());
        });
        CHECK(one.sees(reader));
        REQUIRE(one.restrict(head) == "");
        CHECK_FALSE(one.sees(reader));
        auto knows = reader;
        knows.actor.clearance = Confidentiality::restricted;
        CHECK(one.sees(knows));
    });
}

TEST_CASE("a restriction is lifted by two cleared persons, and a refusal keeps it") {
    testing::on_each([](Office& office) {
        const auto id = office.open_case();
        Restricted one(office, id);
        const auto head = cleared(Role::section_head, 3);
        const auto leader = cleared(Role::deciding_leader, 6);
        CHECK(one.propose(head) == "approval.not_restricted");
        REQUIRE(one.restrict(head) == "");
        CHECK(one.propose(Office::officer(Role::section_head, 7)) == "approval.not_found");
        REQUIRE(one.propose(head) == "");
        CHECK(one.confirm(head) == "authz.second_person_needed");
        CHECK(one.refuse(leader) == "");
        CHECK_FALSE(one.sees(Office::officer(Role::section_head, 7)));
        REQUIRE(one.propose(head) == "");
        auto tired = leader;
        tired.actor.recently_authenticated = false;
        CHECK(one.confirm(tired) == "authz.step_up_needed");
        office.identity.of_one_person = {head.actor.account_id, leader.actor.account_id};
        CHECK(one.confirm(leader) == "authz.second_person_needed");
        CHECK(one.refuse(leader) == "authz.second_person_needed");
        office.identity.of_one_person.clear();
        CHECK(one.confirm(leader) == "");
        CHECK(one.sees(Office::officer(Role::section_head, 7)));
        CHECK(office.count(id, "approval.lift_restriction") == 1);
    });
}

}  // namespace kaigong::approval
