// Endpoints of rule packages: each reads, calls, replies.
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "modules/catalog/rule_errors.hpp"
#include "modules/catalog/rule_service.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::object;
using http::Method;
using http::Request;

struct PreviewIdTag;
using PreviewId = Id<PreviewIdTag>;

constexpr std::uint64_t kDraftBytesMax = 4ULL * 1024 * 1024;
constexpr JsonLimits kDraftLimits{.bytes_max = kDraftBytesMax, .depth_max = 40, .values_max = 500'000};
constexpr TextRule kReason{.length_max = 500, .lines = true};
constexpr TextRule kNote{.length_min = 0, .length_max = 2'000, .lines = true};

const std::string& code_in(const Request& request) {
    return request.path_parameter("matter_code");
}

/// `act` is the end of the route, with the ids that are in the path.
Retryable retryable(const Request& request, const std::string& act) {
    return {request.idempotency_key, "POST /rule-packages/" + code_in(request) + act,
            crypto::to_hex(crypto::sha256(crypto::view(request.body)))};
}

Result<std::string> preview_in(const Request& request) {
    KAIGONG_TRY(id, http::path_id<PreviewId>(request, "preview_id", preview_unknown().reason));
    return id.text;
}

Result<http::Reply> replied(Result<object> outcome, int status = 200) {
    if (!outcome) return outcome.error();
    return http::json_reply(std::move(*outcome), status);
}

Result<http::Reply> versioned(Result<object> draft, int status = 200) {
    if (!draft) return draft.error();
    const auto version = draft->at("version").as_int64();
    return http::json_reply(std::move(*draft), status).with_version(version);
}

Result<http::Reply> answer_begin(RuleService& service, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto from = reader.optional_text("from_version", {.length_max = 160});
    KAIGONG_CHECK(reader.finish());
    return versioned(service.begin(request.actor(), code_in(request), from, retryable(request, "/draft")), 201);
}

Result<http::Reply> answer_save(RuleService& service, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request, kDraftLimits));
    JsonReader reader(body);
    TypedDraft typed;
    typed.rules = reader.text("dmn", {.length_max = kDraftBytesMax, .lines = true});
    typed.examples = reader.list<RuleExample>("tests", {.count_max = kExamplesMax}, read_example);
    typed.note = reader.text("note", kNote);
    KAIGONG_CHECK(reader.finish());
    return versioned(service.save(request.actor(), code_in(request), request.if_match, typed));
}

Result<http::Reply> answer_submit(RuleService& service, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    Submission submission;
    submission.effective_from_on = to_string(reader.date("effective_from_on"));
    submission.note = reader.text("note", kNote);
    KAIGONG_CHECK(reader.finish());
    return versioned(service.submit(request.actor(), code_in(request), request.if_match, submission,
                                    retryable(request, "/draft/submission")));
}

Result<std::string> reason_in(const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    auto reason = reader.text("reason", kReason);
    KAIGONG_CHECK(reader.finish());
    return reason;
}

Result<http::Reply> answer_publish(RuleService& service, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    KAIGONG_CHECK(reader.finish());
    return replied(
        service.publish(request.actor(), code_in(request), request.if_match, retryable(request, "/draft/publication")));
}

Result<http::Reply> answer_withdraw(RuleService& service, const Request& request) {
    KAIGONG_TRY(reason, reason_in(request));
    const auto& version = request.path_parameter("catalog_version");
    return replied(service.withdraw(request.actor(), code_in(request), version, reason,
                                    retryable(request, "/versions/" + version + "/withdrawal")));
}

Result<http::Reply> answer_changes(RuleService& service, const Request& request) {
    KAIGONG_TRY(page, http::page_of(request));
    const auto rule = std::string(request.query_parameter("rule").value_or(""));
    if (rule.size() > 100) return invalid_field("rule", "catalog.rule_too_long", "规则编号太长，请从列表中选择。");
    KAIGONG_TRY(id, preview_in(request));
    return replied(
        service.changes(request.actor(), code_in(request), id, {page.cursor, static_cast<int>(page.limit), rule}));
}

}  // namespace

