// The step machine of issuing, one step a function (states.md §4): each step is saved before the next begins, and the
// public sees nothing before the last one. Everything that a key was asked to sign is written down before it is asked.
#pragma once

#include "formats/layout/document.hpp"
#include "modules/certificates/certificates.hpp"
#include "modules/certificates/store.hpp"

namespace kaigong::certificates {

/// One file of a certificate.
inline constexpr std::int64_t kCertificateBytesMax = 50LL * 1024 * 1024;

/// The public record of a permit with its certificate, as the public routes answer it.
boost::json::object public_json(const permits::Permit& permit, const store::EditionRow& row);

/// The anti-forgery code that stands on the paper of this edition, under whatever key it was made.
std::string printed_code(const Parts& parts, const store::EditionRow& row);

/// Link of the QR: `<public_url>/v?c=<identifier>&s=<signature>`.
std::string verification_link(const Parts& parts, const std::string& certificate_identifier);

/// Of an edition from before the log: it has neither data nor proof.
Error made_before_the_log();

/// Asked before what cannot be taken back: an entry of the log whose certificate nobody could sign would stay for ever.
/// Fails as `check_signing` and as the keys' `ready` does.
Result<void> may_sign(const Parts& parts, const boost::json::object& certificate);

/// What is on an edition, once it was checked. Fails with certificates.made_before_the_log.
Result<boost::json::object> content_of(const Parts& parts, const store::EditionRow& row);

/// The pages of an edition, or of a copy of it.
Result<layout::Document> pages_of(const Parts& parts, const permits::Permit& permit, const store::EditionRow& row,
                                  const boost::json::object& certificate, const boost::json::object* copy);

/// The linter's word on an edition, or on a copy of it, before anything of it is signed. Fails with certificate.… and
/// layout.….
Result<void> check_pages(const Parts& parts, const permits::Permit& permit, const store::EditionRow& row,
                         const boost::json::object& certificate, const boost::json::object* copy);

/// Makes and signs what is missing of the files of an edition (copy number 0) or of a copy, one after the other, each
/// saved before the next. Gives their digests by name.
Result<boost::json::object> make_files(const Parts& parts, const permits::Permit& permit, const store::EditionRow& row,
                                       std::int64_t copy_number, const boost::json::object* copy);

class Issuing {
  public:
    Issuing(const Parts& parts, permits::Permit permit, store::EditionRow row)
        : parts_(parts), permit_(std::move(permit)), row_(std::move(row)) {}

    /// Does one step after the other until the certificate is valid.
    Result<void> run();

  private:
    Result<void> check();
    Result<void> log();
    Result<void> prove();
    Result<void> sign();
    Result<void> publish();
    Result<void> save(store::EditionRow row);

    const Parts& parts_;
    permits::Permit permit_;
    store::EditionRow row_;
};

}  // namespace kaigong::certificates
