#include "modules/approval/self_check.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/civil_date.hpp"
#include "base/id.hpp"
#include "engine/bpmn/bpmn.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/asides.hpp"
#include "modules/approval/commitments.hpp"
#include "modules/approval/episodes.hpp"

namespace kaigong::approval {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kCasesCountedMax = 1'000'000;

store::CheckRow new_check(db::Session& session, const std::string& started_by, std::int64_t now_ms) {
    store::CheckRow row;
    row.check_id = new_uuid(now_ms);
    row.started_by = started_by;
    row.started_at_ms = now_ms;
    row.state = "running";
    row.case_count = store::count_living(session, kCasesCountedMax);
    return row;
}

store::FindingRow finding_about(const store::ProcedureRow& procedure, const char* kind) {
    store::FindingRow row;
    row.finding_id = procedure.application_id;
    row.application_id = procedure.application_id;
    row.application_number = procedure.application_number;
    row.works_name = procedure.works_name;
    row.region_code = procedure.region_code;
    row.kind = kind;
    return row;
}

/// Tokens that stand at a user task for which there is no open row: the case waits for somebody who can't know.
bool lacks_a_task(const bpmn::State& state, const std::vector<store::TaskRow>& tasks) {
    return std::ranges::any_of(bpmn::waiting_for(state).tasks, [&](const auto& waiting) {
        return std::ranges::none_of(
            tasks, [&](const auto& task) { return task.token == waiting.token && task.state == "open"; });
    });
}

/// 告知承诺: granted, and nobody was asked to check what was promised.
bool lacks_a_check(const store::ProcedureRow& procedure, const std::vector<store::TaskRow>& tasks,
                   const std::vector<store::EpisodeRow>& episodes) {
    if (procedure.state != to_string(ApplicationState::granted)) return false;
    return std::ranges::any_of(episodes, [&](const auto& one) {
        return one.kind == kCommitment && is_open(one) && std::ranges::none_of(tasks, [&](const auto& task) {
                   return task.state == "open" && task.element_id == aside_element(kCommitmentCheck, one.episode_no);
               });
    });
}

struct LivingCase {
    store::ProcedureRow procedure;
    std::vector<store::TaskRow> tasks;
    std::vector<store::EpisodeRow> episodes;
};

std::vector<LivingCase> read_page(db::Session& session, const store::CheckRow& running) {
    std::vector<LivingCase> page;
    for (const auto& id : store::living_cases(session, running.after_id, kCasesAPage)) {
        auto procedure = store::find_procedure(session, id);
        if (!procedure) throw std::logic_error("approval: a running case without a procedure");
        page.push_back({std::move(*procedure), store::tasks_of(session, id), store::episodes_of(session, id)});
    }
    return page;
}

struct Looked {
    store::CheckRow after;
    std::vector<store::FindingRow> findings;
};

}  // namespace

Result<std::string> SelfCheck::begin(db::Session& session, const std::string& started_by, std::int64_t now_ms) const {
    if (store::running_check(session)) {
        return error(Errc::conflict, "approval.self_check_runs", "自查正在进行，请等它结束后再看结果。");
    }
    const auto row = new_check(session, started_by, now_ms);
    if (!store::insert_check(session, row)) throw std::logic_error("approval: a new id that is taken");
    return row.check_id;
}

Result<void> SelfCheck::begin_nightly(std::int64_t now_ms) const {
    const auto today = office_date(now_ms);
    if (now_ms < office_midnight_ms(today) + kSelfCheckHour * kHourMs) return {};
    const auto night = to_string(today);
    KAIGONG_TRY(begun,
                parts_.database.read([&](db::Session& session) { return store::has_check_of_night(session, night); }));
    if (begun) return {};
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        auto row = new_check(session, "系统", now_ms);
        row.night = night;
        // Of several processes one begins it.
        static_cast<void>(store::insert_check(session, row));
        return {};
    });
}

bool SelfCheck::may_do(const identity::Account& account, const store::TaskRow& task) const {
    return account.kind == authz::AccountKind::officer &&
           may_work_on(parts_.permissions, identity::actor_of(account), task).has_value();
}

