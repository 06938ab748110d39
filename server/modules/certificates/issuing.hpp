// The step machine of issuing, one step a function; see states.md §4.
#pragma once

#include "modules/certificates/certificates.hpp"
#include "modules/certificates/store.hpp"

namespace kaigong::certificates {

/// One file of a certificate.
inline constexpr std::int64_t kCertificateBytesMax = 50LL * 1024 * 1024;

/// The public record as everybody may hash it: canonical JSON (RFC 8785) of what is on the certificate.
boost::json::object public_json(const permits::Permit& permit, const store::VersionRow& row);

/// Link of the QR: `<public_url>/v?c=<identifier>&s=<signature>`.
std::string verification_link(const Parts& parts, const std::string& certificate_identifier);

class Issuing {
  public:
    Issuing(Parts& parts, permits::Permit permit, store::VersionRow row)
        : parts_(parts), permit_(std::move(permit)), row_(std::move(row)) {}

    /// Does one step after the other until the certificate is valid.
    Result<void> run();

  private:
    Result<void> check();
    Result<void> append_log();
    Result<void> render();
    Result<void> seal();
    Result<void> publish();
    Result<std::string> pdf() const;
    Result<void> save(const std::string& state);

    Parts& parts_;
    permits::Permit permit_;
    store::VersionRow row_;
    std::string rendered_;
};

}  // namespace kaigong::certificates
