// The rules of the module behind its routes.
#pragma once

#include "modules/certificates/certificates.hpp"
#include "modules/certificates/copies.hpp"
#include "modules/certificates/public_page.hpp"
#include "modules/certificates/store.hpp"

namespace kaigong::certificates {

class CertificateService final : public Certificates {
  public:
    explicit CertificateService(Parts parts) : parts_(std::move(parts)), pages_(parts_), copies_(parts_) {}

    Result<void> make(const std::string& application_id) override;
    Result<std::vector<std::string>> missing_signers() override;
    bool is_referenced(const std::string& sha256) override;
    std::vector<http::Endpoint> routes() override;

    /// A signed file of an edition (0: the newest valid one), or of one of its copies.
    struct FileWish {
        std::string permit_number;
        std::int64_t certificate_version = 0;
        std::int64_t copy_number = 0;
        std::string file_name = "certificate.pdf";
    };
    struct File {
        std::string bytes;
        std::string media_type;
        std::string name;  ///< as it is saved
    };
    /// Fails with permits.not_found, certificates.not_ready, certificates.file_unknown, certificates.copy_not_made.
    Result<File> file(const authz::Actor& actor, const FileWish& wish);
    /// Editions with their files and places in the log, and the newest copies.
    Result<boost::json::object> overview(const authz::Actor& actor, const std::string& permit_number);
    Result<boost::json::object> make_copy(const authz::Actor& actor, const CopyRequest& request);
    /// Whom a verifier trusts: docs/proof-formats.md.
    boost::json::object trust() const;
    /// The page that judges files with that list in it. Fails with certificates.page_not_built.
    Result<std::string> saved_page() const;

  private:
    /// V1, or the edition that is under way already.
    Result<store::EditionRow> prepare(const permits::Permit& permit);
    Result<std::optional<store::FileRow>> find_file(const FileWish& wish);
    /// Why this person can make no copy: null where he can.
    boost::json::value copy_refusal(const authz::Actor& actor, const permits::Permit& permit,
                                    const store::EditionRow& newest) const;
    Result<boost::json::object> edition_json(const store::EditionRow& row);
    Result<boost::json::object> copy_json(const store::CopyRow& row);

    Parts parts_;
    PublicPages pages_;
    Copies copies_;
};

}  // namespace kaigong::certificates
