#include <algorithm>
#include <array>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/service.hpp"

namespace kaigong::approval {
namespace {

using http::Endpoint;
using http::Method;
using http::Request;

constexpr const char* kNotFound = "approval.not_found";

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

Result<http::Reply> versioned(Result<boost::json::object> task) {
    if (!task) return task.error();
    const auto version = task->at("version").as_int64();
    return http::json_reply(std::move(*task)).with_version(version);
}

Result<http::Reply> list_inbox(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(page, http::page_of(request));
    InboxQuery query;
    const auto view = request.query_parameter("view").value_or("todo");
    const auto found = std::ranges::find(kViews, view, &JsonName<InboxView>::name);
    if (found == kViews.end()) {
        return invalid_field("view", "approval.view_unknown", "视图只能是 todo、mine、done 或 all。");
    }
    query.view = found->value;
    query.text = std::string(request.query_parameter("query").value_or(""));
    if (query.text.size() > 200) {
        return invalid_field("query", "approval.query_too_long", "查找内容太长，请缩短到 60 个字以内。");
    }
    query.cursor = page.cursor;
    query.limit = static_cast<int>(page.limit);
    KAIGONG_TRY(inbox, service.inbox(request.actor(), std::move(query)));
    return http::json_reply(std::move(inbox));
}

Result<operations::Completion> read_completion(const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    operations::Completion completion;
    completion.outcome = reader.text("outcome", {.length_max = 60});
    completion.opinion =
        reader.optional_text("opinion", {.length_min = 0, .length_max = 2'000, .lines = true}).value_or("");
    completion.checked = reader.optional_texts("checklist", {.count_max = 50}, {.length_max = 60});
    completion.points = reader.optional_list<operations::NewPoint>("points", {.count_max = 100}, [](JsonReader& item) {
        operations::NewPoint point;
        point.field = item.optional_text("field", {.length_min = 0, .length_max = 200}).value_or("");
        point.material_code = item.optional_text("material_code", {.length_min = 0, .length_max = 20}).value_or("");
        point.what = item.text("what", {.length_max = 1'000, .lines = true});
        point.how_to_mend = item.text("how_to_mend", {.length_max = 1'000, .lines = true});
        point.legal_basis = item.text("legal_basis", {.length_max = 300});
        return point;
    });
    KAIGONG_CHECK(reader.finish());
    return completion;
}

Result<http::Reply> answer_completion(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(task_id, id_in(request, "task_id"));
    KAIGONG_TRY(completion, read_completion(request));
    return versioned(service.complete(request.actor(), task_id, request.if_match, completion,
                                      {request.idempotency_key, "POST /tasks/" + task_id + "/completion",
                                       crypto::to_hex(crypto::sha256(crypto::view(request.body)))}));
}

constexpr std::array kOnward{
    JsonName<bpmn::Onward>{"again", bpmn::Onward::again},
    JsonName<bpmn::Onward>{"straight", bpmn::Onward::straight},
};

Result<http::Reply> answer_return(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(task_id, id_in(request, "task_id"));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    operations::Return sent_back;
    sent_back.target = reader.text("target", {.length_max = 100});
    sent_back.onward = reader.one_of<bpmn::Onward>("onward", kOnward);
    sent_back.reason = reader.text("reason", {.length_max = 2'000, .lines = true});
    KAIGONG_CHECK(reader.finish());
    return versioned(service.send_back(request.actor(), task_id, request.if_match, sent_back,
                                       {request.idempotency_key, "POST /tasks/" + task_id + "/return",
                                        crypto::to_hex(crypto::sha256(crypto::view(request.body)))}));
}

Result<http::Reply> answer_resolution(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(application_id, id_in(request, "application_id"));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    operations::Repair repair{request.path_parameter("incident"), {}};
    repair.variables = reader.raw_object("variables");
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
    return {
        {.method = Method::get,
         .path = "/api/v1/inbox",
         .action = "approval.work",
         .query = {"view", "query", "cursor", "limit"},
         .handler = [this](const Request& request) { return list_inbox(*this, request); }},
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
        {.method = Method::get,
         .path = "/api/v1/tasks/{task_id}",
         .action = "approval.read",
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request, "task_id"));
             return versioned(task(request.actor(), id));
         }},
        {.method = Method::post,
         .path = "/api/v1/tasks/{task_id}/claim",
         .action = "approval.work",
         .needs = {.if_match = true},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request, "task_id"));
             return versioned(claim(request.actor(), id, request.if_match));
         }},
        {.method = Method::post,
         .path = "/api/v1/tasks/{task_id}/release",
         .action = "approval.work",
         .needs = {.if_match = true},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request, "task_id"));
             return versioned(release(request.actor(), id, request.if_match));
         }},
        {.method = Method::post,
         .path = "/api/v1/tasks/{task_id}/completion",
         .action = "approval.work",
         .needs = {.idempotency_key = true, .if_match = true},
         .handler = [this](const Request& request) { return answer_completion(*this, request); }},
        {.method = Method::post,
         .path = "/api/v1/tasks/{task_id}/return",
         .action = "approval.work",
         .needs = {.idempotency_key = true, .if_match = true},
         .handler = [this](const Request& request) { return answer_return(*this, request); }},
        {.method = Method::post,
         .path = "/api/v1/applications/{application_id}/incidents/{incident}/resolution",
         .action = std::string(kRepair),
         .needs = {.idempotency_key = true},
         .handler = [this](const Request& request) { return answer_resolution(*this, request); }},
    };
}

}  // namespace kaigong::approval