std::optional<store::FindingRow> SelfCheck::finding_of(const store::TaskRow& task, const People& people) const {
    const auto& officers = people.at(task.region_code);
    const auto can = [&](const identity::Account& one) { return may_do(one, task); };
    store::FindingRow row;
    if (task.assignee_id) {
        const auto holder =
            std::ranges::find(officers, *task.assignee_id, [](const auto& one) { return one.account_id.text; });
        if (holder != officers.end() && can(*holder)) return std::nullopt;
        row.kind = "holder_left";
    } else {
        if (std::ranges::any_of(officers, can)) return std::nullopt;
        row.kind = "nobody_in_group";
    }
    row.finding_id = task.task_id;
    row.application_id = task.application_id;
    row.application_number = task.application_number;
    row.works_name = task.works_name;
    row.region_code = task.region_code;
    row.task_id = task.task_id;
    row.task_name = task.name;
    row.department = department_of(task);
    row.role = task.candidate_group.substr(task.candidate_group.find(':') + 1);
    row.holder_name = task.assignee_name;
    return row;
}

std::vector<store::FindingRow> SelfCheck::findings_of(const store::ProcedureRow& procedure,
                                                      const std::vector<store::TaskRow>& tasks,
                                                      const People& people) const {
    std::vector<store::FindingRow> findings;
    const bool ended = has_ended(parse_application_state(procedure.state).value());
    if (!procedure.waits && !ended) {
        findings.push_back(finding_about(procedure, "waits_for_nothing"));
        return findings;
    }
    const auto state = bpmn::state_from_json(boost::json::parse(procedure.instance));
    if (state && lacks_a_task(*state, tasks)) findings.push_back(finding_about(procedure, "task_missing"));
    for (const auto& task : tasks) {
        if (task.state != "open" || task.kind == "correct") continue;
        if (auto found = finding_of(task, people)) findings.push_back(std::move(*found));
    }
    return findings;
}

Result<int> SelfCheck::go_on(std::int64_t now_ms) const {
    KAIGONG_TRY(running, parts_.database.read([](db::Session& session) { return store::running_check(session); }));
    if (!running) {
        // One that somebody began by hand is not overtaken by the night's.
        KAIGONG_CHECK(begin_nightly(now_ms));
        KAIGONG_TRY(begun, parts_.database.read([](db::Session& session) { return store::running_check(session); }));
        if (!begun) return 0;
        running = std::move(begun);
    }
    KAIGONG_TRY(page, parts_.database.read([&](db::Session& session) { return read_page(session, *running); }));
    People people;
    for (const auto& [procedure, tasks, episodes] : page) {
        const auto& region = procedure.region_code;
        if (people.contains(region)) continue;
        KAIGONG_TRY(officers, parts_.identity.find_officers({.region_code = region, .limit = identity::kOfficersMax}));
        people.emplace(region, std::move(officers));
    }
    Looked looked{*running, {}};
    for (const auto& one : page) {
        std::ranges::move(findings_of(one.procedure, one.tasks, people), std::back_inserter(looked.findings));
        if (lacks_a_check(one.procedure, one.tasks, one.episodes)) {
            looked.findings.push_back(finding_about(one.procedure, "task_missing"));
        }
    }
    looked.after.page_no += 1;
    looked.after.looked_at += static_cast<std::int64_t>(page.size());
    looked.after.found += static_cast<std::int64_t>(looked.findings.size());
    if (!page.empty()) looked.after.after_id = page.back().procedure.application_id;
    if (page.size() < static_cast<std::size_t>(kCasesAPage)) {
        looked.after.state = "done";
        looked.after.ended_at_ms = now_ms;
    }
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        if (!store::write_page(session, *running, looked.after)) return {};
        for (auto finding : looked.findings) {
            finding.check_id = running->check_id;
            store::insert_finding(session, finding);
        }
        return {};
    }));
    return static_cast<int>(page.size());
}

}  // namespace kaigong::approval
