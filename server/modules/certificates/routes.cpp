#include <boost/json.hpp>
#include <charconv>

#include "base/json_reader.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "http/request.hpp"
#include "modules/certificates/saved_page.hpp"
#include "modules/certificates/service.hpp"

namespace kaigong::certificates {
namespace {

using http::Method;
using http::Request;

constexpr TextRule kCopyText{.length_min = 2, .length_max = 60};

/// 0 for anything that is no number of an edition or a copy: nothing has it.
std::int64_t number_in(const Request& request, std::string_view name) {
    const auto& text = request.path_parameter(name);
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    return fault == std::errc() && end == text.data() + text.size() && number > 0 ? number : -1;
}

Result<http::Reply> answer_file(CertificateService& service, const Request& request,
                                const CertificateService::FileWish& wish) {
    KAIGONG_TRY(file, service.file(request.actor(), wish));
    return http::own_file(
        std::move(file.bytes), file.media_type, file.name,
        file.media_type == "application/pdf" ? http::Disposition::inline_preview : http::Disposition::attachment);
}

Result<http::Reply> answer_copy(CertificateService& service, const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    CopyWish wish{reader.text("purpose", kCopyText), reader.text("made_for", kCopyText)};
    KAIGONG_CHECK(reader.finish());
    KAIGONG_TRY(copy, service.make_copy(request.actor(), {request.path_parameter("permit_number"), std::move(wish),
                                                          request.idempotency_key,
                                                          crypto::to_hex(crypto::sha256(crypto::view(request.body)))}));
    return http::json_reply(std::move(copy), 201);
}

Result<http::Reply> answer_trust(const CertificateService& service) {
    return http::json_reply(service.trust())
        .with_header("Access-Control-Allow-Origin", "*")
        .with_header("Cache-Control", "no-cache");
}

/// Never shown here, where the policy of pages would stop its script: it is saved, and opened from a disk.
Result<http::Reply> answer_saved_page(const CertificateService& service) {
    KAIGONG_TRY(page, service.saved_page());
    return http::own_file(std::move(page), "text/html; charset=utf-8", kSavedPageName)
        .with_header("Cache-Control", "no-cache");
}

}  // namespace

std::vector<http::Endpoint> CertificateService::routes() {
    auto endpoints = pages_.routes();
    const auto get = [&](std::string path, http::Handler handler) {
        endpoints.push_back({.method = Method::get,
                             .path = std::move(path),
                             .action = "permits.read",
                             .pool = http::Pool::slow,
                             .handler = std::move(handler)});
    };
    get("/api/v1/permits/{permit_number}/certificate", [this](const Request& request) {
        return answer_file(*this, request, {request.path_parameter("permit_number"), 0, 0, "certificate.pdf"});
    });
    get("/api/v1/permits/{permit_number}/certificates", [this](const Request& request) -> Result<http::Reply> {
        KAIGONG_TRY(found, overview(request.actor(), request.path_parameter("permit_number")));
        return http::json_reply(std::move(found));
    });
    get("/api/v1/permits/{permit_number}/certificates/{certificate_version}/files/{file_name}",
        [this](const Request& request) {
            return answer_file(*this, request,
                               {request.path_parameter("permit_number"), number_in(request, "certificate_version"), 0,
                                request.path_parameter("file_name")});
        });
    get("/api/v1/permits/{permit_number}/certificates/{certificate_version}/copies/{copy_number}/files/{file_name}",
        [this](const Request& request) {
            return answer_file(*this, request,
                               {request.path_parameter("permit_number"), number_in(request, "certificate_version"),
                                number_in(request, "copy_number"), request.path_parameter("file_name")});
        });
    endpoints.push_back({.method = Method::post,
                         .path = "/api/v1/permits/{permit_number}/copies",
                         .action = "permits.copy",
                         .pool = http::Pool::slow,
                         .needs = {.idempotency_key = true},
                         .handler = [this](const Request& request) { return answer_copy(*this, request); }});
    endpoints.push_back({.method = Method::get,
                         .path = "/ledger/trust.json",
                         .access = http::Access::anonymous,
                         .handler = [this](const Request&) { return answer_trust(*this); }});
    endpoints.push_back({.method = Method::get,
                         .path = "/verify/kaigong-verify.html",
                         .access = http::Access::anonymous,
                         .handler = [this](const Request&) { return answer_saved_page(*this); }});
    return endpoints;
}

}  // namespace kaigong::certificates
