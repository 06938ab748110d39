#include <boost/json.hpp>

#include "crypto/signing.hpp"
#include "formats/identifier/identifier.hpp"
#include "http/request.hpp"
#include "modules/certificates/issuing.hpp"
#include "modules/certificates/public_page.hpp"

namespace kaigong::certificates {
namespace {

using http::Method;
using http::Request;

/// 住建部 defines the type; W009 is inferred from published samples (domain facts §4.2), so it is a default of
/// matter.json.
constexpr const char* kTypeCode = "11100000000013338W009";

std::string setting(const catalog::Matter& matter, std::string_view name, std::string_view fallback) {
    const auto* found = matter.settings().if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string(fallback);
}

class CertificateService final : public Certificates {
  public:
    explicit CertificateService(Parts parts) : parts_(std::move(parts)), pages_(parts_) {}

    Result<void> make(const std::string& application_id) override {
        KAIGONG_TRY(permit, parts_.permits.load_by_application(application_id));
        KAIGONG_TRY(row, prepare(permit));
        return Issuing(parts_, permit, row).run();
    }

    bool is_referenced(const std::string& sha256) override {
        const auto found =
            parts_.database.read([&](db::Session& session) { return store::is_referenced(session, sha256); });
        return !found || *found;  // not sure: keep it
    }

    std::vector<http::Endpoint> routes() override;

  private:
    /// V1, or the version that is under way already.
    Result<store::VersionRow> prepare(const permits::Permit& permit) {
        KAIGONG_TRY(matter, parts_.catalog.load_matter(permit.matter_code, permit.catalog_version));
        const auto* authority = parts_.catalog.find_authority(permit.region_code);
        if (authority == nullptr) {
            return error(Errc::conflict, "certificates.authority_unknown",
                         "没有找到发证机关的设置，请管理员补充后重试。");
        }
        KAIGONG_TRY(identifier, identifier::compose(identifier::CertificateIdentifier{
                                    setting(*matter, "certificate_type_code", kTypeCode), authority->credit_code,
                                    permit.permit_number, 1}));
        const auto now_ms = parts_.clock.now_ms();
        return parts_.database.transact([&](db::Session& session) -> Result<store::VersionRow> {
            if (auto known = store::find_latest(session, permit.permit_number)) return *known;
            store::VersionRow row{identifier, permit.permit_number, 1,      1,           "drafted", "", std::nullopt,
                                  "",         std::nullopt,         now_ms, std::nullopt};
            if (!store::insert(session, row)) {
                return error(Errc::conflict, "certificates.already_prepared", "证照正在制作，请稍后刷新。");
            }
            return row;
        });
    }

    Result<http::Reply> file(const Request& request) {
        KAIGONG_TRY(permit, parts_.permits.load_for(request.actor(), request.path_parameter("permit_number")));
        KAIGONG_TRY(row, parts_.database.read(
                             [&](db::Session& session) { return store::find_latest(session, permit.permit_number); }));
        if (!row || row->state != "valid") {
            return error(Errc::not_found, "certificates.not_ready", "证照还在制作，请稍后再打开。");
        }
        KAIGONG_TRY(bytes, parts_.blobs.get(row->file_sha256, kCertificateBytesMax));
        return http::own_file(std::move(bytes), "application/pdf", "施工许可证 " + permit.permit_number + ".pdf",
                              http::Disposition::inline_preview);
    }

    Parts parts_;
    PublicPages pages_;
};

std::vector<http::Endpoint> CertificateService::routes() {
    auto endpoints = pages_.routes();
    endpoints.push_back({.method = Method::get,
                         .path = "/api/v1/permits/{permit_number}/certificate",
                         .action = "permits.read",
                         .pool = http::Pool::slow,
                         .handler = [this](const Request& request) { return file(request); }});
    return endpoints;
}

}  // namespace

std::unique_ptr<Certificates> make_certificates(Parts parts) {
    return std::make_unique<CertificateService>(std::move(parts));
}

}  // namespace kaigong::certificates
