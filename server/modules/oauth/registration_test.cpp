#include "modules/oauth/registration.hpp"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "crypto/signer.hpp"

using namespace kaigong;
using namespace kaigong::oauth;

namespace {

Registration of(ClientKind kind, std::vector<std::string> redirect_uris) {
    Registration registration;
    registration.client_name = "示例";
    registration.organisation_name = "示例单位";
    registration.kind = kind;
    registration.redirect_uris = std::move(redirect_uris);
    registration.scopes = {"openid", "permits.read"};
    return registration;
}

/// The field that is refused first; empty where all is well.
std::string refused(const Registration& registration, bool secure_only = true) {
    const boost::json::value json = registration_json(registration);
    JsonReader reader(json);
    (void)read_registration(reader, secure_only);
    const auto finished = reader.finish();
    return finished ? "" : finished.error().fields.front().field;
}

}  // namespace

TEST_CASE("an address is the client's only to the letter") {
    const auto web = of(ClientKind::web, {"https://a.example/done"});
    CHECK(is_registered_redirect(web, "https://a.example/done"));
    for (const auto* other : {"https://a.example/done/", "https://a.example/done?x", "https://a.example:443/done",
                              "https://A.example/done", "https://a.example/Done", "http://a.example/done", ""}) {
        CAPTURE(other);
        CHECK_FALSE(is_registered_redirect(web, other));
    }
}

TEST_CASE("the port of this machine is free for native apps alone") {
    const std::vector<std::string> own{"http://127.0.0.1/done", "http://[::1]/done"};
    const auto native = of(ClientKind::native, own);
    CHECK(is_registered_redirect(native, "http://127.0.0.1:1/done"));
    CHECK(is_registered_redirect(native, "http://[::1]:65535/done"));
    CHECK(is_registered_redirect(native, "http://127.0.0.1/done"));
    for (const auto* other :
         {"http://127.0.0.1:/done", "http://127.0.0.1:1/done/x", "http://127.0.0.1:1@b.example/done",
          "http://127.0.0.1:123456/done", "http://127.0.0.1:1\\done", "https://127.0.0.1:1/done"}) {
        CAPTURE(other);
        CHECK_FALSE(is_registered_redirect(native, other));
    }
    CHECK_FALSE(is_registered_redirect(of(ClientKind::browser, own), "http://127.0.0.1:1/done"));
}

TEST_CASE("what is written comes back, and only what its kind allows is written") {
    const auto browser = of(ClientKind::browser, {"https://a.example/done"});
    CHECK(refused(browser).empty());
    CHECK(boost::json::serialize(registration_json(registration_of_row(boost::json::serialize(
              registration_json(browser))))) == boost::json::serialize(registration_json(browser)));
    CHECK(refused(of(ClientKind::browser, {"http://127.0.0.1:5173/done"}), true) == "redirect_uris");
    CHECK(refused(of(ClientKind::browser, {"http://127.0.0.1:5173/done"}), false).empty());
    CHECK(refused(of(ClientKind::device, {"https://a.example/done"})) == "redirect_uris");
    CHECK(refused(of(ClientKind::device, {})).empty());
    CHECK(refused(of(ClientKind::web, {"https://a.example/done"})) == "proof");
    CHECK(refused(of(ClientKind::native, {"com.example.app:/done"})).empty());
    CHECK(refused(of(ClientKind::native, {"app:/done"})) == "redirect_uris");
    auto system = of(ClientKind::system, {});
    system.scopes = {"permits.read"};
    system.proof = ClientProof::private_key_jwt;
    system.region_code = "330000";
    CHECK(refused(system) == "jwks");
    const auto signer = crypto::new_signer(crypto::SignatureAlgorithm::ecdsa_p256_sha256);
    system.jwks = {{"keys", {crypto::jwk_of(signer->public_key_info(), "k")}}};
    CHECK(refused(system).empty());
    system.region_code.clear();
    CHECK(refused(system) == "region_code");
}

TEST_CASE("the kind decides how tokens are asked for") {
    const auto native = of(ClientKind::native, {"http://127.0.0.1/done"});
    CHECK(native.may_use(GrantType::authorization_code));
    CHECK(native.may_use(GrantType::device_code));
    CHECK_FALSE(native.may_use(GrantType::client_credentials));
    CHECK_FALSE(native.may_use(GrantType::refresh_token));
    auto system = of(ClientKind::system, {});
    system.scopes.emplace_back(kOfflineAccess);
    CHECK(system.may_use(GrantType::client_credentials));
    CHECK_FALSE(system.may_use(GrantType::authorization_code));
    CHECK_FALSE(system.may_use(GrantType::refresh_token));
}

TEST_CASE("scopes come each once, in the table's order, and unknown ones make the list void") {
    CHECK(parse_scopes("permits.read  openid openid") == ScopeNames{"openid", "permits.read"});
    CHECK(parse_scopes("")->empty());
    CHECK_FALSE(parse_scopes("openid approval.work").has_value());
    CHECK(actions_of({"applications.read", "applications.write"}) ==
          std::vector<std::string>{"applications.read", "approval.read", "applications.write"});
    for (const auto& scope : scopes()) {
        CHECK_FALSE(scope.chinese.empty());
        CHECK_FALSE(scope.english.empty());
        CHECK((scope.for_people || scope.for_systems));
    }
}
