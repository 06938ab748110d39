#include "modules/identity/accounts.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

#include "crypto/field_codec.hpp"

namespace kaigong::identity {
namespace {

using boost::json::array;

constexpr std::string_view kAccountsTable = "accounts";
constexpr std::string_view kProfilesTable = "account_profiles";
constexpr std::size_t kPhoneDigits = 11;
constexpr std::size_t kEmailMax = 120;
constexpr std::size_t kAccountNameMin = 3;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Roles of who acts for himself are on the account; an agent has those of the organisation he acts for.
void act_for(Account& account, const store::ActingRow& acting, std::vector<std::string> predecessors) {
    account.organisation_id = acting.organisation_id;
    account.organisation_name = acting.organisation_name;
    account.credit_code = acting.credit_code;
    account.predecessor_codes = std::move(predecessors);
    account.roles = {authz::Role::owner_agent};
}

void act_for_himself(Account& account) {
    account.organisation_id.clear();
    account.organisation_name.clear();
    account.credit_code.clear();
    std::erase(account.roles, authz::Role::owner_agent);
}

}  // namespace

std::string Accounts::opened(std::string_view table, std::string_view field, const std::string& account_id,
                             const std::string& sealed) const {
    if (sealed.empty()) return "";
    auto value = crypto::open_field(key_ring_, {table, field, account_id}, sealed);
    // A key that is gone: a clear stop, never half a person.
    if (!value) throw std::runtime_error("a sealed value of an account does not open: " + value.error().reason);
    return std::move(*value);
}

Account Accounts::of_row(const store::AccountRow& row) const {
    Account account;
    account.account_id = {row.account_id};
    account.account_name = row.account_name;
    account.display_name = opened(kAccountsTable, "display_name", row.account_id, row.display_name);
    account.kind = authz::parse_account_kind(row.kind).value();
    account.organisation_name = row.organisation_name;
    account.credit_code = row.credit_code;
    account.department = row.department;
    account.department_name = row.department_name;
    account.region_code = row.region_code;
    const auto roles = boost::json::parse(row.roles);
    for (const auto& role : roles.as_array()) {
        if (const auto known = authz::parse_role(role.as_string())) account.roles.push_back(*known);
    }
    account.post = row.post;
    const auto matters = boost::json::parse(row.matters);
    for (const auto& matter : matters.as_array()) account.matters.emplace_back(matter.as_string());
    account.clearance = authz::parse_confidentiality(row.clearance).value();
    account.state = row.state;
    account.phone = opened(kProfilesTable, "phone", row.account_id, row.phone);
    account.email = opened(kProfilesTable, "email", row.account_id, row.email);
    account.password_changed_at_ms = row.password_changed_at_ms;
    account.version = row.version;
    return account;
}

std::vector<store::ActingRow> Accounts::may_act_for(db::Session& session, const std::string& account_id,
                                                    CivilDate today) {
    auto rows = store::memberships_of_account(session, account_id, kOrganisationsOfOneMax);
    const auto day = to_string(today);
    std::erase_if(rows, [&](const store::ActingRow& row) {
        const bool over = !row.valid_through_on.empty() && row.valid_through_on < day;
        return over || row.organisation_state != "active";
    });
    return rows;
}

std::vector<std::string> Accounts::predecessors(db::Session& session, const std::string& credit_code) {
    // Direct ones first. Whoever passes rights on is refused before there are more (successions.cpp); a list of the
    // company's cases has no room for them (authz::BoundScope).
    std::vector<std::string> found = store::predecessors_of(session, credit_code);
    for (std::size_t at = 0; at < found.size() && found.size() < kPredecessorsMax; ++at) {
        const auto more = store::predecessors_of(session, found[at]);
        found.insert(found.end(), more.begin(), more.end());
    }
    found.resize(std::min(found.size(), kPredecessorsMax));
    return found;
}

Account Accounts::acting(db::Session& session, const store::AccountRow& row, const std::string& organisation_id,
                         CivilDate today) const {
    auto account = of_row(row);
    if (account.kind != authz::AccountKind::owner_agent) return account;
    const auto wanted = organisation_id.empty() ? row.acting_for : organisation_id;
    const auto allowed = may_act_for(session, row.account_id, today);
    const auto found = std::ranges::find(allowed, wanted, &store::ActingRow::organisation_id);
    if (found != allowed.end()) {
        act_for(account, *found, predecessors(session, found->credit_code));
    } else {
        act_for_himself(account);
    }
    return account;
}

std::string Accounts::id_number_of(db::Session& session, const std::string& account_id) const {
    const auto row = store::find_account(session, account_id);
    return row ? opened(kProfilesTable, "id_number", account_id, row->id_number) : std::string();
}

bool Accounts::same_person(db::Session& session, const std::string& one, const std::string& other) const {
    const auto numbers_of = [&](const std::string& account_id) {
        const auto row = store::find_account(session, account_id);
        if (!row) return std::array<std::string, 2>{};
        return std::array{opened(kProfilesTable, "phone", account_id, row->phone),
                          opened(kProfilesTable, "id_number", account_id, row->id_number)};
    };
    if (one == other) return true;
    const auto mine = numbers_of(one);
    const auto his = numbers_of(other);
    return (!mine[0].empty() && mine[0] == his[0]) || (!mine[1].empty() && mine[1] == his[1]);
}

store::Contact Accounts::seal(std::string_view field, const std::string& account_id, const std::string& value) const {
    if (value.empty()) return {};
    return {crypto::seal_field(key_ring_, {kProfilesTable, field, account_id}, value).value(),
            crypto::blind_index(key_ring_, kProfilesTable, field, value)};
}

std::vector<std::string> Accounts::indexes(std::string_view field, const std::string& value) const {
    return crypto::blind_indexes(key_ring_, kProfilesTable, field, value);
}

std::string Accounts::sealed_name(const std::string& account_id, const std::string& display_name) const {
    return crypto::seal_field(key_ring_, {kAccountsTable, "display_name", account_id}, display_name).value();
}

std::string texts_text(const std::vector<std::string>& texts) {
    array list;
    for (const auto& text : texts) list.emplace_back(text);
    return boost::json::serialize(list);
}

std::string roles_text(const std::vector<authz::Role>& roles) {
    std::vector<std::string> names;
    names.reserve(roles.size());
    for (const auto role : roles) names.emplace_back(to_string(role));
    return texts_text(names);
}

std::string lower_name(std::string name) {
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return name;
}

Result<std::string> account_name_of(const std::string& typed) {
    auto name = lower_name(typed);
    const bool plain = std::ranges::all_of(
        name, [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '-' || c == '.'; });
    if (!plain || name.size() < kAccountNameMin || name.size() > kAccountNameMax || name[0] < 'a' || name[0] > 'z') {
        return invalid_field("account_name", "identity.account_name_malformed",
                             "账号名请用 3 到 40 个字母、数字、下划线、短横或点，并以字母开头。");
    }
    return name;
}

std::string written_id_number(std::string typed) {
    if (typed.ends_with('x')) typed.back() = 'X';
    return typed;
}

std::optional<std::string> phone_of(std::string_view typed) {
    if (typed.starts_with("+86")) typed.remove_prefix(3);
    std::string digits;
    for (const char c : typed) {
        if (is_digit(c))
            digits += c;
        else if (c != ' ' && c != '-')
            return std::nullopt;
    }
    const bool mobile = digits.size() == kPhoneDigits && digits[0] == '1' && digits[1] >= '3';
    return mobile ? std::optional(digits) : std::nullopt;
}

std::optional<std::string> email_of(std::string_view typed) {
    const auto at = typed.find('@');
    const auto host = at == std::string_view::npos ? std::string_view() : typed.substr(at + 1);
    const bool plain = std::ranges::all_of(typed, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return std::isalnum(byte) != 0 || std::string_view("@.!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
    });
    if (!plain || at == 0 || typed.size() > kEmailMax || host.find('@') != std::string_view::npos ||
        host.find('.') == std::string_view::npos || host.starts_with('.') || host.ends_with('.')) {
        return std::nullopt;
    }
    return lower_name(std::string(typed));
}

std::string masked_phone(const std::string& phone) {
    return phone.size() == kPhoneDigits ? phone.substr(0, 3) + "****" + phone.substr(7) : "";
}

std::string masked_email(const std::string& email) {
    const auto at = email.find('@');
    return at == std::string::npos ? "" : email.substr(0, 1) + "***" + email.substr(at);
}

}  // namespace kaigong::identity
