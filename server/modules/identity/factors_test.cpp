// Second factors on both databases: what is good once is good once, also when two come at the same time.
#include "modules/identity/factors.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <mutex>
#include <thread>

#include "crypto/encoding.hpp"
#include "crypto/testing/authenticator.hpp"
#include "crypto/totp.hpp"
#include "db/testing/test_databases.hpp"

using namespace kaigong;
using crypto::testing::Authenticator;
using crypto::testing::AuthenticatorAct;
using identity::FactorEvent;
using identity::FactorKind;

namespace {

constexpr std::int64_t kMinuteMs = 60'000;
const authz::AccountId kLi{"01900000-0000-7000-8000-000000000001"};
const authz::AccountId kWang{"01900000-0000-7000-8000-000000000002"};

class Accounts final : public identity::FactorAccounts {
  public:
    std::string account_name(db::Session&, const authz::AccountId& account_id) override {
        return account_id == kLi ? "li" : "wang";
    }
    bool is_factor_forced(db::Session&, const authz::AccountId& account_id) override { return account_id == kWang; }
    bool may_enrol(db::Session&, const std::string&) override { return may_enrol_now; }
    void enrolled(db::Session&, const std::string& session_id) override { enrolled_session = session_id; }
    void told(db::Session&, const authz::AccountId&, FactorEvent event) override {
        const std::scoped_lock lock(mutex_);
        events_.push_back(event);
    }
    std::string enrolled_session;
    bool may_enrol_now = true;
    bool was_told(FactorEvent event) {
        const std::scoped_lock lock(mutex_);
        return std::ranges::find(events_, event) != events_.end();
    }

  private:
    std::mutex mutex_;
    std::vector<FactorEvent> events_;
};

/// One account office on one database.
class Office {
  public:
    explicit Office(db::Database& database)
        : database_(database),
          audit_(audit::make_audit(database)),
          factors_(identity::make_factors({database,
                                           clock_,
                                           clock_,
                                           key_ring_,
                                           *audit_,
                                           accounts_,
                                           {"https://permits.example.gov.cn", "permits.example.gov.cn"}})) {}

    identity::Factors* operator->() { return factors_.get(); }
    Accounts& accounts() { return accounts_; }
    db::Database& database() { return database_; }
    void change_key() {
        key_text_ = crypto::with_new_key(key_text_).value();
        REQUIRE(key_ring_.replace(key_text_));
        REQUIRE(key_ring_.seal_with("k2"));
        REQUIRE(database_.transact([](db::Session& session) { session.execute("DELETE FROM second_factors"); }));
        add_app(kLi);
    }
    void retire_former_key() {
        key_text_ = crypto::with_retired_key(key_text_, "k1").value();
        REQUIRE(key_ring_.replace(key_text_));
    }
    void wait(std::int64_t ms) { clock_.set(clock_.now_ms() + ms); }

    /// A confirmed app, and time for its next code.
    crypto::Bytes add_app(const authz::AccountId& account_id, const char* name = "我的手机") {
        const auto begun = factors_->begin_totp(account_id, name).value();
        const auto secret = crypto::from_base32(begun.secret).value();
        REQUIRE(factors_->confirm_totp(account_id, begun.factor_id, code_of(secret)));
        wait(crypto::kTotpStepMs);
        return secret;
    }
    std::string code_of(const crypto::Bytes& secret) {
        return crypto::totp_code(secret, crypto::totp_step(clock_.now_ms()));
    }
    /// No app shows it now: one that does not match within the window.
    std::string wrong_code_of(const crypto::Bytes& secret) {
        for (const char* code : {"000000", "111111", "222222", "333333"}) {
            if (!crypto::matching_totp_step(secret, code, clock_.now_ms())) return code;
        }
        throw std::logic_error("four codes at once");
    }

