// 补录 of a decision in another's name: his word makes it, and only while the case is as it was. Both databases.
#include "modules/approval/operations/paper_proposals.hpp"

#include "modules/approval/testing/staff.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using operations::Officer;
using testing::Office;
using testing::reason_of;

constexpr std::int64_t kHourMs = 3'600'000;

Officer head() {
    return Office::officer(Role::section_head, 40);
}
Officer decider() {
    return Office::officer(Role::reviewer, 12);
}

/// A case at a step that decides, an hour after it came there.
class AtDecision {
  public:
    explicit AtDecision(Office& office) : office_(office), id_(office.open_case()) {
        const auto first = office.open_task(id_);
        office.act([&](db::Session& session) {
            return office.complete(session, id_, first, Office::officer(Role::acceptance_officer, 7), "agree");
        });
        happened_at_ms_ = office.clock.now_ms();
        office.clock.set(happened_at_ms_ + kHourMs);
    }

    const std::string& id() const { return id_; }
    store::TaskRow task() const { return office_.open_task(id_); }
    operations::PaperAct act() const {
        operations::Completion done;
        done.outcome = "agree";
        done.opinion = "纸面同意";
        return {decider(), happened_at_ms_, "档 18 号", done};
    }
    std::string enter(const Officer& who) {
        return run([&](db::Session& session, const operations::OnTask& on) {
            return operations::enter_paper_act(session, *office_.around, office_.permissions, who, on, act());
        });
    }
    std::string confirm(const Officer& who, std::int64_t version_more = 0) {
        const auto proposal = waiting();
        return run([&](db::Session& session, operations::OnTask on) {
            on.version += version_more;
            auto his = act();
            his.done_by = who;
            return operations::confirm_paper_act(session, *office_.around, office_.permissions, who, on,
                                                 {proposal, his});
        });
    }
    std::string deny(const Officer& who) {
        const auto proposal = waiting();
        return run([&](db::Session& session, const operations::OnTask& on) {
            return operations::deny_paper_act(session, *office_.around, who, on, {proposal, "没有作出"});
        });
    }
    std::int64_t happened_at_ms() const { return happened_at_ms_; }

  private:
    std::string waiting() {
        const auto task_id = task().task_id;
        const auto found = office_.database.read([&](db::Session& session) {
            return authz::two_person::of_subject(session, operations::kTaskOfProposal, task_id);
        });
        return Office::must(found).at(0).proposal_id;
    }
    std::string run(const std::function<Result<void>(db::Session&, const operations::OnTask&)>& act) {
        const auto on = office_.on(id_, task());
        return reason_of(office_.database.transact([&](db::Session& session) { return act(session, on); }));
    }

    Office& office_;
    std::string id_;
    std::int64_t happened_at_ms_ = 0;
};

void on_decisions(const char* kind, const std::function<void(Office& office, AtDecision& one)>& test) {
    testing::on_each(
        [&](Office& office) {
            AtDecision one(office);
            test(office, one);
        },
        testing::two_steps({.kind = kind}));
}

}  // namespace

TEST_CASE("nobody decides or rechecks by writing another's name down: it waits for his word") {
    for (const auto* kind : {"decide", "recheck"}) {
        on_decisions(kind, [](Office& office, AtDecision& one) {
            const auto before = one.task();
            REQUIRE(one.enter(head()) == "");
            CHECK(one.task().task_id == before.task_id);
            CHECK(one.task().version == before.version);
            CHECK(one.enter(Office::officer(Role::window_clerk, 50)) == "authz.proposal_is_open");
            CHECK(one.confirm(head()) == "authz.second_person_needed");
            CHECK(one.confirm(Office::officer(Role::reviewer, 13)) == "approval.paper_act_not_yours");
            CHECK(one.confirm(decider(), 1) == "db.version_is_stale");
            REQUIRE(one.confirm(decider()) == "");
            const auto acts = office.read(&store::acts_of, one.id());
            REQUIRE(acts.size() == 4);
            CHECK(acts[1].act == "propose_paper_act");
            CHECK(acts[2].act == "complete");
            CHECK(acts[2].actor_id == decider().actor.account_id.text);
            CHECK(acts[2].at_ms == one.happened_at_ms());
            CHECK(acts[3].act == "confirm_paper_act");
            CHECK(acts[3].from_id == head().actor.account_id.text);
            CHECK(acts[3].at_ms == office.clock.now_ms());
            CHECK(office.approval->stuck_cases().empty());
        });
    }
    on_decisions("review", [](Office& office, AtDecision& one) {
        REQUIRE(one.enter(head()) == "");
        CHECK(office.open_task(one.id()).name == "制证");
    });
    on_decisions("decide", [](Office& office, AtDecision& one) {
        REQUIRE(one.enter(decider()) == "");
        CHECK(office.open_task(one.id()).name == "制证");
    });
}

TEST_CASE("who had a hand in the case enters no decision of another, and confirming one asks for a fresh password") {
    on_decisions("decide", [](Office&, AtDecision& one) {
        auto accepted = Office::officer(Role::acceptance_officer, 7);
        accepted.actor.roles.push_back(Role::window_clerk);
        // Checking completeness excludes from nothing.
        CHECK(one.enter(accepted) == "");
        auto long_ago = decider();
        long_ago.actor.recently_authenticated = false;
        CHECK(one.confirm(long_ago) == "authz.step_up_needed");
        CHECK(one.confirm(decider()) == "");
    });
    testing::on_each(
        [](Office& office) {
            AtDecision one(office);
            auto accepted = Office::officer(Role::acceptance_officer, 7);
            accepted.actor.roles.push_back(Role::window_clerk);
            CHECK(one.enter(accepted) == "authz.excluded_by_past_duty");
        },
        testing::two_steps({.first_kind = "accept", .kind = "decide"}));
}

TEST_CASE("an act on paper is void when the case has changed since; who took the task in hand changed nothing") {
    on_decisions("decide", [](Office& office, AtDecision& one) {
        REQUIRE(one.enter(head()) == "");
        const auto task = one.task();
        office.act([&](db::Session& session) { return office.claim(session, one.id(), task, decider()); });
        const auto claimed = one.task();
        office.clock.set(office.clock.now_ms() + kHourMs);
        office.act([&](db::Session& session) {
            return operations::transfer_task(session, *office.around, office.permissions, decider(),
                                             office.on(one.id(), claimed),
                                             {Office::officer(Role::reviewer, 13), "出差"});
        });
        CHECK(one.confirm(decider()) == "approval.paper_act_void");
        CHECK(one.deny(Office::officer(Role::reviewer, 13)) == "approval.paper_act_not_yours");
        REQUIRE(one.deny(decider()) == "");
        CHECK(one.confirm(decider()) == "authz.proposal_settled");
    });
    on_decisions("decide", [](Office& office, AtDecision& one) {
        REQUIRE(one.enter(head()) == "");
        const auto task = one.task();
        office.act([&](db::Session& session) { return office.claim(session, one.id(), task, decider()); });
        CHECK(one.confirm(decider()) == "");
    });
    on_decisions("decide", [](Office& office, AtDecision& one) {
        REQUIRE(one.enter(head()) == "");
        office.clock.set(office.clock.now_ms() + authz::two_person::kOpenForMs);
        CHECK(one.confirm(decider()) == "authz.proposal_expired");
        CHECK(one.enter(head()) == "");
    });
}

}  // namespace kaigong::approval
