#include "modules/approval/paper_routes.hpp"

#include "modules/approval/task_routes.hpp"

namespace kaigong::approval {
namespace {

using http::Endpoint;
using http::Method;
using http::Request;

/// The last second of the year 9999.
constexpr std::int64_t kInstantMaxMs = 253'402'300'799'000;

Result<http::Reply> task_reply(boost::json::object task) {
    const auto version = task.at("version").as_int64();
    return http::json_reply(std::move(task)).with_version(version);
}

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
    return task_reply(std::move(task));
}

constexpr TextRule kProposal{.length_max = 36};

Result<http::Reply> answer_confirmation(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(asked, task_request(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto proposal = reader.text("proposal_id", kProposal);
    KAIGONG_CHECK(reader.finish());
    KAIGONG_TRY(task, service.confirm_paper_act(request.actor(), asked, proposal));
    return task_reply(std::move(task));
}

Result<http::Reply> answer_denial(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(asked, task_request(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto proposal = reader.text("proposal_id", kProposal);
    const auto reason = reader.text("reason", {.length_max = 500, .lines = true});
    KAIGONG_CHECK(reader.finish());
    KAIGONG_TRY(task, service.deny_paper_act(request.actor(), asked, proposal, reason));
    return task_reply(std::move(task));
}

Result<http::Reply> answer_taking_back(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(asked, task_request(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto proposal = reader.text("proposal_id", kProposal);
    KAIGONG_CHECK(reader.finish());
    KAIGONG_TRY(task, service.withdraw_paper_act(request.actor(), asked, proposal));
    return task_reply(std::move(task));
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
    using Answer = Result<http::Reply> (*)(ApprovalService&, const Request&);
    const auto post = [&service](const char* end, bool sees_version, Answer answer) {
        return Endpoint{.method = Method::post,
                        .path = std::string("/api/v1/tasks/{task_id}/paper-act") + end,
                        .action = std::string(kEnterPaperAct),
                        .needs = {.idempotency_key = true, .if_match = sees_version},
                        .handler = [&service, answer](const Request& request) { return answer(service, request); }};
    };
    return {
        {.method = Method::get,
         .path = "/api/v1/paper-acts",
         .action = std::string(kEnterPaperAct),
         .handler = [&service](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(found, service.paper_acts(request.actor()));
             return http::json_reply(std::move(found));
         }},
        {.method = Method::get,
         .path = "/api/v1/tasks/{task_id}/paper-act/candidates",
         .action = std::string(kEnterPaperAct),
         .query = {"query", "outcome"},
         .handler = [&service](const Request& request) { return candidates(service, request); }},
        post("", true, enter),
        post("/confirmation", true, answer_confirmation),
        // A page that has grown old must not keep him from saying no.
        post("/denial", false, answer_denial),
        post("/withdrawal", false, answer_taking_back),
    };
}

}  // namespace kaigong::approval