    identity::WebauthnRegistration register_answer(const Authenticator& key, const std::string& challenge) {
        const AuthenticatorAct act{.type = "webauthn.create", .challenge = challenge};
        return {"我的密钥", client_data_of(act), crypto::to_text(key.registration_data(act))};
    }
    Result<identity::Factor> add_key(const authz::AccountId& account_id, const Authenticator& key) {
        return factors_->finish_registration(
            account_id, register_answer(key, challenge_of(factors_->begin_registration(account_id).value())));
    }
    identity::WebauthnAssertion assert_answer(const Authenticator& key, const std::string& challenge,
                                              std::uint32_t count) {
        const AuthenticatorAct act{.type = "webauthn.get", .challenge = challenge, .count = count};
        const auto client_data = client_data_of(act);
        const auto data = key.assertion_data(act);
        return {crypto::to_text(key.credential_id()), client_data, crypto::to_text(data),
                crypto::to_text(key.sign(data, client_data))};
    }
    Result<std::string> answer(const authz::AccountId& account_id, const Authenticator& key, std::uint32_t count) {
        const auto options = factors_->begin_assertion(account_id).value();
        return factors_->finish_assertion(account_id, assert_answer(key, challenge_of(options), count));
    }
    static std::string challenge_of(const boost::json::object& options) {
        return std::string(options.at("challenge").as_string());
    }

    std::vector<FactorKind> kinds(const authz::AccountId& account_id) {
        return database_.read([&](db::Session& session) { return factors_->kinds_of(session, account_id); }).value();
    }
    bool has_any(const authz::AccountId& account_id) {
        return database_.read([&](db::Session& session) { return factors_->has_any(session, account_id); }).value();
    }
    bool is_audited(const authz::AccountId& account_id, const std::string& act) {
        const auto page = audit_->entries_of("account", account_id.text, std::nullopt, 100).value();
        return std::ranges::any_of(page.entries, [&](const auto& entry) { return entry.act == act; });
    }
    /// Every text that the tables of factors and the trace hold.
    std::string everything_stored() {
        return database_
            .read([](db::Session& session) {
                std::string all;
                for (const char* sql :
                     {"SELECT name || ' ' || secret FROM second_factors", "SELECT code_index FROM recovery_codes",
                      "SELECT summary FROM audit_entries", "SELECT challenge_hash FROM factor_challenges"}) {
                    // `||` is OR in MariaDB, so only SQLite is asked.
                    for (const auto& text : session.rows<std::string>(sql)) all += text + "\n";
                }
                return all;
            })
            .value();
    }

  private:
    db::Database& database_;
    FixedClock clock_{1'796'200'000'000};
    std::string key_text_ = crypto::new_key_ring_text();
    crypto::KeyRing key_ring_ = crypto::KeyRing::load(key_text_).value();
    std::unique_ptr<audit::Audit> audit_;
    Accounts accounts_;
    std::unique_ptr<identity::Factors> factors_;
};

void on_each_office(const std::function<void(Office&)>& body) {
    db::testing::on_each_database({"identity", "audit"}, [&](db::Database& database) {
        Office office(database);
        body(office);
    });
}

template <class T>
std::string reason_of(const Result<T>& result) {
    return result ? "none" : result.error().reason;
}

/// How often each reason came out of `act`, done on several threads at once.
std::map<std::string, int> at_once(int threads, const std::function<std::string(int)>& act) {
    std::map<std::string, int> reasons;
    std::mutex mutex;
    std::vector<std::jthread> running;
    for (int i = 0; i < threads; ++i) {
        running.emplace_back([&, i] {
            const auto reason = act(i);
            const std::scoped_lock lock(mutex);
            reasons[reason] += 1;
        });
    }
    running.clear();
    return reasons;
}

}  // namespace

