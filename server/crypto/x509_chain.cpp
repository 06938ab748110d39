// The way from a signer to a trusted root (RFC 5280 6.1, without policies and name constraints: where one is critical,
// the chain is refused).
#include "base/text.hpp"
#include "crypto/x509.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace kaigong::crypto {
namespace {

constexpr std::size_t kChainMax = 8;
/// Signatures are dear, and many certificates that a stranger sent along may bear the same name.
constexpr int kSignaturesMax = 32;

/// Depth first over everything that might have issued the last certificate of the path.
class Search {
  public:
    Search(std::span<const Certificate> intermediates, std::span<const Certificate> roots, std::int64_t at_ms)
        : intermediates_(intermediates), roots_(roots), at_ms_(at_ms) {}

    bool reaches_root(const Certificate& from) {
        path_.push_back(from);
        if (is_root(from) ? all_valid() : goes_on(from)) return true;
        path_.pop_back();
        return false;
    }

    std::vector<Certificate> path() && { return std::move(path_); }
    /// Stood on a way to a root, and was not valid then.
    const std::optional<Certificate>& expired() const { return expired_; }

  private:
    bool is_root(const Certificate& certificate) const {
        return std::ranges::find(roots_, certificate) != roots_.end();
    }

    bool goes_on(const Certificate& from) {
        if (path_.size() == kChainMax) return false;
        const auto leads = [&](const Certificate& issuer) { return issued(from, issuer) && reaches_root(issuer); };
        return std::ranges::any_of(roots_, leads) || std::ranges::any_of(intermediates_, leads);
    }

    bool issued(const Certificate& below, const Certificate& issuer) {
        // The leaf is no authority; those between it and this issuer count.
        const auto authorities_below = static_cast<std::int64_t>(path_.size()) - 1;
        const bool may = issuer.is_ca && issuer.allows(key_usage::kCertificateSign) &&
                         issuer.unknown_critical.empty() &&
                         (!issuer.path_length_max || authorities_below <= *issuer.path_length_max);
        if (below.issuer != issuer.subject || !may || signatures_left_ == 0) return false;
        --signatures_left_;
        return signed_by(below, issuer);
    }

    bool all_valid() {
        const auto invalid = std::ranges::find_if(path_, [&](const Certificate& c) { return !c.valid_at(at_ms_); });
        if (invalid == path_.end()) return true;
        expired_ = *invalid;
        return false;
    }

    std::span<const Certificate> intermediates_;
    std::span<const Certificate> roots_;
    std::int64_t at_ms_;
    int signatures_left_ = kSignaturesMax;
    std::vector<Certificate> path_;
    std::optional<Certificate> expired_;
};

}  // namespace

bool is_for_documents(const Certificate& certificate) {
    // Any, e-mail, documents (RFC 9336), and what Microsoft and Adobe called documents before there was an RFC.
    constexpr std::array<std::string_view, 5> kPurposes{"2.5.29.37.0", "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36",
                                                        "1.3.6.1.4.1.311.10.3.12", "1.2.840.113583.1.1.5"};
    const auto& purposes = certificate.extended_key_usage;
    return purposes.empty() || std::ranges::find_first_of(purposes, kPurposes) != purposes.end();
}

bool signed_by(const Certificate& certificate, const Certificate& issuer) {
    return verify_signature_by_identifier(issuer.public_key_info, certificate.signature_identifier,
                                          certificate.to_be_signed, certificate.signature);
}

Result<std::vector<Certificate>> verify_chain(const Certificate& leaf, std::span<const Certificate> intermediates,
                                              std::span<const Certificate> roots, std::int64_t at_ms) {
    Search search(intermediates, roots, at_ms);
    const bool reached = leaf.unknown_critical.empty() && search.reaches_root(leaf);
    if (!reached && search.expired()) {
        return error(Errc::invalid_input, "crypto.certificate_expired",
                     fmt::format("数字证书“{}”在签名时不在有效期内，请联系签发机构核实。",
                                 printable(search.expired()->subject_common_name)));
    }
    if (!reached) {
        return error(Errc::invalid_input, "crypto.certificate_unknown",
                     fmt::format("数字证书“{}”不是由受信任的根证书签发的，请核对信任文件或联系签发机构。",
                                 printable(leaf.subject_common_name)));
    }
    if (!leaf.allows(key_usage::kDigitalSignature | key_usage::kNonRepudiation)) {
        return error(Errc::invalid_input, "crypto.certificate_not_for_signing",
                     "该数字证书的用途不包括签名，请改用签名证书。");
    }
    return std::move(search).path();
}

}  // namespace kaigong::crypto
