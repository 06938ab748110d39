// Commands of the supervisor's side, each once for each request, and the pages of the self-check.
#include <algorithm>

#include "db/idempotency.hpp"
#include "modules/approval/list_scopes.hpp"
#include "modules/approval/oversight_access.hpp"
#include "modules/approval/oversight_service.hpp"
#include "modules/approval/oversight_view.hpp"

namespace kaigong::approval {
namespace {

constexpr int kChecksShown = 30;
constexpr std::int64_t kEver = 8'640'000'000'000'000;

Error task_not_found() {
    return error(Errc::not_found, "approval.not_found", "没有找到这个任务，请从列表重新进入。");
}

/// What is counted for somebody is what he may see of it, so that no number tells of a case that he may not know. How
/// many cases were looked at is of the whole installation, as the progress of the run, and says nothing of any.
std::int64_t found_for(db::Session& session, const authz::BoundScope& scope, const store::CheckRow& check) {
    return check.found == 0 ? 0 : store::count_findings(session, scope, check.check_id);
}

}  // namespace

Result<void> OversightService::once(const authz::Actor& actor, const Retryable& request,
                                    const std::function<Result<void>(db::Session&)>& body) {
    const db::IdempotentRequest once{actor.account_id.text, request.route, request.key, request.body_hash,
                                     parts_.clock.now_ms()};
    const auto done = parts_.database.transact([&](db::Session& session) {
        return db::once(session, once, [&]() -> Result<std::string> {
            KAIGONG_CHECK(body(session));
            return std::string("{}");
        });
    });
    return done ? Result<void>() : Result<void>(done.error());
}

Result<boost::json::object> OversightService::act_on(const authz::Actor& actor, const TaskRequest& request,
                                                     const TaskAct& body) {
    KAIGONG_TRY(task,
                parts_.database.read([&](db::Session& session) { return store::find_task(session, request.task_id); }));
    if (!task) return task_not_found();
    KAIGONG_CHECK(officer_may_read(actor, task->application_id));
    const operations::Officer officer{actor, parts_.identity.name_of(actor.account_id)};
    const operations::OnTask on{task->application_id, request.task_id, request.version, parts_.clock.now_ms()};
    KAIGONG_CHECK(once(actor, *request.retryable, [&](db::Session& session) { return body(session, officer, on); }));
    return orders_of_case(actor, task->application_id);
}

Result<boost::json::object> OversightService::issue_order(const authz::Actor& actor, const TaskRequest& request,
                                                          const operations::Demand& demand) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kExpedite));
    return act_on(actor, request, [&](db::Session& session, const auto& officer, const auto& on) {
        return operations::issue_expedite_order(session, surroundings_, parts_.permissions, officer, on, demand);
    });
}

Result<boost::json::object> OversightService::answer_order(const authz::Actor& actor, const TaskRequest& request,
                                                           const std::string& answer) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kWork));
    return act_on(actor, request, [&](db::Session& session, const auto& officer, const auto& on) {
        return operations::answer_expedite_order(session, surroundings_, parts_.permissions, officer, on, answer);
    });
}

Result<boost::json::object> OversightService::self_checks(const authz::Actor& actor) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kSelfCheck));
    const auto scope = approval::scope_of(parts_.permissions, actor, kSelfCheck, kScopeOfFindings);
    KAIGONG_TRY(checks, parts_.database.read([&](db::Session& session) {
        auto rows = store::checks_before(session, kEver, kChecksShown);
        for (auto& check : rows) check.found = found_for(session, scope, check);
        return rows;
    }));
    boost::json::array list;
    for (const auto& check : checks) list.push_back(check_json(check));
    return boost::json::object{{"checks", std::move(list)}};
}

Result<boost::json::object> OversightService::findings(const authz::Actor& actor, const std::string& check_id,
                                                       const std::string& cursor, int limit) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kSelfCheck));
    const auto scope = approval::scope_of(parts_.permissions, actor, kSelfCheck, kScopeOfFindings);
    KAIGONG_TRY(check, parts_.database.read([&](db::Session& session) {
        auto row = store::find_check(session, check_id);
        if (row) row->found = found_for(session, scope, *row);
        return row;
    }));
    if (!check) return error(Errc::not_found, "approval.not_found", "没有找到这次自查，请从列表重新进入。");
    KAIGONG_TRY(found, parts_.database.read([&](db::Session& session) {
        return store::findings_after(session, scope, check_id, cursor, limit + 1);
    }));
    std::optional<std::string> next;
    if (found.size() > static_cast<std::size_t>(limit)) {
        found.resize(static_cast<std::size_t>(limit));
        next = found.back().finding_id;
    }
    boost::json::array list;
    for (const auto& finding : found) list.push_back(finding_json(finding));
    return boost::json::object{
        {"check", check_json(*check)}, {"findings", std::move(list)}, {"next_cursor", cursor_json(next)}};
}

Result<boost::json::object> OversightService::begin_self_check(const authz::Actor& actor, const Retryable& request) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kSelfCheck));
    const auto name = parts_.identity.name_of(actor.account_id);
    const auto now_ms = parts_.clock.now_ms();
    KAIGONG_CHECK(once(actor, request, [&](db::Session& session) -> Result<void> {
        const auto begun = self_check_.begin(session, name, now_ms);
        if (!begun) return begun.error();
        surroundings_.audit.write(session, {"self_check", *begun, 1, "approval.begin_self_check", actor.account_id.text,
                                            name, "发起自查", now_ms});
        return {};
    }));
    if (parts_.nudge_timers) parts_.nudge_timers();
    return self_checks(actor);
}

}  // namespace kaigong::approval