TEST_CASE("an app works from its first code on, and each code once") {
    on_each_office([](Office& office) {
        const auto begun = office->begin_totp(kLi, "我的手机").value();
        CHECK(begun.otpauth_uri.starts_with("otpauth://totp/%E5%BC%80%E5%B7%A5:li?secret=" + begun.secret));
        const auto secret = crypto::from_base32(begun.secret).value();
        CHECK_FALSE(office.has_any(kLi));
        CHECK(reason_of(office->verify_totp(kLi, office.code_of(secret))) == "identity.factor_code_wrong");
        CHECK(reason_of(office->confirm_totp(kLi, begun.factor_id, office.wrong_code_of(secret))) ==
              "identity.factor_code_wrong");
        CHECK(reason_of(office->confirm_totp(kWang, begun.factor_id, office.code_of(secret))) ==
              "identity.factor_not_found");
        CHECK(office->confirm_totp(kLi, begun.factor_id, office.code_of(secret)).value().name == "我的手机");
        CHECK(reason_of(office->confirm_totp(kLi, begun.factor_id, office.code_of(secret))) ==
              "identity.factor_not_found");
        CHECK(office.kinds(kLi) == std::vector{FactorKind::totp});
        // The code that confirmed it is used up.
        CHECK(reason_of(office->verify_totp(kLi, office.code_of(secret))) == "identity.factor_code_used");
        office.wait(crypto::kTotpStepMs);
        const auto code = office.code_of(secret);
        CHECK(office->verify_totp(kLi, code).value() == begun.factor_id);
        CHECK(reason_of(office->verify_totp(kLi, code)) == "identity.factor_code_used");
        CHECK(reason_of(office->verify_totp(kWang, code)) == "identity.factor_code_wrong");
        CHECK(office->list(kLi).value().factors.front().last_used_at_ms.has_value());
        CHECK(office.is_audited(kLi, "identity.add_factor"));
        CHECK(office.accounts().was_told(FactorEvent::added));
    });
}

TEST_CASE("of two uses of one code at the same time one wins") {
    on_each_office([](Office& office) {
        const auto secret = office.add_app(kLi);
        for (int round = 0; round < 5; ++round) {
            const auto code = office.code_of(secret);
            const auto reasons = at_once(4, [&](int) { return reason_of(office->verify_totp(kLi, code)); });
            CHECK(reasons == std::map<std::string, int>{{"none", 1}, {"identity.factor_code_used", 3}});
            office.wait(crypto::kTotpStepMs);
            REQUIRE(office->verify_totp(kLi, office.code_of(secret)));  // forgets the three
            office.wait(crypto::kTotpStepMs);
        }
    });
}

TEST_CASE("an enrolment that was not confirmed within ten minutes is over") {
    on_each_office([](Office& office) {
        const auto begun = office->begin_totp(kLi, "旧手机").value();
        office.wait(10 * kMinuteMs + 1);
        const auto secret = crypto::from_base32(begun.secret).value();
        CHECK(reason_of(office->confirm_totp(kLi, begun.factor_id, office.code_of(secret))) ==
              "identity.factor_expired");
        for (int i = 0; i < 10; ++i) CHECK(office->begin_totp(kLi, "新手机"));
        CHECK(reason_of(office->begin_totp(kLi, "又一个")) == "identity.factor_too_many");
        CHECK(reason_of(office->begin_registration(kLi)) == "identity.factor_too_many");
        office.wait(10 * kMinuteMs + 1);
        CHECK(office->begin_totp(kLi, "又一个"));
    });
}

