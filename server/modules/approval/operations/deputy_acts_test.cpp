// What a deputy does with tasks: every kind of task, in every place of a process, each step by another program; 回避 of
// both persons, votes, and what is left when it is over.
#include "base/civil_date.hpp"
#include "modules/approval/testing/episode_case.hpp"
#include "modules/approval/testing/stand_in.hpp"
#include "modules/approval/testing/task_case.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using operations::Officer;
using testing::Case;
using testing::Office;
using testing::standing_in;

void works_on_what_is_held(Case& one, Office& office) {
    const auto task = one.the("work");
    const auto deputy = standing_in(office, one.expert(50), one.holder());
    CHECK(one.try_complete(task, one.colleague(51), "agree") == "approval.task_held_by_other");
    one.act(operations::release_task, task, deputy);
    one.act(operations::claim_task, one.by_id(task.task_id), deputy);
    // Nothing of it is the deputy's.
    CHECK(one.by_id(task.task_id).assignee_id == one.holder().actor.account_id.text);
    one.act(operations::add_signers, one.by_id(task.task_id), deputy,
            operations::NewSigners{std::string(kAfter), {one.expert(30)}, "请会签"});
    CHECK(one.attempt(operations::add_signers, one.by_id(task.task_id), deputy,
                      operations::NewSigners{std::string(kBefore), {one.expert(50)}, "请核对"}) ==
          "approval.person_not_suitable");
    one.complete(one.by_id(task.task_id), deputy, "agree");
    CHECK(one.by_id(task.task_id).assignee_id == one.holder().actor.account_id.text);
    one.act(operations::take_back_task, one.by_id(task.task_id), deputy, std::string("看错了图纸"));
    one.complete(one.by_id(task.task_id), deputy, "agree");
    one.complete(one.signer(one.expert(30)), one.expert(30), "agree");
    const auto done = one.by_id(task.task_id);
    CHECK(done.actor_id == one.expert(50).actor.account_id.text);
    CHECK(done.actor_name == deputy.name);
    CHECK(done.assignee_id == one.holder().actor.account_id.text);
    for (const auto& act : one.acts()) {
        const bool is_deputys = act.actor_id == one.expert(50).actor.account_id.text;
        CHECK(act.absent_name.has_value() == is_deputys);
        if (is_deputys) CHECK(act.absent_id == one.holder().actor.account_id.text);
    }
}

void hands_on_what_is_held(Case& one, Office& office) {
    const auto task = one.the("work");
    const auto deputy = standing_in(office, one.expert(50), one.holder());
    one.act(operations::transfer_task, task, deputy, operations::Handover{one.colleague(12), "请办理"});
    const auto last = one.acts().back();
    CHECK(last.from_id == one.holder().actor.account_id.text);
    CHECK(last.absent_id == one.holder().actor.account_id.text);
    one.complete(one.by_id(task.task_id), one.colleague(12), "agree");
}

