// Endpoints of copies: each reads, calls, replies.
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/copies.hpp"

namespace kaigong::approval {
namespace {

using http::Method;
using http::Request;

constexpr TextRule kNote{.length_min = 0, .length_max = 500, .lines = true};
constexpr TextRule kAccount{.length_max = 36};

Result<std::string> id_in(const Request& request, std::string_view name) {
    KAIGONG_TRY(id, http::path_id<TaskId>(request, name, "approval.not_found"));
    return id.text;
}

Result<http::Reply> answer_giving(Copies& copies, const Request& request) {
    KAIGONG_TRY(application_id, id_in(request, "application_id"));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto to = reader.texts("to", {.count_max = operations::kCopiesAtOnce}, kAccount);
    const auto note = reader.optional_text("note", kNote).value_or("");
    KAIGONG_CHECK(reader.finish());
    KAIGONG_TRY(given, copies.give(request.actor(), application_id, to, note,
                                   {request.idempotency_key, "POST " + request.target,
                                    crypto::to_hex(crypto::sha256(crypto::view(request.body)))}));
    return http::json_reply(std::move(given), 201);
}

Result<http::Reply> list_candidates(const Copies& copies, const Request& request) {
    KAIGONG_TRY(application_id, id_in(request, "application_id"));
    const std::string text(request.query_parameter("query").value_or(""));
    if (text.size() > 200) {
        return invalid_field("query", "approval.query_too_long", "查找内容太长，请缩短到 60 个字以内。");
    }
    const std::string region(request.query_parameter("region").value_or(""));
    KAIGONG_TRY(found, copies.candidates(request.actor(), application_id, region, text));
    return http::json_reply(std::move(found));
}

}  // namespace

std::vector<http::Endpoint> Copies::routes() {
    const std::string of_case_path = "/api/v1/applications/{application_id}/copies";
    return {
        {.method = Method::get,
         .path = of_case_path,
         .action = "approval.read",
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request, "application_id"));
             KAIGONG_TRY(found, of_case(request.actor(), id));
             return http::json_reply(std::move(found));
         }},
        {.method = Method::post,
         .path = of_case_path,
         .action = std::string(kCopy),
         .needs = {.idempotency_key = true},
         .handler = [this](const Request& request) { return answer_giving(*this, request); }},
        {.method = Method::get,
         .path = of_case_path + "/candidates",
         .action = std::string(kCopy),
         .query = {"region", "query"},
         .handler = [this](const Request& request) { return list_candidates(*this, request); }},
        {.method = Method::get,
         .path = "/api/v1/copies",
         .action = std::string(kReceiveCopies),
         .query = {"cursor", "limit"},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(page, http::page_of(request));
             KAIGONG_TRY(found, list(request.actor(), page.cursor, static_cast<int>(page.limit)));
             return http::json_reply(std::move(found));
         }},
        {.method = Method::post,
         .path = "/api/v1/copies/{copy_id}/receipt",
         .action = std::string(kReceiveCopies),
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request, "copy_id"));
             KAIGONG_TRY(copy, read(request.actor(), id));
             return http::json_reply(std::move(copy));
         }},
    };
}

}  // namespace kaigong::approval
