#include <algorithm>
#include <charconv>

#include "events/dispatcher.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/operations/episode_access.hpp"
#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval::operations {
namespace {

Error gone() {
    return error(Errc::conflict, "approval.incident_gone", "这个异常已经处理过了。请刷新页面查看最新进展。");
}

std::int64_t key_of(const std::string& incident) {
    std::int64_t key = 0;
    const auto* end = incident.data() + incident.size();
    const auto [stop, fault] = std::from_chars(incident.data(), end, key);
    return fault == std::errc() && stop == end ? key : 0;
}

/// Names alone: a value may be somebody's.
std::string names_of(const boost::json::object& variables) {
    std::string names;
    for (const auto& [name, value] : variables) names += (names.empty() ? "；写入：" : "、") + std::string(name);
    return names;
}

Result<void> retry_step(CaseWork& work, const Repair& repair) {
    const auto key = key_of(repair.incident);
    const auto found = work.state().incidents.find(key);
    const auto element = found == work.state().incidents.end() ? std::string() : found->second.element;
    KAIGONG_CHECK(work.run(bpmn::ResolveIncident{key, repair.variables}));
    work.note("incident_resolved", "异常已处理，重试“" + work.name_of(element) + "”", repair.reason, false);
    work.audit("approval.resolve_incident", "处理异常并重试：" + element + names_of(repair.variables));
    return {};
}

Result<void> retry_delivery(db::Session& session, const Surroundings& surroundings, CaseWork& work,
                            const Repair& repair) {
    const auto colon = repair.incident.find(':');
    const auto subscriber = repair.incident.substr(0, colon);
    const auto event_id = repair.incident.substr(colon + 1);
    const auto failing =
        events::failing_deliveries(session, surroundings.outbox, "application", work.procedure().application_id);
    const bool is_of_case = std::ranges::any_of(failing, [&](const auto& one) {
        return one.parked && one.subscriber == subscriber && one.event_id == event_id;
    });
    if (!is_of_case) return gone();
    // Due at once by every clock: the dispatcher's is the machine's, not the office's.
    KAIGONG_CHECK(events::resume(session, subscriber, event_id, 0));
    work.note("incident_resolved", "异常已处理，系统重新处理停下的后续步骤", repair.reason, false);
    work.audit("approval.resolve_incident", "重试后台处理：" + subscriber);
    return {};
}

}  // namespace

Result<void> resolve_incident(db::Session& session, const Surroundings& surroundings,
                              const authz::Permissions& permissions, const Officer& officer,
                              const std::string& application_id, const Repair& repair, std::int64_t now_ms) {
    KAIGONG_TRY(
        work, open_case(session, surroundings, application_id, {officer.actor.account_id.text, officer.name}, now_ms));
    KAIGONG_CHECK(permissions.authorise(officer.actor, kRepair, resource_of(work.procedure(), work.items())));
    KAIGONG_CHECK(must_say_why(repair.reason, "处理异常"));
    const bool is_delivery = repair.incident.find(':') != std::string::npos;
    KAIGONG_CHECK(is_delivery ? retry_delivery(session, surroundings, work, repair) : retry_step(work, repair));
    return work.save();
}

}  // namespace kaigong::approval::operations