void is_over_at_midnight(Case& one, Office& office) {
    const auto task = one.the("work");
    const auto deputy = standing_in(office, one.expert(50), one.holder());
    one.act(operations::release_task, task, deputy);
    one.act(operations::claim_task, one.by_id(task.task_id), deputy);
    const auto midnight = office_midnight_ms(add_days(office_date(office.clock.now_ms()), 2));
    const auto at = [&](std::int64_t instant) {
        return one.attempt_at(instant, operations::complete_task, one.by_id(task.task_id), deputy,
                              operations::Completion{"no_such_outcome", "意见", {}, {}});
    };
    CHECK(at(midnight - 1'000) == "approval.outcome_unknown");
    CHECK(at(midnight) == "approval.deputyship_over");
    CHECK(one.by_id(task.task_id).assignee_id == one.holder().actor.account_id.text);
    one.complete(one.by_id(task.task_id), one.holder(), "agree");
}

struct DeputyScenario {
    const char* name;
    void (*play)(Case&, Office&);
};
constexpr std::array kDeputyScenarios{
    DeputyScenario{"works on what is held", works_on_what_is_held},
    DeputyScenario{"hands on what is held", hands_on_what_is_held},
    DeputyScenario{"is over at midnight", is_over_at_midnight},
};

constexpr testing::Kind kDeputyReview{"review", Role::reviewer};
constexpr testing::Kind kRecheck{"recheck", Role::section_head};

/// `first` is a review, `work` what the kind says.
testing::ProcessFiles after_a_review(const testing::Kind& kind) {
    using testing::flows;
    using testing::user_task;
    return {{"issue.bpmn",
             testing::process(
                 "issue", R"(<startEvent id="start"/><endEvent id="ended"/>)" +
                              user_task("first", "review", Role::reviewer) + user_task("work", kind.name, kind.role) +
                              user_task("last", "certificate", Role::certificate_officer) +
                              flows({{"start", "first"}, {"first", "work"}, {"work", "last"}, {"last", "ended"}}))}};
}

std::string try_complete(Office& office, const std::string& id, const Officer& who) {
    const auto task = office.open_task(id);
    const auto done = office.database.transact(
        [&](db::Session& session) { return office.complete(session, id, task, who, "agree"); });
    return done ? "" : done.error().reason;
}

}  // namespace

TEST_CASE("a deputy works on every kind of task in every place, and it stays the absent officer's") {
    for (const auto& kind : testing::kKinds) {
        for (const auto& place : testing::places(kind)) {
            const bool is_played = place.name == "plain" || kind.name == std::string("review");
            if (!is_played || place.several) continue;
            testing::on_each_pair(
                [&](Office& left, Office& right) {
                    for (const auto& scenario : kDeputyScenarios) {
                        CAPTURE(std::string(kind.name));
                        CAPTURE(place.name);
                        CAPTURE(std::string(scenario.name));
                        Case one({&left, &right}, kind);
                        scenario.play(one, left);
                        one.must_come_to_its_end();
                    }
                },
                place.files);
        }
    }
}

TEST_CASE("neither a deputy nor the absent officer may be excluded, and what was done in one's place counts for both") {
    testing::on_each(
        [](Office& office) {
            const auto head = Office::officer(Role::section_head, 40);
            const auto reviewer = Office::officer(Role::reviewer, 1);
            const auto deputy = Office::officer(Role::reviewer, 2);
            const auto fresh = Office::officer(Role::reviewer, 3);
            // The deputy reviewed himself.
            const auto one = office.open_case();
            REQUIRE(try_complete(office, one, deputy) == "");
            CHECK(try_complete(office, one, standing_in(office, deputy, head)) == "authz.excluded_by_past_duty");
            CHECK(try_complete(office, one, standing_in(office, fresh, head)) == "");
            // The absent officer reviewed.
            auto both = head;
            both.actor.roles.push_back(Role::reviewer);
            const auto two = office.open_case();
            REQUIRE(try_complete(office, two, both) == "");
            CHECK(try_complete(office, two, standing_in(office, fresh, both)) == "authz.excluded_by_past_duty");
            // Somebody reviewed in his place: he does not recheck it, and neither does that one.
            const auto three = office.open_case();
            REQUIRE(try_complete(office, three, standing_in(office, reviewer, both)) == "");
            CHECK(try_complete(office, three, both) == "authz.excluded_by_past_duty");
            CHECK(try_complete(office, three, standing_in(office, reviewer, head)) == "authz.excluded_by_past_duty");
            CHECK(try_complete(office, three, Office::officer(Role::section_head, 41)) == "");
        },
        after_a_review(kRecheck));
}

TEST_CASE("a deputy of somebody of the applicant's own organisation is excluded with him") {
    testing::on_each_with_firms(
        [](Office& office) {
            auto away = Office::officer(Role::reviewer, 1);
            away.actor.credit_code = "91330106MA0DEM0133";
            auto filed = office.filing();
            filed.owner_credit_code = away.actor.credit_code;
            office.act([&](db::Session& session) {
                return operations::open_procedure(session, *office.around, filed, office.clock.now_ms());
            });
            const auto deputy = Office::officer(Role::reviewer, 2);
            CHECK(try_complete(office, filed.application_id.text, standing_in(office, deputy, away)) ==
                  "authz.excluded_own_case");
            CHECK(try_complete(office, filed.application_id.text, deputy) == "");
        },
        after_a_review(kDeputyReview));
}

namespace {

using testing::EpisodeCase;
using testing::reason_of;

const operations::SpecialProcedure kExperts{"expert_review", "超限高层，需要专家评审", 10};

std::string begins(EpisodeCase& one, const Officer& who) {
    return reason_of(one.does(operations::start_special_procedure, who, one.on("planning"), kExperts));
}

}  // namespace

TEST_CASE("a deputy begins and ends a special procedure in the place of who judges the item, until midnight") {
    testing::on_each(
        [](Office& office) {
            EpisodeCase one(office);
            one.claim("review_planning", EpisodeCase::reviewer());
            const auto himself = EpisodeCase::officer(Role::reviewer, 50);
            const auto deputy = standing_in(office, himself, EpisodeCase::reviewer());
            CHECK(begins(one, himself) == "approval.not_your_item");
            CHECK(begins(one, deputy) == "");
            CHECK(one.item_state("planning") == "special_procedure");
            CHECK(one.episodes().at(0).begun_by == deputy.name);
            const auto act = office.read(&store::acts_of, one.id()).back();
            CHECK(act.act == "start_special_procedure");
            CHECK(act.actor_id == himself.actor.account_id.text);
            CHECK(act.absent_id == EpisodeCase::reviewer().actor.account_id.text);
            const auto ends = [&](const Officer& who) {
                return reason_of(one.does(operations::end_special_procedure, who, one.on("planning"), "专家同意"));
            };
            one.next_morning(2);
            CHECK(ends(deputy) == "approval.deputyship_over");
            const auto again = standing_in(office, himself, EpisodeCase::reviewer());
            CHECK(ends(again) == "");
            CHECK(office.read(&store::acts_of, one.id()).back().absent_id == act.absent_id);
        },
        testing::episode_files());
}

TEST_CASE("a special procedure waits for somebody else where a deputy or whom he stands in for is excluded") {
    testing::on_each(
        [](Office& office) {
            // Number 7 accepted.
            auto accepted = EpisodeCase::officer(Role::reviewer, 7);
            EpisodeCase one(office);
            one.claim("review_planning", EpisodeCase::reviewer());
            CHECK(begins(one, standing_in(office, accepted, EpisodeCase::reviewer())) == "authz.excluded_by_past_duty");
            EpisodeCase two(office);
            const auto review = two.task("review_planning").task_id;
            office.act([&](db::Session& session) {
                session.execute("UPDATE tasks SET assignee_id = ? WHERE task_id = ?", accepted.actor.account_id.text,
                                review);
            });
            CHECK(begins(two, accepted) == "authz.excluded_by_past_duty");
            CHECK(begins(two, standing_in(office, EpisodeCase::officer(Role::reviewer, 50), accepted)) ==
                  "authz.excluded_by_past_duty");
            CHECK(begins(two, EpisodeCase::head()) == "");
        },
        testing::episode_files());
}

TEST_CASE("a deputy leads nothing in the place of a section head") {
    testing::on_each(
        [](Office& office) {
            EpisodeCase one(office);
            one.claim("review_planning", EpisodeCase::reviewer());
            const auto deputy = standing_in(office, EpisodeCase::officer(Role::reviewer, 50), EpisodeCase::head());
            CHECK(begins(one, deputy) == "approval.not_your_item");
            CHECK(reason_of(one.does(operations::hold_case, deputy, one.on(), operations::Hold{"court", "裁定"})) ==
                  "authz.not_permitted");
            CHECK(
                reason_of(one.does(operations::request_late_correction, deputy, one.on("planning"),
                                   operations::LateCorrection{"图纸后来才补", {{"", "", "缺图", "补图", "办法 4"}}})) ==
                "authz.not_permitted");
            CHECK(reason_of(one.does(operations::order_supplement, deputy, one.on(),
                                     operations::SupplementOrder{"M-40", "逾期"})) == "authz.not_permitted");
            one.complete("review_planning", "agree", EpisodeCase::reviewer());
            CHECK(reason_of(one.does(operations::reopen_item, deputy, one.on("planning"), std::string("漏看"))) ==
                  "authz.not_permitted");
        },
        testing::episode_files());
}

}  // namespace kaigong::approval
