// A time stamping authority for tests (RFC 3161): answers a request with a response, at the time it is told.
#pragma once

#include "crypto/signer.hpp"
#include "crypto/timestamp.hpp"
#include "crypto/x509.hpp"

#include <memory>

namespace kaigong::crypto::testing {

class TimestampAuthority {
  public:
    /// With a root of its own.
    TimestampAuthority();

    /// TimeStampResp, DER; a refusal where the request is no request for SHA-256.
    Bytes answer(BytesView request, std::int64_t at_ms) const;
    /// Request, answer and its reading in one.
    TimestampSource source(std::int64_t at_ms) const;
    const Certificate& root() const { return root_; }
    const Certificate& certificate() const { return certificate_; }

  private:
    std::unique_ptr<Signer> root_key_;
    Certificate root_;
    std::unique_ptr<Signer> key_;
    Certificate certificate_;
};

}  // namespace kaigong::crypto::testing
