// Endpoints of rule and process packages: each reads, calls, replies.
#include <fmt/format.h>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "modules/catalog/package_errors.hpp"
#include "modules/catalog/package_service.hpp"

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

const std::string& code_in(const Request& request) {
    return request.path_parameter("matter_code");
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

Result<http::Reply> answer_begin(PackageService& service, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto from = reader.optional_text("from_version", {.length_max = 160});
    KAIGONG_CHECK(reader.finish());
    return versioned(service.begin(request.actor(), code_in(request), from, service.retryable(request, "/draft")), 201);
}

Result<http::Reply> answer_submit(PackageService& service, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    Submission submission;
    submission.effective_from_on = to_string(reader.date("effective_from_on"));
    submission.note = reader.text("note", kVersionNote);
    KAIGONG_CHECK(reader.finish());
    return versioned(service.submit(request.actor(), code_in(request), request.if_match, submission,
                                    service.retryable(request, "/draft/submission")));
}

Result<std::string> reason_in(const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    auto reason = reader.text("reason", kReason);
    KAIGONG_CHECK(reader.finish());
    return reason;
}

Result<http::Reply> answer_publish(PackageService& service, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    KAIGONG_CHECK(reader.finish());
    return replied(service.publish(request.actor(), code_in(request), request.if_match,
                                   service.retryable(request, "/draft/publication")));
}

Result<http::Reply> answer_withdraw(PackageService& service, const Request& request) {
    KAIGONG_TRY(reason, reason_in(request));
    const auto& version = request.path_parameter("catalog_version");
    return replied(service.withdraw(request.actor(), code_in(request), version, reason,
                                    service.retryable(request, "/versions/" + version + "/withdrawal")));
}

Result<http::Reply> answer_changes(PackageService& service, const Request& request) {
    KAIGONG_TRY(page, http::page_of(request));
    const auto* name = service.words().tables.subject;
    const auto subject = std::string(request.query_parameter(name).value_or(""));
    if (subject.size() > 160) {
        return invalid_field(name, fmt::format("catalog.{}_too_long", name), "编号太长，请从列表中选择。");
    }
    KAIGONG_TRY(id, preview_in(request));
    return replied(
        service.changes(request.actor(), code_in(request), id, {page.cursor, static_cast<int>(page.limit), subject}));
}

}  // namespace

/// `act` is the end of the route, with the ids that are in the path.
Retryable PackageService::retryable(const Request& request, const std::string& act) const {
    return {request.idempotency_key, fmt::format("POST /{}/{}{}", words_.path, code_in(request), act),
            crypto::to_hex(crypto::sha256(crypto::view(request.body)))};
}

Result<http::Reply> PackageService::answer_save(const Request& request) {
    KAIGONG_TRY(body, http::json_body(request, kDraftLimits));
    KAIGONG_TRY(typed, read_typed(body));
    return versioned(save(request.actor(), code_in(request), request.if_match, typed));
}

std::vector<http::Endpoint> PackageService::routes() {
    const auto all = fmt::format("/api/v1/{}", words_.path);
    const std::string one = all + "/{matter_code}";
    std::vector<http::Endpoint> endpoints{
        {.method = Method::get,
         .path = all,
         .action = action("read"),
         .handler = [this](const Request& request) { return replied(list(request.actor())); }},
        {.method = Method::get,
         .path = one,
         .action = action("read"),
         .handler = [this](const Request& request) { return replied(show(request.actor(), code_in(request))); }},
        {.method = Method::get,
         .path = one + "/versions/{catalog_version}",
         .action = action("read"),
         .handler =
             [this](const Request& request) {
                 return replied(
                     show_version(request.actor(), code_in(request), request.path_parameter("catalog_version")));
             }},
        {.method = Method::post,
         .path = one + "/versions/{catalog_version}/withdrawal",
         .action = action("publish"),
         .needs = {.idempotency_key = true},
         .handler = [this](const Request& request) { return answer_withdraw(*this, request); }},
        {.method = Method::get,
         .path = one + "/previews/{preview_id}",
         .action = action("read"),
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, preview_in(request));
             return replied(preview(request.actor(), code_in(request), id));
         }},
        {.method = Method::get,
         .path = one + "/previews/{preview_id}/changes",
         .action = action("read"),
         .query = {"cursor", "limit", words_.tables.subject},
         .handler = [this](const Request& request) { return answer_changes(*this, request); }},
    };
    for (auto& endpoint : draft_routes(one + "/draft")) endpoints.push_back(std::move(endpoint));
    return endpoints;
}

std::vector<http::Endpoint> PackageService::draft_routes(const std::string& draft_path) {
    return {
        {.method = Method::get,
         .path = draft_path,
         .action = action("read"),
         .handler = [this](const Request& request) { return versioned(draft(request.actor(), code_in(request))); }},
        {.method = Method::post,
         .path = draft_path,
         .action = action("edit"),
         .needs = {.idempotency_key = true},
         .handler = [this](const Request& request) { return answer_begin(*this, request); }},
        {.method = Method::put,
         .path = draft_path,
         .action = action("edit"),
         .pool = http::Pool::slow,
         .body_bytes_max = kDraftBytesMax,
         .needs = {.if_match = true},
         .handler = [this](const Request& request) { return answer_save(request); }},
        {.method = Method::post,
         .path = draft_path + "/rebase",
         .action = action("edit"),
         .needs = {.idempotency_key = true, .if_match = true},
         .handler =
             [this](const Request& request) {
                 return versioned(
                     rebase(request.actor(), code_in(request), request.if_match, retryable(request, "/draft/rebase")));
             }},
        {.method = Method::post,
         .path = draft_path + "/discarding",
         .action = action("edit"),
         .needs = {.idempotency_key = true, .if_match = true},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_CHECK(
                 discard(request.actor(), code_in(request), request.if_match, retryable(request, "/draft/discarding")));
             return http::no_content();
         }},
        {.method = Method::get,
         .path = draft_path + "/check",
         .action = action("read"),
         .pool = http::Pool::slow,
         .handler = [this](const Request& request) { return replied(check(request.actor(), code_in(request))); }},
        {.method = Method::post,
         .path = draft_path + "/previews",
         .action = action("edit"),
         .needs = {.idempotency_key = true},
         .handler =
             [this](const Request& request) {
                 return replied(start_preview(request.actor(), code_in(request), retryable(request, "/draft/previews")),
                                202);
             }},
        {.method = Method::post,
         .path = draft_path + "/submission",
         .action = action("edit"),
         .pool = http::Pool::slow,
         .needs = {.idempotency_key = true, .if_match = true},
         .handler = [this](const Request& request) { return answer_submit(*this, request); }},
        {.method = Method::post,
         .path = draft_path + "/return",
         .action = action("edit"),
         .needs = {.idempotency_key = true, .if_match = true},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(reason, reason_in(request));
             return versioned(give_back(request.actor(), code_in(request), request.if_match, reason,
                                        retryable(request, "/draft/return")));
         }},
        {.method = Method::post,
         .path = draft_path + "/publication",
         .action = action("publish"),
         .pool = http::Pool::slow,
         .needs = {.idempotency_key = true, .if_match = true},
         .handler = [this](const Request& request) { return answer_publish(*this, request); }},
    };
}

}  // namespace kaigong::catalog