TEST_CASE("after five wrong proofs the right one is refused too, for a quarter of an hour") {
    on_each_office([](Office& office) {
        const auto secret = office.add_app(kLi);
        for (int i = 0; i < 4; ++i) {
            CHECK(reason_of(office->verify_totp(kLi, office.wrong_code_of(secret))) == "identity.factor_code_wrong");
        }
        CHECK(reason_of(office->use_recovery_code(kLi, "AAAAA-AAAAA")) == "identity.factor_recovery_code_wrong");
        CHECK(office.accounts().was_told(FactorEvent::paused));
        CHECK(office.is_audited(kLi, "identity.pause_factors"));
        CHECK(reason_of(office->verify_totp(kLi, office.code_of(secret))) == "identity.factor_paused");
        CHECK(reason_of(office->use_recovery_code(kLi, "AAAAA-AAAAA")) == "identity.factor_paused");
        office.wait(15 * kMinuteMs);
        CHECK(office->verify_totp(kLi, office.code_of(secret)));
        // A good proof forgets the wrong ones before it.
        for (int i = 0; i < 4; ++i) (void)office->verify_totp(kLi, office.wrong_code_of(secret));
        office.wait(crypto::kTotpStepMs);
        CHECK(office->verify_totp(kLi, office.code_of(secret)));
        CHECK(reason_of(office->verify_totp(kLi, office.wrong_code_of(secret))) == "identity.factor_code_wrong");
    });
}

TEST_CASE("guessing on many threads at once gives no more than five tries") {
    on_each_office([](Office& office) {
        const auto secret = office.add_app(kLi);
        const auto wrong = office.wrong_code_of(secret);
        const auto reasons = at_once(12, [&](int) { return reason_of(office->verify_totp(kLi, wrong)); });
        CHECK(reasons == std::map<std::string, int>{{"identity.factor_code_wrong", 5}, {"identity.factor_paused", 7}});
    });
}

TEST_CASE("a security key is registered once, and answers each challenge once") {
    on_each_office([](Office& office) {
        const Authenticator key;
        const auto options = office->begin_registration(kLi).value();
        CHECK(options.at("rp").at("id").as_string() == "permits.example.gov.cn");
        CHECK(options.at("attestation").as_string() == "none");
        const auto registration = office.register_answer(key, Office::challenge_of(options));
        CHECK(reason_of(office->finish_registration(kWang, registration)) == "identity.factor_challenge_expired");
        CHECK(office->finish_registration(kLi, registration).value().kind == FactorKind::webauthn);
        CHECK(reason_of(office->finish_registration(kLi, registration)) == "identity.factor_challenge_expired");
        CHECK(reason_of(office.add_key(kLi, key)) == "identity.factor_registered_already");
        CHECK(reason_of(office.add_key(kWang, key)) == "identity.factor_registered_already");
        CHECK(office->begin_registration(kLi).value().at("excludeCredentials").as_array().size() == 1);

        CHECK(office.answer(kLi, key, 1));
        const auto challenge = Office::challenge_of(office->begin_assertion(kLi).value());
        const auto assertion = office.assert_answer(key, challenge, 2);
        CHECK(office->finish_assertion(kLi, assertion));
        CHECK(reason_of(office->finish_assertion(kLi, assertion)) == "identity.factor_challenge_expired");
        CHECK(reason_of(office.answer(kLi, Authenticator(), 3)) == "identity.factor_not_found");
        CHECK(reason_of(office->begin_assertion(kWang)) == "identity.factor_not_found");
    });
}

TEST_CASE("a challenge is good for five minutes, for one account and for one purpose") {
    on_each_office([](Office& office) {
        const Authenticator key;
        REQUIRE(office.add_key(kLi, key));
        const Authenticator other;
        REQUIRE(office.add_key(kWang, other));
        const auto late = Office::challenge_of(office->begin_assertion(kLi).value());
        office.wait(5 * kMinuteMs);
        CHECK(reason_of(office->finish_assertion(kLi, office.assert_answer(key, late, 1))) ==
              "identity.factor_challenge_expired");
        const auto of_wang = Office::challenge_of(office->begin_assertion(kWang).value());
        CHECK(reason_of(office->finish_assertion(kLi, office.assert_answer(key, of_wang, 1))) ==
              "identity.factor_challenge_expired");
        const auto of_registration = Office::challenge_of(office->begin_registration(kLi).value());
        CHECK(reason_of(office->finish_assertion(kLi, office.assert_answer(key, of_registration, 1))) ==
              "identity.factor_challenge_expired");
    });
}

