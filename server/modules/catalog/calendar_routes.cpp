// Endpoints of the calendar: each reads, calls, replies.
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "engine/calendar/notice.hpp"
#include "modules/catalog/calendar_office.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::object;
using http::Method;
using http::Request;

constexpr std::int64_t kNumberMax = 1'000'000'000;

Result<http::Reply> replied(Result<object> outcome, int status = 200) {
    if (!outcome) return outcome.error();
    return http::json_reply(std::move(*outcome), status);
}

/// A cursor that is not one of ours reads as the first page.
std::string position_of(const std::string& cursor) {
    return is_uuid(cursor) ? cursor : std::string();
}

Result<http::Reply> answer_reading(CalendarService& service, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto text = reader.text("text", {.length_max = calendar::kNoticeBytesMax, .lines = true});
    KAIGONG_CHECK(reader.finish());
    return replied(service.read(request.actor(), text));
}

Result<http::Reply> answer_effect(CalendarService& service, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto table = reader.raw_object("table");
    const auto cursor = reader.optional_text("cursor", {.length_max = 100}).value_or("");
    KAIGONG_CHECK(reader.finish());
    return replied(service.effect(request.actor(), table, position_of(cursor)));
}

Result<http::Reply> answer_publication(CalendarService& service, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto table = reader.raw_object("table");
    const auto replaces = reader.optional_integer("replaces", {0, kNumberMax}).value_or(0);
    KAIGONG_CHECK(reader.finish());
    const Retryable retryable{request.idempotency_key, "POST /calendar/years",
                              crypto::to_hex(crypto::sha256(crypto::view(request.body)))};
    return replied(service.publish(request.actor(), table, replaces, retryable), 201);
}

}  // namespace

std::vector<http::Endpoint> CalendarService::routes() {
    const std::string path = "/api/v1/calendar";
    return {
        {.method = Method::get,
         .path = path,
         .action = "calendar.read",
         .handler = [this](const Request& request) { return replied(show(request.actor())); }},
        {.method = Method::post,
         .path = path + "/readings",
         .action = "calendar.edit",
         .handler = [this](const Request& request) { return answer_reading(*this, request); }},
        {.method = Method::post,
         .path = path + "/effects",
         .action = "calendar.edit",
         .pool = http::Pool::slow,
         .handler = [this](const Request& request) { return answer_effect(*this, request); }},
        {.method = Method::post,
         .path = path + "/years",
         .action = "calendar.edit",
         .needs = {.idempotency_key = true},
         .handler = [this](const Request& request) { return answer_publication(*this, request); }},
        {.method = Method::get,
         .path = path + "/provisional-cases",
         .action = "calendar.edit",
         .query = {"cursor", "limit"},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(page, http::page_of(request));
             return replied(provisional_cases(request.actor(), position_of(page.cursor), static_cast<int>(page.limit)));
         }},
    };
}

}  // namespace kaigong::catalog
