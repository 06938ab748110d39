// 受理、审查、复核、决定须由不同的人办理, and nobody handles his own case: every pair of duties, by every way in which
// one person can have done the first and be about to do the second.
#include <doctest/doctest.h>

#include <array>
#include <functional>

#include "modules/approval/task_rules.hpp"
#include "modules/approval/testing/office.hpp"

namespace kaigong::approval {
namespace {

using authz::Duty;
using operations::Officer;
using testing::Office;
using testing::reason_of;

constexpr std::array kDuties{Duty::check,  Duty::review,  Duty::recheck,    Duty::decide,
                             Duty::accept, Duty::correct, Duty::certificate};

const std::string kApplicant = "01900000-0000-7000-8000-000000000999";
const std::string kCompany = "91330106MA0DEM0133";

/// As 行政许可法 and the process ask for it, written down once more and not taken from the code.
bool are_apart(Duty one, Duty other) {
    constexpr std::array kApart{Duty::accept, Duty::review, Duty::recheck, Duty::decide};
    const auto counts = [&](Duty duty) { return std::ranges::find(kApart, duty) != kApart.end(); };
    return one != other && counts(one) && counts(other);
}

store::TaskRow done(Duty duty, const Officer& by) {
    store::TaskRow task;
    task.task_id = "done";
    task.kind = to_string(duty);
    task.state = "completed";
    task.actor_id = by.actor.account_id.text;
    return task;
}

store::ActRow in_place_of(const Officer& absent) {
    store::ActRow act;
    act.task_id = "done";
    act.act = "complete";
    act.absent_id = absent.actor.account_id.text;
    return act;
}

Officer deputy_of(const Officer& deputy, const Officer& absent) {
    auto acting = deputy;
    acting.instead_of = operations::Absent{absent.actor, absent.name, absent.name, "deputyship", deputy.name};
    return acting;
}

struct PathToBoth {
    const char* name;
    /// Who did the first duty, for whom; who is about to do the second.
    std::optional<Officer> first_for;
    Officer first;
    Officer second;
};

std::vector<PathToBoth> paths_to_both() {
    const auto one = Office::officer(authz::Role::reviewer, 1);
    const auto other = Office::officer(authz::Role::reviewer, 2);
    const auto third = Office::officer(authz::Role::reviewer, 3);
    return {
        {"himself, both times", {}, one, one},
        {"himself, then as a deputy", {}, one, deputy_of(one, other)},
        {"himself, then by his deputy", {}, one, deputy_of(other, one)},
        {"as a deputy, then himself", other, one, one},
        {"by his deputy, then himself", one, other, one},
        {"by his deputy, then by another deputy of his", one, other, deputy_of(third, one)},
        {"as a deputy, then as another's deputy", other, one, deputy_of(one, third)},
    };
}

/// Whether an account is another one of who applied.
using IsAnother = std::function<bool(const authz::AccountId& account_id)>;

std::string refusal(
    const Officer& who, Duty duty, const std::vector<store::TaskRow>& tasks, const std::vector<store::ActRow>& acts,
    const std::string& owner = kCompany, const IsAnother& is_another = [](const authz::AccountId&) { return false; }) {
    store::TaskRow task;
    task.kind = to_string(duty);
    const authz::Applicant applicant{owner, kApplicant, is_another};
    return reason_of(must_not_be_excluded(who, task, {tasks, acts, applicant}));
}

}  // namespace

TEST_CASE("duties that must be apart are, by whichever way one person comes to both") {
    for (const auto& way : paths_to_both()) {
        for (const auto first : kDuties) {
            for (const auto second : kDuties) {
                CAPTURE(way.name);
                CAPTURE(to_string(first));
                CAPTURE(to_string(second));
                const std::vector<store::TaskRow> tasks{done(first, way.first)};
                std::vector<store::ActRow> acts;
                if (way.first_for) acts.push_back(in_place_of(*way.first_for));
                const auto reason = refusal(way.second, second, tasks, acts);
                CHECK(reason == (are_apart(first, second) ? "authz.excluded_by_past_duty" : ""));
            }
        }
    }
}

TEST_CASE("people who have nothing to do with one another do one duty each") {
    const auto one = Office::officer(authz::Role::reviewer, 1);
    const auto other = Office::officer(authz::Role::reviewer, 2);
    for (const auto first : kDuties) {
        for (const auto second : kDuties) CHECK(refusal(other, second, {done(first, one)}, {}) == "");
    }
}

TEST_CASE("nobody handles the case that he, his company or one it came from applied for, nor does his deputy") {
    const auto officer = Office::officer(authz::Role::deciding_leader, 1);
    auto of_company = officer;
    of_company.actor.credit_code = kCompany;
    auto of_successor = officer;
    of_successor.actor.credit_code = "91330105MA0DEM021F";
    of_successor.actor.predecessor_codes = {kCompany};
    auto applied = officer;
    applied.actor.account_id.text = kApplicant;
    const auto deputy = Office::officer(authz::Role::deciding_leader, 2);
    for (const auto& who :
         {of_company, of_successor, applied, deputy_of(deputy, of_company), deputy_of(deputy, of_successor),
          deputy_of(deputy, applied), deputy_of(of_company, deputy), deputy_of(applied, deputy)}) {
        for (const auto duty : kDuties) {
            CHECK(refusal(who, duty, {}, {}) == (duty == Duty::correct ? "" : "authz.excluded_own_case"));
        }
    }
    // By another account of his, whichever of the two acts.
    const IsAnother is_officers = [&](const auto& id) { return id == officer.actor.account_id; };
    for (const auto& who : {officer, deputy_of(deputy, officer), deputy_of(officer, deputy)}) {
        for (const auto duty : kDuties) {
            const auto reason = refusal(who, duty, {}, {}, "", is_officers);
            CHECK(reason == (duty == Duty::correct ? "" : "authz.excluded_own_case"));
        }
    }
    CHECK(refusal(deputy, Duty::decide, {}, {}, "", is_officers) == "");
    // An individual's case has no company: it is his by the account alone.
    CHECK(refusal(of_company, Duty::decide, {}, {}, "") == "");
    CHECK(refusal(applied, Duty::decide, {}, {}, "") == "authz.excluded_own_case");
}

}  // namespace kaigong::approval
