#include "modules/certificates/issuing.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "modules/certificates/testing/issuing_office.hpp"

using namespace kaigong;
using certificates::testing::IssuingOffice;
using certificates::testing::kDayMs;
using certificates::testing::kDecidedAtMs;

namespace {

std::string reason_of(const Result<void>& done) {
    return done ? "" : done.error().reason;
}

Error away() {
    return error(Errc::unavailable, "test.away", "不在");
}

}  // namespace

TEST_CASE("a certificate goes through all steps, and what was signed is written down") {
    IssuingOffice office;
    REQUIRE(reason_of(office.make()) == "");
    CHECK(office.state() == "valid");
    CHECK(office.files().size() == 4);
    CHECK(office.signings().size() == 4);
    CHECK(office.logged().size() == 2);
}

TEST_CASE("a key that fails for hours leaves a row an hour of what may have been signed, not one a try") {
    constexpr std::int64_t kTryMs = 300'000;
    IssuingOffice office;
    office.document_key->before = office.seal_key->before = []() -> Result<void> { return away(); };
    for (int tries = 0; tries < 12; ++tries) {
        CHECK(reason_of(office.make()) == "test.away");
        office.clock.set(office.clock.now_ms() + kTryMs);
    }
    // The JSON names no instant: it is the same message all the time.
    REQUIRE(office.signings().size() == 1);
    CHECK(office.signings().front().asked_times == 12);
    office.document_key->before = [] { return Result<void>(); };
    for (int tries = 0; tries < 24; ++tries) {
        CHECK(reason_of(office.make()) == "test.away");
        office.clock.set(office.clock.now_ms() + kTryMs);
    }
    // Three files are there; of the fourth, whose bytes name an instant, one row an hour.
    const auto asked = office.signings();
    CHECK(asked.size() == 5);
    office.seal_key->before = [] { return Result<void>(); };
    REQUIRE(reason_of(office.make()) == "");
    CHECK(office.files().size() == 4);
    CHECK(office.signings().size() == 6);
}

TEST_CASE("a key that is not there is not asked, and nothing is logged for its sake") {
    IssuingOffice office;
    office.seal_key->is_ready = []() -> Result<void> { return away(); };
    CHECK(reason_of(office.make()) == "test.away");
    CHECK(office.state() == "drafted");
    CHECK(office.logged().empty());
    office.seal_key->is_ready = [] { return Result<void>(); };
    office.after_step = [&](const std::string& step) {
        if (step == "certificates.proven") office.seal_key->is_ready = []() -> Result<void> { return away(); };
    };
    CHECK(reason_of(office.make()) == "test.away");
    CHECK(office.state() == "proven");
    CHECK(office.signings().empty());
}

TEST_CASE("a decision that waited sixteen days is not logged: no verifier would take it") {
    SUBCASE("before it was looked at") {
        IssuingOffice office;
        office.clock.set(kDecidedAtMs + 16 * kDayMs);
        CHECK(reason_of(office.make()) == "certificate.issued_too_long_ago");
        CHECK(office.state() == "drafted");
        CHECK(office.logged().empty());
    }
    SUBCASE("between the look and the log") {
        IssuingOffice office;
        office.after_step = [&](const std::string& step) {
            if (step == "certificates.checked") office.clock.set(kDecidedAtMs + 16 * kDayMs);
        };
        CHECK(reason_of(office.make()) == "certificates.issued_too_long_ago");
        CHECK(office.state() == "checked");
        CHECK(office.logged().empty());
    }
    SUBCASE("nor one of tomorrow, where the clock was put back") {
        IssuingOffice office;
        office.after_step = [&](const std::string& step) {
            if (step == "certificates.checked") office.clock.set(kDecidedAtMs - kDayMs);
        };
        CHECK(reason_of(office.make()) == "certificates.issued_in_future");
        CHECK(office.state() == "checked");
        CHECK(office.logged().empty());
    }
    SUBCASE("fifteen days are in time") {
        IssuingOffice office;
        office.clock.set(kDecidedAtMs + 15 * kDayMs);
        CHECK(reason_of(office.make()) == "");
    }
}

