#include "modules/identity/factors.hpp"
#include "modules/identity/identity.hpp"
#include "modules/identity/organisations.hpp"
#include "modules/identity/own_account.hpp"
#include "modules/identity/people.hpp"
#include "modules/identity/sign_in.hpp"
#include "modules/identity/successions.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "base/log.hpp"

namespace kaigong::identity {
namespace {

constexpr int kOldRowsAtOnce = 1'000;
constexpr std::int64_t kCleanEveryMs = 10 * kMinuteMs;

Error name_taken() {
    return error(Errc::conflict, "identity.account_name_taken", "这个账号名已被使用，请换一个。");
}

FactorSite site_of(const Parts& parts) {
    auto site = factor_site(parts.public_url, parts.policy.webauthn_rp_id);
    if (!site) throw std::logic_error("the public address is not one: " + site.error().reason);
    return std::move(*site);
}

class IdentityService final : public IdentityOffice, private FactorAccounts {
  public:
    IdentityService(const Parts& parts, const authz::Permissions& permissions)
        : shared_(parts, permissions),
          sessions_(shared_),
          factors_(make_factors({parts.database, parts.machine_clock, parts.office_clock, parts.key_ring, parts.audit,
                                 *this, site_of(parts)})),
          sign_in_(shared_, sessions_, *factors_),
          id_numbers_(shared_, sessions_),
          own_account_(shared_, sessions_, sign_in_),
          organisations_(shared_, sessions_),
          successions_(shared_),
          people_(shared_, sessions_, sign_in_, *factors_, id_numbers_) {}

    std::optional<Account> find_account(const authz::AccountId& account_id) override;
    std::string name_of(const authz::AccountId& account_id) override;
    IdNumberStanding standing_of(const authz::AccountId& account_id, const std::string& id_number) override {
        return id_numbers_.standing_of(account_id.text, id_number);
    }
    Result<void> vouch_for_id_number(const authz::AccountId& account_id, const std::string& id_number) override {
        return id_numbers_.vouch_for(account_id.text, id_number);
    }
    bool same_person(db::Session& session, const authz::AccountId& one, const authz::AccountId& other) override {
        return shared_.accounts.same_person(session, one.text, other.text);
    }
    Result<std::vector<Account>> find_officers(const OfficerQuery& query) override {
        return shared_.parts.database.read([&](db::Session& session) { return find_officers(session, query); });
    }
    std::vector<Account> find_officers(db::Session& session, const OfficerQuery& query) override;
    Result<Account> create(const NewAccount& wanted, std::int64_t now_ms) override;
    Result<Account> create_without_password(db::Session& session, const Account& account, std::int64_t now_ms) override;
    bool has_password_way_in(db::Session& session, const authz::AccountId& account_id) override;
    Result<void> check_ways_in() override;
    Result<http::Session> authenticate(const http::Credentials& credentials) override {
        return sessions_.authenticate(credentials);
    }
    std::vector<http::Endpoint> routes() override;
    void when_access_ends(std::function<void(db::Session&, const AccessEnd&)> end) override {
        shared_.end_access = std::move(end);
    }
    Result<std::optional<Account>> find_acting(const authz::AccountId& account_id,
                                               const std::string& organisation_id) override;
    std::string organisation_name_of(const std::string& credit_code) override;
    std::optional<SessionFacts> find_session(const std::string& session_id) override;
    Result<std::string> begin_session(const authz::AccountId& account_id, const http::Request& request,
                                      std::int64_t proven_at_ms) override;
    std::int64_t make_round(std::int64_t now_ms) override;
    Result<std::vector<std::string>> accounts_with_password(const std::vector<std::string>& account_names,
                                                            const std::string& password) override;
    Result<std::vector<ShownMessage>> shown_messages() override { return shared_.messages.shown(); }

