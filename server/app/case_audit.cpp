// The trace of a case (留痕): for the officers who may see the case.
#include "app/bureau.hpp"
#include "http/request.hpp"

namespace kaigong::app {

std::vector<http::Endpoint> Bureau::audit_endpoints() {
    const auto list = [this](const http::Request& request) -> Result<http::Reply> {
        KAIGONG_TRY(id, http::path_id<applications::ApplicationId>(request, "application_id", "approval.not_found"));
        if (request.actor().kind == authz::AccountKind::owner_agent) {
            return error(Errc::not_found, "approval.not_found", "没有找到这件申请，请从列表重新进入。");
        }
        KAIGONG_CHECK(approval_->may_read(request.actor(), id.text));
        KAIGONG_TRY(page, http::page_of(request));
        const auto cursor = page.cursor.empty() ? std::nullopt : std::optional(page.cursor);
        KAIGONG_TRY(found, audit_->entries_of("application", id.text, cursor, static_cast<int>(page.limit)));
        boost::json::array entries;
        for (const auto& entry : found.entries) {
            entries.push_back({{"at_ms", entry.at_ms},
                               {"act", entry.act},
                               {"actor_name", entry.actor_name},
                               {"summary", entry.summary}});
        }
        return http::json_reply(boost::json::object{
            {"entries", std::move(entries)},
            {"next_cursor", found.next_cursor ? boost::json::value(*found.next_cursor) : boost::json::value(nullptr)}});
    };
    return {{.method = http::Method::get,
             .path = "/api/v1/applications/{application_id}/audit",
             .action = "approval.read",
             .query = {"cursor", "limit"},
             .handler = list}};
}

}  // namespace kaigong::app
