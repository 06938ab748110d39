// Endpoints of deputies: each reads, calls, replies.
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/deputies.hpp"
#include "modules/approval/task_routes.hpp"

namespace kaigong::approval {
namespace {

using http::Method;
using http::Request;

constexpr TextRule kDeputyReason{.length_max = 500, .lines = true};

Retryable retryable(const Request& request) {
    return {request.idempotency_key, "POST " + request.target,
            crypto::to_hex(crypto::sha256(crypto::view(request.body)))};
}

Result<http::Reply> versioned(Result<boost::json::object> row, int status = 200) {
    if (!row) return row.error();
    const auto version = row->at("version").as_int64();
    return http::json_reply(std::move(*row), status).with_version(version);
}

Result<http::Reply> answer_naming(Deputies& deputies, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    DeputyWish wish;
    if (const auto absent = reader.optional_id<authz::AccountId>("absent")) wish.absent_id = absent->text;
    wish.deputy_id = reader.id<authz::AccountId>("deputy").text;
    wish.from_on = reader.date("from_on");
    wish.through_on = reader.date("through_on");
    wish.reason = reader.text("reason", kDeputyReason);
    KAIGONG_CHECK(reader.finish());
    return versioned(deputies.name(request.actor(), wish, retryable(request)), 201);
}

Result<http::Reply> answer_ending(Deputies& deputies, const Request& request) {
    KAIGONG_TRY(id, http::path_id<authz::AccountId>(request, "deputyship_id", kNotFound));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto reason = reader.text("reason", kDeputyReason);
    KAIGONG_CHECK(reader.finish());
    return versioned(deputies.end(request.actor(), id.text, request.if_match, reason, retryable(request)));
}

Result<http::Reply> list_candidates(const Deputies& deputies, const Request& request) {
    const auto parameter = [&](std::string_view name) {
        return std::string(request.query_parameter(name).value_or(""));
    };
    const auto text = parameter("query");
    if (text.size() > 200) {
        return invalid_field("query", "approval.query_too_long", "查找内容太长，请缩短到 60 个字以内。");
    }
    KAIGONG_TRY(found, deputies.candidates(request.actor(), parameter("of"), parameter("absent"), text));
    return http::json_reply(std::move(found));
}

}  // namespace

std::vector<http::Endpoint> Deputies::routes() {
    const std::string path = "/api/v1/deputyships";
    return {
        {.method = Method::get,
         .path = path,
         .action = std::string(kNameDeputy),
         .query = {"whose"},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(found, list(request.actor(), std::string(request.query_parameter("whose").value_or("mine"))));
             return http::json_reply(std::move(found));
         }},
        {.method = Method::get,
         .path = path + "/candidates",
         .action = std::string(kNameDeputy),
         .query = {"of", "absent", "query"},
         .handler = [this](const Request& request) { return list_candidates(*this, request); }},
        {.method = Method::post,
         .path = path,
         .action = std::string(kNameDeputy),
         .needs = {.idempotency_key = true},
         .handler = [this](const Request& request) { return answer_naming(*this, request); }},
        {.method = Method::post,
         .path = path + "/{deputyship_id}/ending",
         .action = std::string(kNameDeputy),
         .needs = {.idempotency_key = true, .if_match = true},
         .handler = [this](const Request& request) { return answer_ending(*this, request); }},
    };
}

}  // namespace kaigong::approval
