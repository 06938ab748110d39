// Time stamps (RFC 3161, SHA-256): the request to an authority, its answer, and what a token proves. The journey over
// the network is the caller's: this folder only knows bytes. Tokens are judged by OpenSSL, because authorities differ
// in what they write; SM2 is therefore not among the algorithms of a token.
#pragma once

#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "crypto/x509.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

namespace kaigong::crypto {

inline constexpr std::size_t kTimestampBytesMax = 64U << 10U;

/// Gets a token (DER ContentInfo) for the SHA-256 of what is to be stamped: request, post, answer, token.
using TimestampSource = std::function<Result<Bytes>(const Digest& imprint)>;

/// TimeStampReq, DER; its media type is application/timestamp-query. `nonce`: 8 to 20 random bytes, kept for the
/// answer. The authority is asked to send its certificate along.
Bytes timestamp_request(const Digest& imprint, BytesView nonce);

/// What a token says. `at_ms` is UTC milliseconds.
struct Timestamp {
    std::int64_t at_ms = 0;
    Certificate authority;
};

/// The token of a TimeStampResp (application/timestamp-reply), checked against what was asked.
/// Fails with crypto.timestamp_refused (the authority granted nothing; the message holds its words),
/// crypto.timestamp_malformed, crypto.timestamp_wrong (another imprint, another nonce, a wrong signature).
Result<Bytes> read_timestamp_response(BytesView response, const Digest& imprint, BytesView nonce);

/// A token that fits the imprint and is signed by the certificate for time stamping that it carries, valid at its time;
/// whom that one is trusted by is not asked. Fails with crypto.timestamp_malformed, crypto.timestamp_wrong.
Result<Timestamp> read_timestamp(BytesView token, const Digest& imprint);

/// As `read_timestamp`, and its certificate leads to one of the roots at that time.
/// Fails with crypto.timestamp_malformed, crypto.timestamp_wrong, crypto.timestamp_unknown_authority.
Result<Timestamp> verify_timestamp(BytesView token, const Digest& imprint, std::span<const Certificate> roots);

}  // namespace kaigong::crypto
