// The class behind Factors, cut into files by kind: factors.cpp, totp_factors.cpp, webauthn_factors.cpp,
// recovery_codes.cpp, enrolment_codes.cpp, factor_routes.cpp. Only those include it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.hpp"
#include "modules/identity/factor_store.hpp"
#include "modules/identity/factors.hpp"

namespace kaigong::identity {

/// Apps and keys together, waiting ones too.
inline constexpr std::int64_t kFactorsMax = 10;
inline constexpr std::size_t kFactorNameMax = 60;

std::string_view name_of_kind(FactorKind kind);
Error factor_not_found();
Error too_many_factors();

class FactorService final : public Factors {
  public:
    explicit FactorService(FactorParts parts) : parts_(std::move(parts)) {}

    std::vector<FactorKind> kinds_of(db::Session& session, const authz::AccountId& account_id) override;
    bool has_any(db::Session& session, const authz::AccountId& account_id) override;
    int recovery_codes_left(db::Session& session, const authz::AccountId& account_id) override;

    Result<std::string> verify_totp(const authz::AccountId& account_id, std::string_view code) override;
    Result<int> use_recovery_code(const authz::AccountId& account_id, std::string_view code) override;
    Result<boost::json::object> begin_assertion(const authz::AccountId& account_id) override;
    Result<std::string> finish_assertion(const authz::AccountId& account_id,
                                         const WebauthnAssertion& assertion) override;

    Result<FactorList> list(const authz::AccountId& account_id) override;
    Result<TotpEnrolment> begin_totp(const authz::AccountId& account_id, std::string_view name) override;
    Result<Factor> confirm_totp(const authz::AccountId& account_id, std::string_view factor_id,
                                std::string_view code) override;
    Result<boost::json::object> begin_registration(const authz::AccountId& account_id) override;
    Result<Factor> finish_registration(const authz::AccountId& account_id,
                                       const WebauthnRegistration& registration) override;
    Result<std::vector<std::string>> make_recovery_codes(const authz::AccountId& account_id) override;
    Result<Factor> rename(const authz::AccountId& account_id, std::string_view factor_id,
                          std::string_view name) override;
    Result<void> remove(const authz::AccountId& account_id, std::string_view factor_id) override;
    void reset_all(db::Session& session, const authz::AccountId& account_id, const authz::AccountId& by) override;

    bool is_enrolment_code_owed(db::Session& session, const authz::AccountId& account_id) override;
    std::optional<std::int64_t> enrolment_code_until_ms(db::Session& session,
                                                        const authz::AccountId& account_id) override;
    Result<std::string> give_enrolment_code(db::Session& session, const authz::AccountId& account_id,
                                            std::int64_t until_ms) override;
    Result<void> prove_enrolment_code(const authz::AccountId& account_id, std::string_view code) override;

    std::vector<http::Endpoint> routes() override;

  private:
    /// What became of a proof. `used`: right, but not the first time.
    enum class Judged { good, used, wrong, paused };
    /// Takes the proof in the transaction that counts it; false when somebody was faster.
    using Take = std::function<bool(db::Session&)>;

    /// Counts the proof, pauses the account after too many wrong ones. No `take`: the proof is wrong.
    Result<Judged> judge(const authz::AccountId& account_id, const Take& take);
    static Error paused();

    Result<Factor> factor_of(const factor_store::FactorRow& row) const;
    Result<std::string> sealed_name(const std::string& factor_id, std::string_view name) const;
    void audit(db::Session& session, const authz::AccountId& account_id, std::string act, std::string summary) const;
    /// Fails with identity.factor_too_many. The account is held.
    Result<void> insert(db::Session& session, const factor_store::FactorRow& row) const;
    void added(db::Session& session, const authz::AccountId& account_id, FactorKind kind) const;

    Result<std::string> new_challenge(const authz::AccountId& account_id, const std::string& purpose);
    Result<void> take_challenge(const authz::AccountId& account_id, const std::string& purpose,
                                const std::string& challenge);
    Result<boost::json::array> credentials_of(const authz::AccountId& account_id);
    Result<std::string> finish_counted(const authz::AccountId& account_id, const factor_store::FactorRow& row,
                                       const Result<std::uint32_t>& count);

    Result<http::Reply> show(const http::Request& request);
    Result<http::Reply> begin_totp(const http::Request& request);
    Result<http::Reply> confirm_totp(const http::Request& request);
    Result<http::Reply> begin_registration(const http::Request& request);
    Result<http::Reply> finish_registration(const http::Request& request);
    Result<http::Reply> rename(const http::Request& request);
    Result<http::Reply> remove(const http::Request& request);
    Result<http::Reply> make_recovery_codes(const http::Request& request);
    Result<void> check_may_add(const http::Request& request);
    Result<void> note_enrolled(const http::Request& request);

    FactorParts parts_;
};

}  // namespace kaigong::identity