  private:
    std::string account_name(db::Session& session, const authz::AccountId& account_id) override;
    bool is_factor_forced(db::Session& session, const authz::AccountId& account_id) override;
    bool may_enrol(db::Session& session, const std::string& session_id) override {
        const auto row = store::find_session(session, session_id);
        const auto account = row ? store::find_account(session, row->account_id) : std::nullopt;
        return account && !sign_in_.owes_enrolment_code(session, *row, *account);
    }
    void enrolled(db::Session& session, const std::string& session_id) override {
        store::set_session_method(session, session_id, kEnrolledHere);
    }
    void told(db::Session& session, const authz::AccountId& account_id, FactorEvent event) override;
    Result<Account> insert(db::Session& session, Account account, const std::string& password_hash,
                           std::int64_t now_ms);
    void forget_what_is_old(std::int64_t now_ms);

    Shared shared_;
    Sessions sessions_;
    std::unique_ptr<Factors> factors_;
    SignIn sign_in_;
    IdNumbers id_numbers_;
    OwnAccount own_account_;
    Organisations organisations_;
    Successions successions_;
    People people_;
    std::int64_t cleaned_at_ms_ = 0;
};

std::optional<Account> IdentityService::find_account(const authz::AccountId& account_id) {
    auto found = shared_.parts.database.read([&](db::Session& session) -> std::optional<Account> {
        const auto row = store::find_account(session, account_id.text);
        if (!row) return std::nullopt;
        return shared_.accounts.acting(session, *row, "", shared_.today());
    });
    return found ? std::move(*found) : std::nullopt;
}

std::string IdentityService::name_of(const authz::AccountId& account_id) {
    const auto account = find_account(account_id);
    if (!account) return account_id.text;
    return account->department_name.empty() ? account->display_name
                                            : account->display_name + "（" + account->department_name + "）";
}

std::vector<Account> IdentityService::find_officers(db::Session& session, const OfficerQuery& query) {
    // GB/T 2260: the city of 330106 is 330100, its province 330000.
    const auto above = [&](std::size_t digits) {
        auto code = query.region_code.substr(0, digits);
        code.resize(query.region_code.size(), '0');
        return code;
    };
    const auto rows = store::officers_of(session, query.region_code, above(4), above(2), kOfficersMax);
    std::vector<Account> found;
    for (const auto& row : rows) {
        if (found.size() == query.limit) break;
        if (!query.department.empty() && row.department != query.department) continue;
        auto account = shared_.accounts.of_row(row);
        const auto has_text = [&](const std::string& where) { return where.find(query.text) != std::string::npos; };
        if (has_text(account.display_name) || has_text(account.department_name)) found.push_back(std::move(account));
    }
    return found;
}

Result<Account> IdentityService::create(const NewAccount& wanted, std::int64_t now_ms) {
    KAIGONG_CHECK(Passwords::check_strength(wanted.password, wanted.account.account_name));
    // Looked at before the expensive hash; the unique key decides when two come at once.
    KAIGONG_TRY(taken, shared_.parts.database.read([&](db::Session& session) {
        return store::find_account_by_name(session, wanted.account.account_name).has_value();
    }));
    if (taken) return name_taken();
    KAIGONG_TRY(hash, shared_.passwords.hash(wanted.password));
    return shared_.parts.database.transact(
        [&](db::Session& session) { return insert(session, wanted.account, hash, now_ms); });
}

Result<Account> IdentityService::create_without_password(db::Session& session, const Account& account,
                                                         std::int64_t now_ms) {
    return insert(session, account, "", now_ms);
}

Result<Account> IdentityService::insert(db::Session& session, Account account, const std::string& password_hash,
                                        std::int64_t now_ms) {
    account.account_id = new_id<authz::AccountId>(now_ms);
    const auto& id = account.account_id.text;
    store::AccountRow row;
    row.account_id = id;
    row.account_name = account.account_name;
    row.password_hash = password_hash;
    row.display_name = shared_.accounts.sealed_name(id, account.display_name);
    row.kind = to_string(account.kind);
    row.organisation_name = account.organisation_name;
    row.credit_code = account.credit_code;
    row.department = account.department;
    row.department_name = account.department_name;
    row.region_code = account.region_code;
    row.roles = roles_text(account.roles);
    row.created_at_ms = now_ms;
    row.state = "active";
    row.post = account.post;
    row.matters = texts_text(account.matters);
    row.clearance = to_string(account.clearance);
    row.password_changed_at_ms = shared_.now_ms();
    const auto phone = shared_.accounts.seal("phone", id, account.phone);
    row.phone = phone.sealed;
    if (!store::insert_account(session, row, phone, {})) return name_taken();
    if (!account.credit_code.empty()) organisations_.join(session, account, now_ms);
    shared_.audit(session, {id, "identity.create_account", "system", "系统", "新建账号"});
    return account;
}

bool IdentityService::has_password_way_in(db::Session& session, const authz::AccountId& account_id) {
    const auto row = store::find_account(session, account_id.text);
    return row && !row->password_hash.empty() && !sign_in_.is_by_provider_only(*row);
}

/// A slip in a name, a blocked account, nobody with a second factor: found out now and not when the provider is down.
/// One that lacks its factor is told and does not get in; the others are enough to serve.
Result<void> IdentityService::check_ways_in() {
    const auto& policy = shared_.parts.policy;
    if (!policy.staff_by_provider_only) return {};
    if (policy.emergency_accounts.empty()) {
        return error(
            Errc::invalid_input, "identity.no_emergency_account",
            "只许从统一身份平台登录时，须在 identity.emergency_accounts 里写明应急账号，否则平台停用时无人能进。");
    }
    bool anybody = false;
    for (const auto& name : policy.emergency_accounts) {
        KAIGONG_TRY(found, shared_.parts.database.read([&](db::Session& session) {
            auto row = store::find_account_by_name(session, name);
            const bool has_factor = row && factors_->has_any(session, {row->account_id});
            return std::pair(std::move(row), has_factor);
        }));
        const auto& [row, has_factor] = found;
        const bool has_password = row && !row->password_hash.empty() && !row->password_initial;
        if (!row || !sign_in_.is_emergency(*row) || row->state != "active" || !has_password) {
            return error(Errc::invalid_input, "identity.emergency_account_unfit",
                         "identity.emergency_accounts 里的 " + name +
                             " 不是能用密码登录的工作人员或管理员账号（不存在、已停用、没有密码，或者还没有改过初始密码"
                             "），请改正。");
        }
        if (!has_factor) log_event(LogLevel::warning, "identity.emergency_account_without_factor", {});
        anybody = anybody || has_factor;
    }
    if (anybody) return {};
    return error(Errc::invalid_input, "identity.no_emergency_factor",
                 "应急账号都没有绑定两步验证。请先关掉 identity.officers_by_provider_only，登录并绑定后再打开。");
}

Result<std::vector<std::string>> IdentityService::accounts_with_password(const std::vector<std::string>& account_names,
                                                                         const std::string& password) {
    std::vector<std::string> found;
    for (const auto& name : account_names) {
        KAIGONG_TRY(row, shared_.parts.database.read(
                             [&](db::Session& session) { return store::find_account_by_name(session, name); }));
        if (row && shared_.passwords.is_right(password, row->password_hash)) found.push_back(name);
    }
    return found;
}

Result<std::optional<Account>> IdentityService::find_acting(const authz::AccountId& account_id,
                                                            const std::string& organisation_id) {
    return shared_.parts.database.read([&](db::Session& session) -> std::optional<Account> {
        const auto row = store::find_account(session, account_id.text);
        if (!row) return std::nullopt;
        return shared_.accounts.acting(session, *row, organisation_id, shared_.today());
    });
}

std::string IdentityService::organisation_name_of(const std::string& credit_code) {
    if (credit_code.empty()) return "";
    const auto row = shared_.parts.database.read(
        [&](db::Session& session) { return store::find_organisation_by_code(session, credit_code); });
    return row && *row ? (*row)->organisation_name : "";
}

std::optional<SessionFacts> IdentityService::find_session(const std::string& session_id) {
    const auto row =
        shared_.parts.database.read([&](db::Session& session) { return store::find_session(session, session_id); });
    if (!row || !*row || shared_.now_ms() > sessions_.idle_until_ms(**row)) return std::nullopt;
    return SessionFacts{{(*row)->account_id}, (*row)->authenticated_at_ms, (*row)->organisation_id};
}

/// The provider stands for the password; what the office asks beside it (second factor) stays asked.
Result<std::string> IdentityService::begin_session(const authz::AccountId& account_id, const http::Request& request,
                                                   std::int64_t proven_at_ms) {
    KAIGONG_TRY(row, shared_.parts.database.read(
                         [&](db::Session& session) { return store::find_account(session, account_id.text); }));
    if (!row) return signed_out();
    return sign_in_.open(*row, std::string(kByProvider), origin_of(request), proven_at_ms);
}

std::string IdentityService::account_name(db::Session& session, const authz::AccountId& account_id) {
    const auto row = store::find_account(session, account_id.text);
    return row ? row->account_name : "";
}

bool IdentityService::is_factor_forced(db::Session& session, const authz::AccountId& account_id) {
    const auto row = store::find_account(session, account_id.text);
    return row && sign_in_.is_factor_forced(*row);
}

void IdentityService::told(db::Session& session, const authz::AccountId& account_id, FactorEvent event) {
    const auto row = store::find_account(session, account_id.text);
    if (!row || row->phone.empty()) return;
    const auto words = [&]() -> std::string {
        switch (event) {
            case FactorEvent::added: return "您的账号新绑定了一种两步验证方式";
            case FactorEvent::removed: return "您的账号解除了一种两步验证方式";
            case FactorEvent::reset: return "管理员重置了您账号的两步验证";
            case FactorEvent::recovery_codes_made: return "您的账号重新生成了恢复码，旧的已作废";
            case FactorEvent::recovery_code_used: return "有人用恢复码登录了您的账号";
            case FactorEvent::paused: return "您的账号两步验证连续失败，已暂停 15 分钟";
            case FactorEvent::clone_suspected: return "您的安全密钥可能被复制，请停用并更换";
            case FactorEvent::enrolment_code_given: return "安全管理员为您的账号发放了两步验证绑定码";
        }
        return "";
    }();
    shared_.messages.post(session,
                          {"sms", "factor", shared_.accounts.of_row(*row).phone,
                           "【开工】" + words + "。如不是您本人操作，请立即修改密码并联系管理员。"},
                          shared_.now_ms());
}

void IdentityService::forget_what_is_old(std::int64_t now_ms) {
    const auto& policy = shared_.parts.policy;
    const auto done = shared_.parts.database.transact([&](db::Session& session) {
        store::remove_sessions_before(session, now_ms - policy.idle_ms, now_ms - policy.absolute_ms);
        store::forget_failures_before(session, now_ms - policy.lock_ms, now_ms);
        store::remove_codes_before(session, now_ms - kHourMs);
        store::remove_messages_before(session, now_ms - policy.messages_kept_ms, kOldRowsAtOnce);
        // The smallest id of that time: ids begin with their milliseconds.
        const auto oldest = new_id<authz::AccountId>(now_ms - policy.sign_ins_kept_ms).text.substr(0, 13);
        store::remove_sign_ins_before(session, oldest, kOldRowsAtOnce);
    });
    if (!done) log_error(LogLevel::error, "identity.old_rows_not_removed", done.error());
    organisations_.end_what_is_over(now_ms);
}

std::int64_t IdentityService::make_round(std::int64_t now_ms) {
    if (now_ms - cleaned_at_ms_ >= kCleanEveryMs) {
        cleaned_at_ms_ = now_ms;
        forget_what_is_old(now_ms);
    }
    return std::min(shared_.messages.deliver(now_ms), now_ms + kCleanEveryMs);
}

std::vector<http::Endpoint> IdentityService::routes() {
    std::vector<http::Endpoint> all = sign_in_.routes();
    for (auto&& more : {own_account_.routes(), id_numbers_.routes(), factors_->routes(), organisations_.routes(),
                        successions_.routes(), people_.routes()}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

}  // namespace

authz::Actor actor_of(const Account& account) {
    authz::Actor actor;
    actor.account_id = account.account_id;
    actor.kind = account.kind;
    actor.credit_code = account.credit_code;
    actor.department = account.department;
    actor.region_code = account.region_code;
    actor.roles = account.roles;
    actor.predecessor_codes = account.predecessor_codes;
    actor.matters = account.matters;
    actor.clearance = account.clearance;
    return actor;
}

std::unique_ptr<IdentityOffice> make_identity(Parts parts, const authz::Permissions& permissions) {
    return std::make_unique<IdentityService>(parts, permissions);
}

}  // namespace kaigong::identity
