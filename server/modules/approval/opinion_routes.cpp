// Endpoints of canned opinions: each reads, calls, replies.
#include "modules/approval/access.hpp"
#include "modules/approval/opinions.hpp"
#include "modules/approval/task_routes.hpp"

namespace kaigong::approval {
namespace {

using http::Method;
using http::Request;

Result<std::string> id_in(const Request& request, std::string_view name) {
    KAIGONG_TRY(id, http::path_id<TaskId>(request, name, "approval.not_found"));
    return id.text;
}

Result<std::string> read_text(const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    auto text = reader.text("text", {.length_max = kOwnOpinionLength, .lines = true});
    KAIGONG_CHECK(reader.finish());
    return text;
}

Result<http::Reply> versioned(Result<boost::json::object> opinion, int status = 200) {
    if (!opinion) return opinion.error();
    const auto version = opinion->at("version").as_int64();
    return http::json_reply(std::move(*opinion), status).with_version(version);
}

}  // namespace

std::vector<http::Endpoint> Opinions::routes() {
    const std::string one = "/api/v1/opinions/{opinion_id}";
    return {
        {.method = Method::get,
         .path = "/api/v1/tasks/{task_id}/opinions",
         .action = std::string(kWork),
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request, "task_id"));
             KAIGONG_TRY(found, for_task(request.actor(), id));
             return http::json_reply(std::move(found));
         }},
        {.method = Method::post,
         .path = "/api/v1/opinions",
         .action = std::string(kWork),
         .needs = {.idempotency_key = true},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(text, read_text(request));
             return versioned(keep(request.actor(), text, retryable(request)), 201);
         }},
        {.method = Method::put,
         .path = one,
         .action = std::string(kWork),
         .needs = {.if_match = true},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request, "opinion_id"));
             KAIGONG_TRY(text, read_text(request));
             return versioned(change(request.actor(), id, request.if_match, text));
         }},
        {.method = Method::del,
         .path = one,
         .action = std::string(kWork),
         .needs = {.if_match = true},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request, "opinion_id"));
             KAIGONG_CHECK(forget(request.actor(), id, request.if_match));
             return http::no_content();
         }},
        {.method = Method::post,
         .path = one + "/use",
         .action = std::string(kWork),
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request, "opinion_id"));
             return versioned(use(request.actor(), id));
         }},
    };
}

}  // namespace kaigong::approval
