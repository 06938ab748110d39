// A security key made of software: answers as an honest one does, and lies on request.
#pragma once

#include "crypto/bytes.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace kaigong::crypto::testing {

/// One answer of an authenticator. Members that a test changes are lies.
struct AuthenticatorAct {
    std::string type;
    std::string challenge;
    std::string origin = "https://permits.example.gov.cn";
    std::string rp_id = "permits.example.gov.cn";
    /// Behind the members of clientDataJSON that are always there: `,"crossOrigin":true`.
    std::string more_client_data = "";
    bool user_present = true;
    bool user_verified = true;
    std::uint32_t count = 0;
    /// Extensions as CBOR; empty: none are announced.
    Bytes extensions = {};
};

std::string client_data_of(const AuthenticatorAct& act);

class Authenticator {
  public:
    /// -7 (ES256), -8 (Ed25519), -257 (RSA of 2048 bits).
    explicit Authenticator(int algorithm = -7);
    ~Authenticator();

    const Bytes& credential_id() const { return credential_id_; }
    /// As a registration carries it, in COSE.
    Bytes cose_key() const;
    Bytes registration_data(const AuthenticatorAct& act) const;
    Bytes assertion_data(const AuthenticatorAct& act) const;
    Bytes sign(BytesView authenticator_data, std::string_view client_data_json) const;

  private:
    struct Key;

    int algorithm_;
    std::unique_ptr<Key> key_;
    Bytes credential_id_;
};

}  // namespace kaigong::crypto::testing