TEST_CASE("a security key that counts backwards may be two, and is told") {
    on_each_office([](Office& office) {
        const Authenticator key;
        REQUIRE(office.add_key(kLi, key));
        CHECK(office.answer(kLi, key, 9));
        CHECK(reason_of(office.answer(kLi, key, 9)) == "identity.factor_clone_suspected");
        CHECK(office.accounts().was_told(FactorEvent::clone_suspected));
        CHECK(office.is_audited(kLi, "identity.suspect_clone"));
        CHECK(office.answer(kLi, key, 10));
    });
}

TEST_CASE("of two keys with one count at the same time one is let in") {
    on_each_office([](Office& office) {
        const Authenticator key;
        REQUIRE(office.add_key(kLi, key));
        std::vector<identity::WebauthnAssertion> answers;
        for (int i = 0; i < 2; ++i) {
            const auto challenge = Office::challenge_of(office->begin_assertion(kLi).value());
            answers.push_back(office.assert_answer(key, challenge, 5));
        }
        const auto reasons = at_once(
            2, [&](int i) { return reason_of(office->finish_assertion(kLi, answers[static_cast<std::size_t>(i)])); });
        CHECK(reasons == std::map<std::string, int>{{"none", 1}, {"identity.factor_clone_suspected", 1}});
    });
}

