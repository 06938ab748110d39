#include <array>
#include <charconv>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "modules/applications/service.hpp"

namespace kaigong::applications {
namespace {

using boost::json::object;
using http::Method;
using http::Request;

constexpr std::uint64_t kFormBytesMax = 2ULL * 1024 * 1024;
constexpr JsonLimits kFormLimits{.bytes_max = kFormBytesMax, .depth_max = 16, .values_max = 200'000};

Result<std::string> id_in(const Request& request) {
    KAIGONG_TRY(id, http::path_id<ApplicationId>(request, "application_id", "applications.not_found"));
    return id.text;
}

Retryable retryable(const Request& request, const std::string& route) {
    return {request.idempotency_key, route, crypto::to_hex(crypto::sha256(crypto::view(request.body)))};
}

Result<object> read_form(const Request& request) {
    KAIGONG_TRY(body, http::json_body(request, kFormLimits));
    JsonReader reader(body);
    auto form = reader.raw_object("form");
    KAIGONG_CHECK(reader.finish());
    return form;
}

Result<http::Reply> versioned(Result<object> application, int status = 200) {
    if (!application) return application.error();
    const auto version = application->at("version").as_int64();
    return http::json_reply(std::move(*application), status).with_version(version);
}

Result<http::Reply> answer_create(ApplicationService& service, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto matter_code = reader.text("matter_code", {.length_max = 60});
    KAIGONG_CHECK(reader.finish());
    auto created = service.create(request.actor(), matter_code, retryable(request, "POST /applications"));
    KAIGONG_TRY(reply, versioned(std::move(created), 201));
    return std::move(reply);
}

Result<http::Reply> answer_save_commitments(ApplicationService& service, const Request& request) {
    KAIGONG_TRY(id, id_in(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto codes = reader.texts("materials", {.count_max = 100}, {.length_max = 20});
    KAIGONG_CHECK(reader.finish());
    return versioned(service.save_commitments(request.actor(), id, request.if_match, codes));
}

Result<http::Reply> answer_unmask(ApplicationService& service, const Request& request) {
    KAIGONG_TRY(id, id_in(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    UnmaskQuery query;
    query.round = static_cast<int>(reader.optional_integer("round", {.min = 1, .max = 1'000}).value_or(0));
    query.fields = reader.texts("fields", {.count_min = 1, .count_max = 4}, {.length_max = 80});
    query.reason = reader.text("reason", {.length_min = 4, .length_max = 100});
    KAIGONG_CHECK(reader.finish());
    KAIGONG_TRY(found, service.unmask(request.actor(), id, query));
    return http::json_reply(std::move(found));
}

Result<http::Reply> answer_find_by_person(ApplicationService& service, const Request& request) {
    constexpr std::array<JsonName<const char*>, 2> kKinds{{{"id_number", "id_number"}, {"phone", "phone"}}};
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    PersonQuery query;
    query.kind = reader.one_of<const char*>("kind", kKinds);
    query.number = reader.text("number", {.length_min = 6, .length_max = 40});
    query.reason = reader.text("reason", {.length_min = 4, .length_max = 100});
    KAIGONG_CHECK(reader.finish());
    KAIGONG_TRY(found, service.find_by_person(request.actor(), query));
    return http::json_reply(std::move(found));
}

object read_pair(JsonReader& item, const char* key, const char* text, std::size_t length_max) {
    return {{key, item.text(key, {.length_max = 60})},
            {text, item.text(text, {.length_max = length_max, .lines = true})}};
}

Result<Filed> read_filed(const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    Filed filed;
    filed.declarations = reader.raw_object("declarations");
    for (auto& one : reader.optional_list<object>(
             "remarks", {.count_max = 200}, [](JsonReader& item) { return read_pair(item, "rule", "remark", 500); })) {
        filed.remarks.push_back(std::move(one));
    }
    for (auto& one : reader.optional_list<object>("answers", {.count_max = 200}, [](JsonReader& item) {
             return read_pair(item, "point_id", "answer", 1'000);
         })) {
        filed.answers.push_back(std::move(one));
    }
    KAIGONG_CHECK(reader.finish());
    return filed;
}

Result<http::Reply> answer_submit(ApplicationService& service, const Request& request) {
    KAIGONG_TRY(id, id_in(request));
    KAIGONG_TRY(filed, read_filed(request));
    KAIGONG_TRY(outcome, service.submit(request.actor(), id, request.if_match, std::move(filed),
                                        retryable(request, "POST /applications/" + id + "/submission")));
    return http::json_reply(std::move(outcome), 201);
}

Result<http::Reply> answer_owed_paper(ApplicationService& service, const Request& request) {
    KAIGONG_TRY(id, id_in(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto material_code = reader.text("material_code", {.length_max = 20});
    KAIGONG_CHECK(reader.finish());
    KAIGONG_CHECK(service.hand_in_owed(request.actor(), id, material_code,
                                       retryable(request, "POST /applications/" + id + "/owed-papers")));
    return http::accepted();
}

Result<http::Reply> answer_withdraw(ApplicationService& service, const Request& request) {
    KAIGONG_TRY(id, id_in(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    // The reason stays with the request's audit entry only as a fact: its words may name persons.
    (void)reader.optional_text("reason", {.length_min = 0, .length_max = 500, .lines = true});
    KAIGONG_CHECK(reader.finish());
    KAIGONG_CHECK(
        service.withdraw(request.actor(), id, retryable(request, "POST /applications/" + id + "/withdrawal")));
    return http::accepted();
}

Result<http::Reply> answer_withdrawal_taken_back(ApplicationService& service, const Request& request) {
    KAIGONG_TRY(id, id_in(request));
    KAIGONG_CHECK(service.take_back_withdrawal(request.actor(), id,
                                               retryable(request, "DELETE /applications/" + id + "/withdrawal")));
    return http::accepted();
}

Result<http::Reply> show_round(ApplicationService& service, const Request& request) {
    KAIGONG_TRY(id, id_in(request));
    const auto& text = request.path_parameter("round");
    int number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc{} || end != text.data() + text.size() || number < 1 || number > 1'000) {
        return error(Errc::not_found, "applications.round_not_found", "没有这一轮提交，请从列表重新进入。");
    }
    KAIGONG_TRY(round, service.round(request.actor(), id, number));
    return http::json_reply(std::move(round));
}

}  // namespace

std::vector<http::Endpoint> ApplicationService::routes() {
    const std::string one = "/api/v1/applications/{application_id}";
    return {
        {.method = Method::get,
         .path = "/api/v1/applications",
         .action = "applications.read",
         .query = {"cursor", "limit"},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(page, http::page_of(request));
             KAIGONG_TRY(found, list(request.actor(), page.cursor, static_cast<int>(page.limit)));
             return http::json_reply(std::move(found));
         }},
        {.method = Method::post,
         .path = "/api/v1/applications",
         .action = "applications.write",
         .needs = {.idempotency_key = true},
         .handler = [this](const Request& request) { return answer_create(*this, request); }},
        {.method = Method::get,
         .path = one,
         .action = "applications.read",
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request));
             return versioned(show(request.actor(), id));
         }},
        {.method = Method::del,
         .path = one,
         .action = "applications.write",
         .needs = {.if_match = true},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request));
             KAIGONG_CHECK(discard(request.actor(), id, request.if_match));
             return http::no_content();
         }},
        {.method = Method::put,
         .path = one + "/form",
         .action = "applications.write",
         .body_bytes_max = kFormBytesMax,
         .needs = {.if_match = true},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request));
             KAIGONG_TRY(form, read_form(request));
             return versioned(save_form(request.actor(), id, request.if_match, std::move(form)));
         }},
        {.method = Method::put,
         .path = one + "/commitments",
         .action = "applications.write",
         .needs = {.if_match = true},
         .handler = [this](const Request& request) { return answer_save_commitments(*this, request); }},
        {.method = Method::post,
         .path = one + "/precheck",
         .action = "applications.write",
         .pool = http::Pool::slow,
         .body_bytes_max = kFormBytesMax,
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request));
             KAIGONG_TRY(form, read_form(request));
             KAIGONG_TRY(checked, precheck(request.actor(), id, std::move(form)));
             return http::json_reply(std::move(checked));
         }},
        {.method = Method::post,
         .path = one + "/submission",
         .action = "applications.write",
         .needs = {.idempotency_key = true, .if_match = true},
         .handler = [this](const Request& request) { return answer_submit(*this, request); }},
        {.method = Method::post,
         .path = one + "/owed-papers",
         .action = "applications.write",
         .needs = {.idempotency_key = true},
         .handler = [this](const Request& request) { return answer_owed_paper(*this, request); }},
        {.method = Method::post,
         .path = one + "/withdrawal",
         .action = "applications.write",
         .needs = {.idempotency_key = true},
         .handler = [this](const Request& request) { return answer_withdraw(*this, request); }},
        {.method = Method::del,
         .path = one + "/withdrawal",
         .action = "applications.write",
         .needs = {.idempotency_key = true},
         .handler = [this](const Request& request) { return answer_withdrawal_taken_back(*this, request); }},
        {.method = Method::post,
         .path = one + "/unmasked",
         .action = "applications.unmask",
         .handler = [this](const Request& request) { return answer_unmask(*this, request); }},
        // POST, because what is looked for must not stand in an address.
        {.method = Method::post,
         .path = "/api/v1/applications/by-person",
         .action = "applications.find_by_person",
         .handler = [this](const Request& request) { return answer_find_by_person(*this, request); }},
        {.method = Method::get,
         .path = one + "/invited-parts",
         .action = "applications.invite",
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request));
             KAIGONG_TRY(found, invited_parts(request.actor(), id));
             return http::json_reply(std::move(found));
         }},
        {.method = Method::get,
         .path = one + "/submissions",
         .action = "applications.read",
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request));
             KAIGONG_TRY(found, rounds(request.actor(), id));
             return http::json_reply(std::move(found));
         }},
        {.method = Method::get,
         .path = one + "/submissions/{round}",
         .action = "applications.read",
         .handler = [this](const Request& request) { return show_round(*this, request); }},
    };
}

}  // namespace kaigong::applications
