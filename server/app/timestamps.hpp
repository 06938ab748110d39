// Time stamps of an authority on the network (RFC 3161 §3.4: over HTTP).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "crypto/timestamp.hpp"
#include "crypto/x509.hpp"

namespace kaigong::app {

struct TimestampAuthority {
    std::string url;
    /// Whom the authority's certificate must lead to; empty: any authority is taken that signs with the certificate it
    /// sends along.
    std::vector<crypto::Certificate> roots;
};

/// Of the settings `signing.tsa_url` and `signing.tsa_roots` (a PEM file); nothing where there is no address.
/// Fails with http.url_malformed, app.file_missing, crypto.certificate_malformed.
Result<std::optional<TimestampAuthority>> read_timestamp_authority(const std::string& url,
                                                                   const std::string& roots_file);

/// Asks anew for each imprint, with a nonce of its own. Every failure is `unavailable`: whoever signs tries again later
/// and never goes on without a time stamp.
crypto::TimestampSource timestamp_source(TimestampAuthority authority);

}  // namespace kaigong::app
