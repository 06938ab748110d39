#include "modules/approval/task_routes.hpp"

#include <array>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/read_points.hpp"
#include "modules/approval/signers.hpp"

namespace kaigong::approval {
namespace {

using http::Endpoint;
using http::Method;
using http::Request;

constexpr TextRule kReason{.length_max = 2'000, .lines = true};
constexpr TextRule kAccount{.length_max = 36};

Result<std::string> id_in(const Request& request, std::string_view name) {
    KAIGONG_TRY(id, http::path_id<TaskId>(request, name, kNotFound));
    return id.text;
}

Result<http::Reply> versioned(Result<boost::json::object> task) {
    if (!task) return task.error();
    const auto version = task->at("version").as_int64();
    return http::json_reply(std::move(*task)).with_version(version);
}

/// By name as in JSON.
constexpr std::array kOnward{
    JsonName<bpmn::Onward>{"again", bpmn::Onward::again},
    JsonName<bpmn::Onward>{"straight", bpmn::Onward::straight},
};

}  // namespace

SentCompletion read_completion(JsonReader& reader) {
    SentCompletion sent;
    auto& completion = sent.completion;
    completion.outcome = reader.text("outcome", {.length_max = 60});
    completion.opinion =
        reader.optional_text("opinion", {.length_min = 0, .length_max = 2'000, .lines = true}).value_or("");
    completion.checked = reader.optional_texts("checklist", {.count_max = 50}, {.length_max = 60});
    completion.points = read_points(reader);
    completion.omissions =
        reader.optional_list<operations::Omission>("omissions", {.count_max = 20}, [](JsonReader& item) {
            operations::Omission omission;
            omission.material_code = item.text("material_code", {.length_max = 20});
            omission.working_days = static_cast<int>(item.integer("working_days", {.min = 1, .max = 1'000}));
            omission.reason = item.text("reason", {.length_max = 500, .lines = true});
            return omission;
        });
    sent.chosen = reader.optional_text("chosen", kAccount).value_or("");
    return sent;
}

namespace {

Result<http::Reply> answer_completion(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(asked, task_request(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto sent = read_completion(reader);
    KAIGONG_CHECK(reader.finish());
    return versioned(service.complete(request.actor(), asked, sent.completion, sent.chosen));
}

Result<http::Reply> answer_return(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(asked, task_request(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    operations::Return sent_back;
    sent_back.target = reader.text("target", {.length_max = 100});
    sent_back.onward = reader.one_of<bpmn::Onward>("onward", kOnward);
    sent_back.reason = reader.text("reason", kReason);
    KAIGONG_CHECK(reader.finish());
    return versioned(service.send_back(request.actor(), asked, sent_back));
}

using HandOver = Result<boost::json::object> (ApprovalService::*)(const authz::Actor&, const TaskRequest&,
                                                                  const std::string& to, const std::string& why);

Result<http::Reply> answer_hand_over(ApprovalService& service, const Request& request, HandOver hand_over,
                                     std::string_view why) {
    KAIGONG_TRY(asked, task_request(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto to = reader.text("to", kAccount);
    const auto text = reader.text(why, kReason);
    KAIGONG_CHECK(reader.finish());
    return versioned((service.*hand_over)(request.actor(), asked, to, text));
}

/// By name as in JSON.
constexpr std::array kRelations{
    JsonName<std::string_view>{"before", kBefore},
    JsonName<std::string_view>{"after", kAfter},
};

Result<http::Reply> answer_signers(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(asked, task_request(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto relation = reader.one_of<std::string_view>("position", kRelations);
    const auto to = reader.texts("to", {.count_max = kSignersMax}, kAccount);
    const auto question = reader.text("question", kReason);
    KAIGONG_CHECK(reader.finish());
    return versioned(service.add_signers(request.actor(), asked, std::string(relation), to, question));
}

Result<std::string> read_reason(const Request& request, std::string_view name = "reason") {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    auto reason = reader.text(name, kReason);
    KAIGONG_CHECK(reader.finish());
    return reason;
}

Result<http::Reply> answer_removal(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(asked, task_request(request));
    KAIGONG_TRY(signer_task_id, id_in(request, "signer_task_id"));
    KAIGONG_TRY(reason, read_reason(request));
    return versioned(service.remove_signer(request.actor(), asked, signer_task_id, reason));
}

Result<http::Reply> answer_take_back(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(asked, task_request(request));
    KAIGONG_TRY(reason, read_reason(request));
    return versioned(service.take_back(request.actor(), asked, reason));
}

Result<http::Reply> answer_urging(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(asked, task_request(request));
    KAIGONG_TRY(note, read_reason(request, "note"));
    return versioned(service.urge(request.actor(), asked, note));
}

Result<http::Reply> list_candidates(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(task_id, id_in(request, "task_id"));
    const std::string act(request.query_parameter("act").value_or(""));
    const std::string text(request.query_parameter("query").value_or(""));
    if (text.size() > 200) {
        return invalid_field("query", "approval.query_too_long", "查找内容太长，请缩短到 60 个字以内。");
    }
    const std::string outcome(request.query_parameter("outcome").value_or(""));
    KAIGONG_TRY(found, act == "choose" ? service.choice_candidates(request.actor(), task_id, outcome, text)
                                       : service.candidates(request.actor(), task_id, act, text));
    return http::json_reply(std::move(found));
}

/// An act that needs a key, so that repeating it changes nothing, and the version that was seen.
template <class Handle>
Endpoint act(std::string_view path, Handle handle, std::string_view action = kWork) {
    return {.method = Method::post,
            .path = std::string(path),
            .action = std::string(action),
            .needs = {.idempotency_key = true, .if_match = true},
            .handler = handle};
}

template <class Call>
Endpoint claiming(std::string_view path, Call call) {
    return {.method = Method::post,
            .path = std::string(path),
            .action = std::string(kWork),
            .needs = {.if_match = true},
            .handler = [call](const Request& request) -> Result<http::Reply> {
                KAIGONG_TRY(asked, task_request(request));
                return versioned(call(request.actor(), asked));
            }};
}

}  // namespace

Retryable retryable(const http::Request& request) {
    return {request.idempotency_key, "POST " + request.target,
            crypto::to_hex(crypto::sha256(crypto::view(request.body)))};
}

Result<TaskRequest> task_request(const http::Request& request) {
    KAIGONG_TRY(task_id, id_in(request, "task_id"));
    TaskRequest asked{task_id, request.if_match};
    if (!request.idempotency_key.empty()) asked.retryable = retryable(request);
    return asked;
}

std::vector<Endpoint> task_routes(ApprovalService& service) {
    const auto hand_over = [&service](HandOver call, std::string_view why) {
        return [&service, call, why](const Request& request) { return answer_hand_over(service, request, call, why); };
    };
    return {
        {.method = Method::get,
         .path = "/api/v1/tasks/{task_id}",
         .action = "approval.read",
         .handler = [&service](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request, "task_id"));
             return versioned(service.task(request.actor(), id));
         }},
        {.method = Method::get,
         .path = "/api/v1/tasks/{task_id}/candidates",
         .action = std::string(kWork),
         .query = {"act", "query", "outcome"},
         .handler = [&service](const Request& request) { return list_candidates(service, request); }},
        claiming("/api/v1/tasks/{task_id}/claim",
                 [&service](const auto& actor, const auto& asked) { return service.claim(actor, asked); }),
        claiming("/api/v1/tasks/{task_id}/release",
                 [&service](const auto& actor, const auto& asked) { return service.release(actor, asked); }),
        act("/api/v1/tasks/{task_id}/completion",
            [&service](const Request& request) { return answer_completion(service, request); }),
        act("/api/v1/tasks/{task_id}/return",
            [&service](const Request& request) { return answer_return(service, request); }),
        act("/api/v1/tasks/{task_id}/take-back",
            [&service](const Request& request) { return answer_take_back(service, request); }),
        act("/api/v1/tasks/{task_id}/transfer", hand_over(&ApprovalService::transfer, "reason")),
        act("/api/v1/tasks/{task_id}/delegation", hand_over(&ApprovalService::delegate, "question")),
        act(
            "/api/v1/tasks/{task_id}/urging",
            [&service](const Request& request) { return answer_urging(service, request); }, kUrge),
        act("/api/v1/tasks/{task_id}/assignment", hand_over(&ApprovalService::assign, "reason"), kAssign),
        act("/api/v1/tasks/{task_id}/signers",
            [&service](const Request& request) { return answer_signers(service, request); }),
        act("/api/v1/tasks/{task_id}/signers/{signer_task_id}/removal",
            [&service](const Request& request) { return answer_removal(service, request); }),
    };
}

}  // namespace kaigong::approval
