#include <algorithm>
#include <array>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/episode_routes.hpp"
#include "modules/approval/live_routes.hpp"
#include "modules/approval/paper_routes.hpp"
#include "modules/approval/round_effect_routes.hpp"
#include "modules/approval/section_routes.hpp"
#include "modules/approval/service.hpp"
#include "modules/approval/standstill_routes.hpp"
#include "modules/approval/task_routes.hpp"

namespace kaigong::approval {
namespace {

using http::Endpoint;
using http::Method;
using http::Request;

constexpr std::array kViews{
    JsonName<InboxView>{"todo", InboxView::todo},
    JsonName<InboxView>{"mine", InboxView::mine},
    JsonName<InboxView>{"done", InboxView::done},
    JsonName<InboxView>{"all", InboxView::all},
};

Result<std::string> id_in(const Request& request, std::string_view name) {
    KAIGONG_TRY(id, http::path_id<TaskId>(request, name, kNotFound));
    return id.text;
}

Result<InboxView> view_in(const Request& request) {
    const auto view = request.query_parameter("view").value_or("todo");
    const auto found = std::ranges::find(kViews, view, &JsonName<InboxView>::name);
    if (found != kViews.end()) return found->value;
    return invalid_field("view", "approval.view_unknown", "视图只能是 todo、mine、done 或 all。");
}

Result<http::Reply> listen_to_inbox(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(view, view_in(request));
    const auto last = request.header("last-event-id").value_or("");
    KAIGONG_TRY(stream, service.listen_to_inbox(request.actor(), view, last));
    return http::event_stream_reply(std::move(stream));
}

Result<http::Reply> list_inbox(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(page, http::page_of(request));
    InboxQuery query;
    KAIGONG_TRY(view, view_in(request));
    query.view = view;
    query.text = std::string(request.query_parameter("query").value_or(""));
    if (query.text.size() > 200) {
        return invalid_field("query", "approval.query_too_long", "查找内容太长，请缩短到 60 个字以内。");
    }
    query.cursor = page.cursor;
    query.limit = static_cast<int>(page.limit);
    KAIGONG_TRY(inbox, service.inbox(request.actor(), std::move(query)));
    return http::json_reply(std::move(inbox));
}

Result<http::Reply> answer_resolution(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(application_id, id_in(request, "application_id"));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    operations::Repair repair{request.path_parameter("incident"), {}, {}};
    repair.variables = reader.raw_object("variables");
    repair.reason = reader.text("reason", {.length_max = 500, .lines = true});
    KAIGONG_CHECK(reader.finish());
    KAIGONG_TRY(progress, service.resolve(request.actor(), application_id, repair,
                                          {request.idempotency_key,
                                           "POST /applications/" + application_id + "/incidents/" + repair.incident,
                                           crypto::to_hex(crypto::sha256(crypto::view(request.body)))}));
    return http::json_reply(std::move(progress));
}

}  // namespace

std::vector<Endpoint> ApprovalService::routes() {
    const auto one = [](const Request& request, std::string_view name, auto call) -> Result<http::Reply> {
        KAIGONG_TRY(id, id_in(request, name));
        KAIGONG_TRY(found, call(id));
        return http::json_reply(std::move(found));
    };
    auto endpoints = task_routes(*this);
    std::vector<Endpoint> others{
        {.method = Method::get,
         .path = "/api/v1/inbox",
         .action = std::string(kWork),
         .query = {"view", "query", "cursor", "limit"},
         .handler = [this](const Request& request) { return list_inbox(*this, request); }},
        {.method = Method::get,
         .path = "/api/v1/inbox/live",
         .action = std::string(kWork),
         .query = {"view"},
         .background = true,
         .handler = [this](const Request& request) { return approval::listen_to_inbox(*this, request); }},
        {.method = Method::get,
         .path = "/api/v1/applications/{application_id}/progress",
         .action = "approval.read",
         .handler =
             [this, one](const Request& request) {
                 return one(request, "application_id", [&](const auto& id) { return progress(request.actor(), id); });
             }},
        {.method = Method::get,
         .path = "/api/v1/applications/{application_id}/process",
         .action = "approval.read",
         .handler =
             [this, one](const Request& request) {
                 return one(request, "application_id", [&](const auto& id) { return process(request.actor(), id); });
             }},
        {.method = Method::get,
         .path = "/api/v1/applications/{application_id}/tasks",
         .action = "approval.read",
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request, "application_id"));
             KAIGONG_TRY(tasks, tasks_of(request.actor(), id));
             return http::json_reply(boost::json::object{{"tasks", std::move(tasks)}});
         }},
        {.method = Method::post,
         .path = "/api/v1/applications/{application_id}/incidents/{incident}/resolution",
         .action = std::string(kRepair),
         .needs = {.idempotency_key = true},
         .handler = [this](const Request& request) { return answer_resolution(*this, request); }},
    };
    std::ranges::move(others, std::back_inserter(endpoints));
    std::ranges::move(deputies_.routes(), std::back_inserter(endpoints));
    std::ranges::move(copies_.routes(), std::back_inserter(endpoints));
    std::ranges::move(episode_routes(*this), std::back_inserter(endpoints));
    std::ranges::move(live_routes(*this), std::back_inserter(endpoints));
    std::ranges::move(standstill_routes(*this), std::back_inserter(endpoints));
    std::ranges::move(round_effect_routes(*this), std::back_inserter(endpoints));
    std::ranges::move(section_routes(*this), std::back_inserter(endpoints));
    std::ranges::move(opinions_.routes(), std::back_inserter(endpoints));
    std::ranges::move(paper_routes(*this), std::back_inserter(endpoints));
    return endpoints;
}

}  // namespace kaigong::approval
