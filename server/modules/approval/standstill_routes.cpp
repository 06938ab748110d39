#include "modules/approval/standstill_routes.hpp"

#include "modules/approval/access.hpp"
#include "modules/approval/standstill.hpp"

namespace kaigong::approval {

Result<boost::json::object> ApprovalService::standstill(const authz::Actor& actor, const std::string& application_id) {
    // Who holds it and what others think of it is between officers (as tasks_of).
    if (actor.kind == authz::AccountKind::owner_agent) {
        return error(Errc::not_found, "approval.not_found", "没有找到这件申请，请从列表重新进入。");
    }
    KAIGONG_TRY(snapshot, snapshot_for(actor, application_id));
    KAIGONG_TRY(matter, matter_of(snapshot.procedure));
    KAIGONG_TRY(failing, parts_.database.read([&](db::Session& session) {
        return events::failing_deliveries(session, parts_.outbox, "application", application_id);
    }));
    const auto calendar = parts_.catalog.calendar();
    const operations::Officer officer{actor, ""};
    const auto absent = deputies_.absent_for(actor);
    return standstill_json(snapshot, {*matter, calendar->days_in(snapshot.procedure.region_code), parts_.permissions,
                                      officer, absent, failing, Reader{false, false}, parts_.clock.now_ms()});
}

std::vector<http::Endpoint> standstill_routes(ApprovalService& service) {
    return {{.method = http::Method::get,
             .path = "/api/v1/applications/{application_id}/standstill",
             .action = "approval.read",
             .handler = [&service](const http::Request& request) -> Result<http::Reply> {
                 KAIGONG_TRY(id, http::path_id<TaskId>(request, "application_id", "approval.not_found"));
                 KAIGONG_TRY(found, service.standstill(request.actor(), id.text));
                 return http::json_reply(std::move(found));
             }}};
}

}  // namespace kaigong::approval