TEST_CASE("two processes sign the same certificate: both end well, and it has each file once") {
    IssuingOffice office;
    const auto other = office.another();
    bool met = false;
    office.after_step = [&](const std::string& step) {
        if (step != "certificates.file_signed" || std::exchange(met, true)) return;
        CHECK(reason_of(other->make(certificates::testing::kApplication)) == "");
    };
    const auto first = office.make();
    CHECK(met);
    // The slower one may be told to look again, never that somebody has to mend something.
    if (!first) CHECK(first.error().code == Errc::precondition_failed);
    CHECK(reason_of(office.make()) == "");
    CHECK(office.state() == "valid");
    CHECK(office.files().size() == 4);
    CHECK(office.logged().size() == 2);
}

TEST_CASE("keys, certificates and seals that no verifier would take are found before anything is logged") {
    using crypto::testing::kValidFromMs;
    using crypto::testing::kValidUntilMs;
    struct Case {
        std::string reason;
        std::function<void(IssuingOffice&)> spoil;
    };
    const auto elsewhere = crypto::testing::Authority(crypto::SignatureAlgorithm::ecdsa_p256_sha256);
    const auto strange_maker = crypto::testing::Authority(crypto::SignatureAlgorithm::sm2_sm3);
    const std::vector<Case> cases{
        {"certificates.signing_certificate_expired",
         [](auto& office) { office.certify(kValidFromMs, kDecidedAtMs - kDayMs); }},
        {"certificates.signing_certificate_expired",
         [](auto& office) { office.certify(kDecidedAtMs + kDayMs, kValidUntilMs); }},
        {"certificates.signing_key_unfit",
         [](auto& office) { office.keys.document = crypto::new_signer(crypto::SignatureAlgorithm::rsa_sha256); }},
        {"certificates.signing_key_differs",
         [](auto& office) {
             office.keys.document = crypto::new_signer(crypto::SignatureAlgorithm::ecdsa_p256_sha256);
         }},
        {"certificates.signing_certificate_unfit",
         [&](auto& office) { office.keys.document_roots = {elsewhere.root()}; }},
        {"certificates.seal_missing", [](auto& office) { office.keys.seals.clear(); }},
        {"certificates.seal_broken", [](auto& office) { office.keys.seals[office.issuer_code()].pop_back(); }},
        {"certificates.seal_expired",
         [](auto& office) { office.make_seal(kDecidedAtMs - kDayMs, office.keys.seal_chain.front()); }},
        {"certificates.seal_signer_not_listed",
         [](auto& office) { office.make_seal(kValidUntilMs, office.keys.seal_chain.back()); }},
        {"certificates.seal_maker_unknown",
         [&](auto& office) { office.make_seal(kValidUntilMs, office.keys.seal_chain.front(), strange_maker); }}};
    for (const auto& one : cases) {
        CAPTURE(one.reason);
        IssuingOffice office;
        one.spoil(office);
        const auto refused = office.make();
        CHECK(reason_of(refused) == one.reason);
        if (!refused) CHECK(refused.error().message.find("重试。") != std::string::npos);
        CHECK(office.state() == "drafted");
        CHECK(office.logged().empty());
        CHECK(office.signings().empty());
    }
}

TEST_CASE("a certificate that ends while an edition waits for its log stops it there") {
    IssuingOffice office;
    office.certify(crypto::testing::kValidFromMs, kDecidedAtMs + 2 * kDayMs);
    office.after_step = [&](const std::string& step) {
        if (step == "certificates.checked") office.clock.set(kDecidedAtMs + 3 * kDayMs);
    };
    CHECK(reason_of(office.make()) == "certificates.signing_certificate_expired");
    CHECK(office.state() == "checked");
    CHECK(office.logged().empty());
    CHECK(certificates::signing_ends(office.keys).document_ms / 1000 == (kDecidedAtMs + 2 * kDayMs) / 1000);
}
