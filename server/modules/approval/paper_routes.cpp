#include "modules/approval/paper_routes.hpp"

#include "modules/approval/task_routes.hpp"

namespace kaigong::approval {
namespace {

using http::Endpoint;
using http::Method;
using http::Request;

/// The last second of the year 9999.
constexpr std::int64_t kInstantMaxMs = 253'402'300'799'000;

Result<http::Reply> enter(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(asked, task_request(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    auto sent = read_completion(reader);
    operations::PaperAct act;
    act.happened_at_ms = reader.integer("happened_at_ms", {.min = 0, .max = kInstantMaxMs});
    const auto done_by = reader.text("done_by", {.length_max = 36});
    act.reference = reader.text("paper_reference", {.length_max = 200});
    KAIGONG_CHECK(reader.finish());
    act.completion = std::move(sent.completion);
    KAIGONG_TRY(task, service.enter_paper_act(request.actor(), asked, std::move(act), done_by, sent.chosen));
    const auto version = task.at("version").as_int64();
    return http::json_reply(std::move(task)).with_version(version);
}

Result<http::Reply> candidates(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(task_id, http::path_id<TaskId>(request, "task_id", "approval.not_found"));
    const std::string text(request.query_parameter("query").value_or(""));
    if (text.size() > 200) {
        return invalid_field("query", "approval.query_too_long", "查找内容太长，请缩短到 60 个字以内。");
    }
    const std::string outcome(request.query_parameter("outcome").value_or(""));
    KAIGONG_TRY(found, outcome.empty() ? service.paper_candidates(request.actor(), task_id.text, text)
                                       : service.choice_candidates(request.actor(), task_id.text, outcome, text));
    return http::json_reply(std::move(found));
}

}  // namespace

std::vector<Endpoint> paper_routes(ApprovalService& service) {
    return {
        {.method = Method::get,
         .path = "/api/v1/tasks/{task_id}/paper-act/candidates",
         .action = std::string(kEnterPaperAct),
         .query = {"query", "outcome"},
         .handler = [&service](const Request& request) { return candidates(service, request); }},
        {.method = Method::post,
         .path = "/api/v1/tasks/{task_id}/paper-act",
         .action = std::string(kEnterPaperAct),
         .needs = {.idempotency_key = true, .if_match = true},
         .handler = [&service](const Request& request) { return enter(service, request); }},
    };
}

}  // namespace kaigong::approval