TEST_CASE("recovery codes are ten, good once each, and void when new ones are made") {
    on_each_office([](Office& office) {
        CHECK(reason_of(office->make_recovery_codes(kLi)) == "identity.factor_none");
        office.add_app(kLi);
        const auto codes = office->make_recovery_codes(kLi).value();
        REQUIRE(codes.size() == 10);
        CHECK(office->list(kLi).value().recovery_codes_left == 10);
        CHECK(office->use_recovery_code(kLi, codes[0]).value() == 9);
        CHECK(office.accounts().was_told(FactorEvent::recovery_code_used));
        CHECK(office.is_audited(kLi, "identity.use_recovery_code"));
        CHECK(reason_of(office->use_recovery_code(kLi, codes[0])) == "identity.factor_recovery_code_wrong");
        CHECK(reason_of(office->use_recovery_code(kWang, codes[1])) == "identity.factor_recovery_code_wrong");
        std::string as_typed = " " + codes[1].substr(0, 5) + " " + codes[1].substr(6);
        std::ranges::transform(as_typed, as_typed.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
        CHECK(office->use_recovery_code(kLi, as_typed).value() == 8);
        const auto reasons = at_once(4, [&](int) { return reason_of(office->use_recovery_code(kLi, codes[2])); });
        CHECK(reasons == std::map<std::string, int>{{"none", 1}, {"identity.factor_recovery_code_wrong", 3}});
        const auto fresh = office->make_recovery_codes(kLi).value();
        CHECK(reason_of(office->use_recovery_code(kLi, codes[3])) == "identity.factor_recovery_code_wrong");
        CHECK(office->use_recovery_code(kLi, fresh[3]).value() == 9);
    });
}

TEST_CASE("a recovery code whose key is retired is none that is left") {
    on_each_office([](Office& office) {
        office.add_app(kLi);
        const auto codes = office->make_recovery_codes(kLi).value();
        office.change_key();
        CHECK(office->list(kLi).value().recovery_codes_left == 10);
        CHECK(office->use_recovery_code(kLi, codes[0]).value() == 9);
        office.retire_former_key();
        CHECK(office->list(kLi).value().recovery_codes_left == 0);
    });
}

TEST_CASE("the last factor stays where one is forced, unless an administrator resets") {
    on_each_office([](Office& office) {
        office.add_app(kWang);
        const Authenticator key;
        REQUIRE(office.add_key(kWang, key));
        const auto factors = office->list(kWang).value().factors;
        REQUIRE(factors.size() == 2);
        CHECK(reason_of(office->remove(kLi, factors[0].factor_id)) == "identity.factor_not_found");
        const auto reasons = at_once(
            2, [&](int i) { return reason_of(office->remove(kWang, factors[static_cast<std::size_t>(i)].factor_id)); });
        CHECK(reasons == std::map<std::string, int>{{"none", 1}, {"identity.factor_last", 1}});
        REQUIRE(office->make_recovery_codes(kWang));
        REQUIRE(office.database().transact([&](db::Session& session) { office->reset_all(session, kWang, kLi); }));
        CHECK_FALSE(office.has_any(kWang));
        CHECK(office->list(kWang).value().recovery_codes_left == 0);
        CHECK(office.is_audited(kWang, "identity.reset_factors"));
        CHECK(office.accounts().was_told(FactorEvent::reset));
    });
}

TEST_CASE("who removes his last factor has no recovery codes either, and names can be changed") {
    on_each_office([](Office& office) {
        office.add_app(kLi);
        REQUIRE(office->make_recovery_codes(kLi));
        const auto factor_id = office->list(kLi).value().factors.front().factor_id;
        CHECK(office->rename(kLi, factor_id, "新手机").value().name == "新手机");
        CHECK(office->list(kLi).value().factors.front().name == "新手机");
        CHECK(reason_of(office->rename(kWang, factor_id, "别人的")) == "identity.factor_not_found");
        CHECK(office->remove(kLi, factor_id));
        CHECK(office->list(kLi).value().recovery_codes_left == 0);
        CHECK(office.kinds(kLi).empty());
        CHECK(office.accounts().was_told(FactorEvent::removed));
    });
}

TEST_CASE("a copy of the database holds no secret, no code, no challenge and no name") {
    const db::testing::SqliteForTest storage{"identity", "audit"};
    Office office(*storage);
    const auto begun = office->begin_totp(kLi, "李四的手机").value();
    const auto secret = crypto::from_base32(begun.secret).value();
    REQUIRE(office->confirm_totp(kLi, begun.factor_id, office.code_of(secret)));
    const auto codes = office->make_recovery_codes(kLi).value();
    REQUIRE(office.add_key(kLi, Authenticator()));
    const auto challenge = Office::challenge_of(office->begin_assertion(kLi).value());
    const auto stored = office.everything_stored();
    REQUIRE(stored.size() > 500);
    for (const auto& text : {std::string("李四"), begun.secret, crypto::to_text(secret), challenge,
                             codes[0].substr(0, 5) + codes[0].substr(6), codes[0]}) {
        CHECK(stored.find(text) == std::string::npos);
    }
}

TEST_CASE("the site is what browsers call it; a name for security keys is the host or above it") {
    const auto site = [](const char* url, const char* rp_id = "") {
        const auto found = identity::factor_site(url, rp_id);
        return found ? found->origin + " " + found->rp_id : found.error().reason;
    };
    CHECK(site("https://permits.example.gov.cn") == "https://permits.example.gov.cn permits.example.gov.cn");
    CHECK(site("https://Permits.Example.gov.cn:443/kaigong") ==
          "https://permits.example.gov.cn permits.example.gov.cn");
    CHECK(site("http://localhost:8080") == "http://localhost:8080 localhost");
    CHECK(site("http://127.0.0.1:8080") == "http://127.0.0.1:8080 ");
    CHECK(site("http://[::1]:80") == "http://[::1] ");
    CHECK(site("https://permits.example.gov.cn", "example.gov.cn") == "https://permits.example.gov.cn example.gov.cn");
    for (const char* wrong : {"cn", "ample.gov.cn", "other.example", "a.permits.example.gov.cn"}) {
        CHECK(site("https://permits.example.gov.cn", wrong) == "identity.webauthn_rp_id_invalid");
    }
    CHECK(site("http://127.0.0.1", "0.0.1") == "identity.webauthn_rp_id_invalid");
    CHECK(site("permits.example.gov.cn") == "identity.webauthn_rp_id_invalid");
}
