#include "modules/identity/factors.hpp"

#include <algorithm>
#include <cctype>

#include "crypto/field_codec.hpp"
#include "modules/identity/factor_service.hpp"

namespace kaigong::identity {
namespace {

constexpr std::int64_t kTriesMax = 5;
constexpr std::int64_t kPauseMs = 15LL * 60'000;

FactorKind kind_of(const factor_store::FactorRow& row) {
    return row.kind == to_string(FactorKind::totp) ? FactorKind::totp : FactorKind::webauthn;
}

Error rp_id_invalid() {
    return error(Errc::invalid_input, "identity.webauthn_rp_id_invalid",
                 "identity.webauthn_rp_id 必须是 server.public_url 的主机名或它的上级域名，请修改配置后重新启动。");
}

/// `host[:port]`, in lower case, of `scheme://host[:port]/…`.
std::string authority_of(std::string_view url) {
    std::string authority(url.substr(0, url.find_first_of("/?#")));
    std::ranges::transform(authority, authority.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return authority;
}

bool is_ip_address(std::string_view host) {
    const auto last = host.substr(host.rfind('.') + 1);
    return host.starts_with('[') || std::ranges::all_of(last, [](unsigned char c) { return std::isdigit(c) != 0; });
}

}  // namespace

std::string_view to_string(FactorKind kind) {
    return kind == FactorKind::totp ? "totp" : "webauthn";
}

std::string_view name_of_kind(FactorKind kind) {
    return kind == FactorKind::totp ? "动态口令" : "安全密钥";
}

Error factor_not_found() {
    return error(Errc::not_found, "identity.factor_not_found", "没有找到这个验证方式，请刷新页面后重试。");
}

Error too_many_factors() {
    return error(Errc::conflict, "identity.factor_too_many",
                 "验证方式最多 10 个，请先删除不用的；刚才没有完成的，10 分钟后自动清除。");
}

Result<FactorSite> factor_site(std::string_view public_url, std::string_view rp_id_wanted) {
    const auto scheme_end = public_url.find("://");
    if (scheme_end == std::string_view::npos) return rp_id_invalid();
    const auto scheme = public_url.substr(0, scheme_end);
    auto authority = authority_of(public_url.substr(scheme_end + 3));
    // Browsers leave the usual port out of an origin.
    const std::string_view usual = scheme == "https" ? ":443" : ":80";
    if (authority.ends_with(usual)) authority.erase(authority.size() - usual.size());
    FactorSite site{std::string(scheme) + "://" + authority, {}};
    const bool has_port = !authority.ends_with(']') && authority.contains(':');
    const auto host = has_port ? authority.substr(0, authority.rfind(':')) : authority;
    if (host.empty()) return rp_id_invalid();
    if (!is_ip_address(host)) site.rp_id = host;
    if (rp_id_wanted.empty()) return site;
    const bool above = rp_id_wanted.contains('.') && site.rp_id.ends_with("." + std::string(rp_id_wanted));
    if (rp_id_wanted != site.rp_id && !above) return rp_id_invalid();
    site.rp_id = rp_id_wanted;
    return site;
}

std::vector<FactorKind> FactorService::kinds_of(db::Session& session, const authz::AccountId& account_id) {
    std::vector<FactorKind> kinds;
    for (const auto& row : factor_store::active_factors(session, account_id.text)) kinds.push_back(kind_of(row));
    std::ranges::sort(kinds);
    const auto rest = std::ranges::unique(kinds);
    kinds.erase(rest.begin(), rest.end());
    return kinds;
}

bool FactorService::has_any(db::Session& session, const authz::AccountId& account_id) {
    return !factor_store::active_factors(session, account_id.text).empty();
}

Result<FactorService::Judged> FactorService::judge(const authz::AccountId& account_id, const Take& take) {
    const auto now_ms = parts_.machine_clock.now_ms();
    return parts_.database.transact([&](db::Session& session) {
        if (!factor_store::count_try(session, account_id.text, now_ms)) return Judged::paused;
        if (take && take(session)) {
            factor_store::forget_tries(session, account_id.text);
            return Judged::good;
        }
        audit(session, account_id, "identity.factor_refused", "两步验证未通过");
        if (factor_store::failed_tries(session, account_id.text) >= kTriesMax) {
            factor_store::pause_until(session, account_id.text, now_ms + kPauseMs);
            audit(session, account_id, "identity.pause_factors", "两步验证连续出错，暂停 15 分钟");
            parts_.accounts.told(session, account_id, FactorEvent::paused);
        }
        return take ? Judged::used : Judged::wrong;
    });
}

Error FactorService::paused() {
    return error(Errc::rate_limited, "identity.factor_paused",
                 "两步验证连续出错 5 次，已暂停。请 15 分钟后再试；不是您本人操作的，请立即修改密码并联系管理员。");
}

Result<Factor> FactorService::factor_of(const factor_store::FactorRow& row) const {
    KAIGONG_TRY(name, crypto::open_field(parts_.key_ring, {"second_factors", "name", row.factor_id}, row.name));
    return Factor{row.factor_id, kind_of(row), std::move(name), row.created_at_ms, row.last_used_at_ms};
}

Result<std::string> FactorService::sealed_name(const std::string& factor_id, std::string_view name) const {
    return crypto::seal_field(parts_.key_ring, {"second_factors", "name", factor_id}, name);
}

/// Names of factors are the person's own words, so no entry holds one.
void FactorService::audit(db::Session& session, const authz::AccountId& account_id, std::string act,
                          std::string summary) const {
    parts_.audit.write(
        session, {"account", account_id.text, 1, std::move(act), account_id.text,
                  parts_.accounts.account_name(session, account_id), std::move(summary), parts_.office_clock.now_ms()});
}

Result<void> FactorService::insert(db::Session& session, const factor_store::FactorRow& row) const {
    if (factor_store::count_factors(session, row.account_id) >= kFactorsMax) return too_many_factors();
    if (factor_store::insert_factor(session, row)) return {};
    return error(Errc::conflict, "identity.factor_registered_already",
                 "这个安全密钥已经登记过，不必再登记；要换名称，请在列表里修改。");
}

void FactorService::added(db::Session& session, const authz::AccountId& account_id, FactorKind kind) const {
    factor_store::remove_enrolment_code(session, account_id.text);
    audit(session, account_id, "identity.add_factor", "添加两步验证方式：" + std::string(name_of_kind(kind)));
    parts_.accounts.told(session, account_id, FactorEvent::added);
}

Result<FactorList> FactorService::list(const authz::AccountId& account_id) {
    KAIGONG_TRY(found, parts_.database.read([&](db::Session& session) {
        return std::pair(factor_store::active_factors(session, account_id.text),
                         recovery_codes_left(session, account_id));
    }));
    FactorList list{{}, found.second};
    for (const auto& row : found.first) {
        KAIGONG_TRY(factor, factor_of(row));
        list.factors.push_back(std::move(factor));
    }
    return list;
}

Result<Factor> FactorService::rename(const authz::AccountId& account_id, std::string_view factor_id,
                                     std::string_view name) {
    const std::string id(factor_id);
    KAIGONG_TRY(sealed, sealed_name(id, name));
    KAIGONG_TRY(row, parts_.database.transact([&](db::Session& session) -> Result<factor_store::FactorRow> {
        factor_store::hold_account(session, account_id.text);
        auto found = factor_store::find_factor(session, account_id.text, id);
        if (!found || found->state != "active") return factor_not_found();
        factor_store::set_factor_name(session, id, sealed);
        audit(session, account_id, "identity.rename_factor", "修改两步验证方式的名称");
        found->name = sealed;
        return std::move(*found);
    }));
    return factor_of(row);
}

Result<void> FactorService::remove(const authz::AccountId& account_id, std::string_view factor_id) {
    const std::string id(factor_id);
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        factor_store::hold_account(session, account_id.text);
        const auto rows = factor_store::active_factors(session, account_id.text);
        const auto row = std::ranges::find(rows, id, &factor_store::FactorRow::factor_id);
        if (row == rows.end()) return factor_not_found();
        const bool is_last = rows.size() == 1;
        if (is_last && parts_.accounts.is_factor_forced(session, account_id)) {
            return error(Errc::conflict, "identity.factor_last",
                         "您的账号必须保留至少一种两步验证方式。请先添加新的，再删除这一个。");
        }
        factor_store::remove_factor(session, id);
        if (is_last) factor_store::remove_recovery_codes(session, account_id.text);
        audit(session, account_id, "identity.remove_factor",
              "删除两步验证方式：" + std::string(name_of_kind(kind_of(*row))));
        parts_.accounts.told(session, account_id, FactorEvent::removed);
        return {};
    });
}

void FactorService::reset_all(db::Session& session, const authz::AccountId& account_id, const authz::AccountId& by) {
    factor_store::hold_account(session, account_id.text);
    factor_store::remove_all(session, account_id.text);
    factor_store::save_enrolment_code(session, {account_id.text, "", 0});
    parts_.audit.write(session,
                       {"account", account_id.text, 1, "identity.reset_factors", by.text,
                        parts_.accounts.account_name(session, by), "管理员重置两步验证", parts_.office_clock.now_ms()});
    parts_.accounts.told(session, account_id, FactorEvent::reset);
}

std::unique_ptr<Factors> make_factors(FactorParts parts) {
    return std::make_unique<FactorService>(std::move(parts));
}

}  // namespace kaigong::identity
