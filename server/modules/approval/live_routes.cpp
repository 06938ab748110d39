#include "modules/approval/live_routes.hpp"

#include <algorithm>
#include <iterator>

#include "http/event_stream.hpp"

namespace kaigong::approval {
namespace {

Error another_person() {
    return error(Errc::forbidden, "approval.not_found", "登录的人已经换了。");
}

}  // namespace

Result<http::SharedEvents> ApprovalService::listen(const authz::Actor& actor, const std::string& application_id,
                                                   std::string_view last_event_id) {
    const auto may_listen = [this, application_id](const authz::Actor& who) -> Result<void> {
        // Who did what is between officers (as tasks_of).
        if (who.kind == authz::AccountKind::owner_agent) {
            return error(Errc::not_found, "approval.not_found", "没有找到这件申请，请从列表重新进入。");
        }
        return may_read(who, application_id);
    };
    KAIGONG_CHECK(may_listen(actor));
    return live_.open(actor.account_id.text, application_id, last_event_id,
                      [may_listen, account_id = actor.account_id](const http::Session& session) -> Result<void> {
                          if (session.actor.account_id != account_id) return another_person();
                          return may_listen(session.actor);
                      });
}

ListsOf ApprovalService::lists_of(const authz::Actor& actor, bool all) const {
    ListsOf lists{{actor.account_id.text}, regions_of(actor), groups_of(actor), all, actor.matters, actor.clearance};
    if (all) std::ranges::copy(groups_of_view(actor, InboxView::all), std::back_inserter(lists.groups));
    for (const auto& absent : deputies_.absent_for(actor)) {
        lists.accounts.push_back(absent.actor.account_id.text);
        std::ranges::copy(groups_of(absent.actor), std::back_inserter(lists.groups));
        // Whose kinds are not limited lends all of his.
        if (absent.actor.matters.empty()) lists.matters.clear();
        if (!lists.matters.empty()) std::ranges::copy(absent.actor.matters, std::back_inserter(lists.matters));
    }
    return lists;
}

Result<http::SharedEvents> ApprovalService::listen_to_inbox(const authz::Actor& actor, InboxView view,
                                                            std::string_view last_event_id) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kWork));
    return live_inbox_.open(actor, view == InboxView::all, last_event_id,
                            [this, account_id = actor.account_id](const http::Session& session) -> Result<void> {
                                if (session.actor.account_id != account_id) return another_person();
                                return parts_.permissions.require(session.actor, kWork);
                            });
}

std::vector<http::Endpoint> live_routes(ApprovalService& service) {
    return {{.method = http::Method::get,
             .path = "/api/v1/applications/{application_id}/live",
             .action = "approval.read",
             .background = true,
             .handler = [&service](const http::Request& request) -> Result<http::Reply> {
                 KAIGONG_TRY(id, http::path_id<TaskId>(request, "application_id", "approval.not_found"));
                 const auto last = request.header("last-event-id").value_or("");
                 KAIGONG_TRY(stream, service.listen(request.actor(), id.text, last));
                 return http::event_stream_reply(std::move(stream));
             }}};
}

}  // namespace kaigong::approval