std::vector<http::Endpoint> RuleService::routes() {
    const std::string all = "/api/v1/rule-packages";
    const std::string one = all + "/{matter_code}";
    std::vector<http::Endpoint> endpoints{
        {.method = Method::get,
         .path = all,
         .action = "rules.read",
         .handler = [this](const Request& request) { return replied(list(request.actor())); }},
        {.method = Method::get,
         .path = one,
         .action = "rules.read",
         .handler = [this](const Request& request) { return replied(show(request.actor(), code_in(request))); }},
        {.method = Method::get,
         .path = one + "/versions/{catalog_version}",
         .action = "rules.read",
         .handler =
             [this](const Request& request) {
                 return replied(
                     show_version(request.actor(), code_in(request), request.path_parameter("catalog_version")));
             }},
        {.method = Method::post,
         .path = one + "/versions/{catalog_version}/withdrawal",
         .action = "rules.publish",
         .needs = {.idempotency_key = true},
         .handler = [this](const Request& request) { return answer_withdraw(*this, request); }},
        {.method = Method::get,
         .path = one + "/previews/{preview_id}",
         .action = "rules.read",
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, preview_in(request));
             return replied(preview(request.actor(), code_in(request), id));
         }},
        {.method = Method::get,
         .path = one + "/previews/{preview_id}/changes",
         .action = "rules.read",
         .query = {"cursor", "limit", "rule"},
         .handler = [this](const Request& request) { return answer_changes(*this, request); }},
    };
    for (auto& endpoint : draft_routes(one + "/draft")) endpoints.push_back(std::move(endpoint));
    return endpoints;
}

std::vector<http::Endpoint> RuleService::draft_routes(const std::string& draft_path) {
    return {
        {.method = Method::get,
         .path = draft_path,
         .action = "rules.read",
         .handler = [this](const Request& request) { return versioned(draft(request.actor(), code_in(request))); }},
        {.method = Method::post,
         .path = draft_path,
         .action = "rules.edit",
         .needs = {.idempotency_key = true},
         .handler = [this](const Request& request) { return answer_begin(*this, request); }},
        {.method = Method::put,
         .path = draft_path,
         .action = "rules.edit",
         .pool = http::Pool::slow,
         .body_bytes_max = kDraftBytesMax,
         .needs = {.if_match = true},
         .handler = [this](const Request& request) { return answer_save(*this, request); }},
        {.method = Method::post,
         .path = draft_path + "/discarding",
         .action = "rules.edit",
         .needs = {.idempotency_key = true, .if_match = true},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_CHECK(
                 discard(request.actor(), code_in(request), request.if_match, retryable(request, "/draft/discarding")));
             return http::no_content();
         }},
        {.method = Method::get,
         .path = draft_path + "/check",
         .action = "rules.read",
         .pool = http::Pool::slow,
         .handler = [this](const Request& request) { return replied(check(request.actor(), code_in(request))); }},
        {.method = Method::post,
         .path = draft_path + "/previews",
         .action = "rules.edit",
         .needs = {.idempotency_key = true},
         .handler =
             [this](const Request& request) {
                 return replied(start_preview(request.actor(), code_in(request), retryable(request, "/draft/previews")),
                                202);
             }},
        {.method = Method::post,
         .path = draft_path + "/submission",
         .action = "rules.edit",
         .pool = http::Pool::slow,
         .needs = {.idempotency_key = true, .if_match = true},
         .handler = [this](const Request& request) { return answer_submit(*this, request); }},
        {.method = Method::post,
         .path = draft_path + "/return",
         .action = "rules.edit",
         .needs = {.idempotency_key = true, .if_match = true},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(reason, reason_in(request));
             return versioned(give_back(request.actor(), code_in(request), request.if_match, reason,
                                        retryable(request, "/draft/return")));
         }},
        {.method = Method::post,
         .path = draft_path + "/publication",
         .action = "rules.publish",
         .pool = http::Pool::slow,
         .needs = {.idempotency_key = true, .if_match = true},
         .handler = [this](const Request& request) { return answer_publish(*this, request); }},
    };
}

}  // namespace kaigong::catalog
