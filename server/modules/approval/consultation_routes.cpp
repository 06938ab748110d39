// Endpoints of consultations. Those of somebody outside take his proofs in the body: an address is written down by
// every server on its way, a body by none.
#include <array>

#include "modules/approval/consultation_access.hpp"
#include "modules/approval/consultation_service.hpp"
#include "modules/approval/task_routes.hpp"

namespace kaigong::approval {
namespace {

using http::Endpoint;
using http::Method;
using http::Request;

constexpr TextRule kSecret{.length_max = 100};
constexpr TextRule kLongText{.length_max = kConsultationWordsMax, .lines = true};
constexpr std::array kOutcomes{
    JsonName<std::string_view>{"agree", "agree"},
    JsonName<std::string_view>{"agree_with_conditions", "agree_with_conditions"},
    JsonName<std::string_view>{"disagree", "disagree"},
    JsonName<std::string_view>{"no_opinion", "no_opinion"},
};

Result<std::string> uuid_in(const Request& request, std::string_view name) {
    KAIGONG_TRY(id, http::path_id<TaskId>(request, name, "approval.not_found"));
    return id.text;
}

Result<http::Reply> with_its_version(Result<boost::json::object> consultation, int status = 200) {
    if (!consultation) return consultation.error();
    const auto version = consultation->at("version").as_int64();
    return http::json_reply(std::move(*consultation), status).with_version(version);
}

Result<http::Reply> plain(Result<boost::json::object> found, int status = 200) {
    if (!found) return found.error();
    return http::json_reply(std::move(*found), status);
}

Result<http::Reply> answer_asking(ConsultationService& service, const Request& request) {
    KAIGONG_TRY(application_id, uuid_in(request, "application_id"));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    WantedConsultation wanted;
    wanted.item = reader.text("item", {.length_max = 40});
    wanted.organisation = reader.optional_text("organisation", {.length_min = 0, .length_max = 100}).value_or("");
    wanted.name = reader.text("name", {.length_max = 40});
    wanted.phone = reader.optional_text("phone", {.length_min = 0, .length_max = 20}).value_or("");
    wanted.email = reader.optional_text("email", {.length_min = 0, .length_max = 200}).value_or("");
    wanted.question = reader.text("question", {.length_max = 2'000, .lines = true});
    wanted.sections = reader.texts("sections", {.count_max = kConsultationSectionsMax}, {.length_max = 60});
    wanted.papers = reader.texts("papers", {.count_max = kConsultationPapersMax}, {.length_max = 36});
    wanted.working_days =
        static_cast<int>(reader.integer("working_days", {.min = 1, .max = service.working_days_max()}));
    KAIGONG_CHECK(reader.finish());
    return with_its_version(service.ask(request.actor(), application_id, wanted, retryable(request)), 201);
}

Result<http::Reply> answer_recall(ConsultationService& service, const Request& request) {
    KAIGONG_TRY(id, uuid_in(request, "consultation_id"));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto reason = reader.text("reason", {.length_max = 500, .lines = true});
    KAIGONG_CHECK(reader.finish());
    return with_its_version(service.recall(request.actor(), id, request.if_match, reason, retryable(request)));
}

using Plain = Result<boost::json::object> (ConsultationService::*)(const authz::Actor&, const std::string&,
                                                                   std::int64_t, const Retryable&);

Endpoint officers_act(ConsultationService& service, const char* path, Plain act) {
    return {.method = Method::post,
            .path = path,
            .action = std::string(kConsultOutside),
            .needs = {.idempotency_key = true, .if_match = true},
            .handler = [&service, act](const Request& request) -> Result<http::Reply> {
                KAIGONG_TRY(id, uuid_in(request, "consultation_id"));
                return with_its_version((service.*act)(request.actor(), id, request.if_match, retryable(request)));
            }};
}

OutsideProof proof_in(JsonReader& reader, const Request& request, bool with_pass) {
    OutsideProof proof;
    proof.token = reader.text("token", kSecret);
    if (with_pass) proof.pass = reader.text("pass", kSecret);
    proof.address = request.client_address;
    return proof;
}

Result<http::Reply> answer_code(ConsultationService& service, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto proof = proof_in(reader, request, false);
    KAIGONG_CHECK(reader.finish());
    return plain(service.send_code(proof), 201);
}

Result<http::Reply> answer_pass(ConsultationService& service, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto proof = proof_in(reader, request, false);
    const auto challenge_id = reader.text("challenge_id", {.length_max = 36});
    const auto code = reader.text("code", {.length_max = 10});
    KAIGONG_CHECK(reader.finish());
    return plain(service.give_pass(proof, challenge_id, code), 201);
}

Result<http::Reply> answer_view(ConsultationService& service, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto proof = proof_in(reader, request, true);
    KAIGONG_CHECK(reader.finish());
    return plain(service.view(proof));
}

Result<http::Reply> answer_paper(ConsultationService& service, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto proof = proof_in(reader, request, true);
    const auto document_id = reader.text("document_id", {.length_max = 36});
    KAIGONG_CHECK(reader.finish());
    return service.paper(proof, document_id);
}

Result<http::Reply> answer_opinion(ConsultationService& service, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto proof = proof_in(reader, request, true);
    operations::OutsideAnswer answer;
    answer.answers = reader.integer("answers", {.min = 0, .max = 1'000'000});
    answer.outcome = reader.one_of<std::string_view>("outcome", kOutcomes);
    auto words = kLongText;
    words.length_min = 0;
    answer.words = reader.optional_text("words", words).value_or("");
    answer.files = reader.optional_texts("files", {.count_max = kFilesOfAnswerMax}, {.length_max = 36});
    KAIGONG_CHECK(reader.finish());
    return plain(service.answer(proof, answer));
}

/// The body is the file, so his proofs stand in the head, which no server writes down either.
Result<http::Reply> answer_file(ConsultationService& service, const Request& request) {
    const auto secret = [&](std::string_view name) {
        const auto found = request.header(name).value_or("");
        return found.size() <= kSecret.length_max ? std::string(found) : std::string();
    };
    const OutsideProof proof{secret("x-kaigong-link"), secret("x-kaigong-pass"), request.client_address};
    if (proof.token.empty() || proof.pass.empty()) {
        return invalid_field("X-Kaigong-Link", "approval.consultation_proof_missing",
                             "请从收到的链接打开页面，再上传附件。");
    }
    return plain(service.add_file(proof, request.query_parameter("file_name").value_or(""), *request.body_file), 201);
}

Result<http::Reply> answer_removal(ConsultationService& service, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto proof = proof_in(reader, request, true);
    const auto file_id = reader.text("file_id", {.length_max = 36});
    KAIGONG_CHECK(reader.finish());
    return plain(service.remove_file(proof, file_id));
}

Result<http::Reply> answer_content(ConsultationService& service, const Request& request) {
    KAIGONG_TRY(id, uuid_in(request, "consultation_id"));
    KAIGONG_TRY(file_id, uuid_in(request, "file_id"));
    const bool inline_preview = request.query_parameter("inline") == "1";
    return service.file(request.actor(), id, file_id,
                        inline_preview ? http::Disposition::inline_preview : http::Disposition::attachment);
}

using Outside = Result<http::Reply> (*)(ConsultationService&, const Request&);

Endpoint outside_act(ConsultationService& service, const char* path, Outside act, std::optional<http::Pool> pool = {}) {
    return {.method = Method::post,
            .path = path,
            .access = http::Access::anonymous,
            .pool = pool,
            .handler = [&service, act](const Request& request) { return act(service, request); }};
}

}  // namespace

std::vector<Endpoint> ConsultationService::routes() {
    const std::string of_case_path = "/api/v1/applications/{application_id}/consultations";
    return {
        {.method = Method::get,
         .path = of_case_path,
         .action = "approval.read",
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, uuid_in(request, "application_id"));
             return plain(of_case(request.actor(), id));
         }},
        {.method = Method::post,
         .path = of_case_path,
         .action = std::string(kConsultOutside),
         .needs = {.idempotency_key = true},
         .handler = [this](const Request& request) { return answer_asking(*this, request); }},
        {.method = Method::post,
         .path = "/api/v1/consultations/{consultation_id}/recall",
         .action = std::string(kConsultOutside),
         .needs = {.idempotency_key = true, .if_match = true},
         .handler = [this](const Request& request) { return answer_recall(*this, request); }},
        officers_act(*this, "/api/v1/consultations/{consultation_id}/reminder", &ConsultationService::remind),
        officers_act(*this, "/api/v1/consultations/{consultation_id}/taking", &ConsultationService::take),
        outside_act(*this, "/api/v1/consultations/codes", answer_code),
        outside_act(*this, "/api/v1/consultations/passes", answer_pass),
        outside_act(*this, "/api/v1/consultations/view", answer_view),
        outside_act(*this, "/api/v1/consultations/papers", answer_paper, http::Pool::slow),
        outside_act(*this, "/api/v1/consultations/opinion", answer_opinion),
        {.method = Method::post,
         .path = "/api/v1/consultations/files",
         .access = http::Access::anonymous,
         .pool = http::Pool::slow,
         .body = http::Body::file,
         .body_bytes_max = static_cast<std::uint64_t>(kConsultationFileBytesMax),
         .query = {"file_name"},
         .handler = [this](const Request& request) { return answer_file(*this, request); }},
        outside_act(*this, "/api/v1/consultations/files/removal", answer_removal),
        {.method = Method::get,
         .path = "/api/v1/consultations/{consultation_id}/files/{file_id}/content",
         .action = "approval.read",
         .query = {"inline"},
         .handler = [this](const Request& request) { return answer_content(*this, request); }},
    };
}

}  // namespace kaigong::approval
