#include "modules/identity/store.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include <algorithm>

namespace kaigong::identity::store {
namespace {

const std::string kAccounts =
    "SELECT a.account_id, a.account_name, a.password_hash, a.display_name, a.kind, a.organisation_name, "
    "a.credit_code, a.department, a.department_name, a.region_code, a.roles, a.created_at_ms, p.state, "
    "p.state_reason, p.post, p.matters, p.clearance, p.phone, p.email, p.id_number, p.password_changed_at_ms, "
    "p.password_initial, p.acting_for, p.version FROM accounts a JOIN account_profiles p ON p.account_id = "
    "a.account_id ";
const std::string kAccountById = kAccounts + "WHERE a.account_id = ?";
const std::string kAccountByName = kAccounts + "WHERE a.account_name = ?";
const std::string kAccountByPhone = kAccounts + "WHERE p.phone_index = ? ORDER BY a.account_id LIMIT 1";
const std::string kOfficers = kAccounts +
                              "WHERE a.kind = 'officer' AND a.region_code IN (?, ?, ?) AND p.state = 'active' ORDER BY "
                              "a.department, a.account_name LIMIT ?";
constexpr const char* kPeopleOfRegion =
    "SELECT region_code, account_name, account_id FROM people_index WHERE role = ? AND kind = ? AND state = ? AND "
    "region_code = ? AND account_name >= ? AND account_name < ? ORDER BY account_name LIMIT ?";
constexpr const char* kPeopleOfRegionsBehind =
    "SELECT region_code, account_name, account_id FROM people_index WHERE role = ? AND kind = ? AND state = ? AND "
    "region_code > ? AND region_code < ? AND account_name >= ? AND account_name < ? ORDER BY region_code, account_name "
    "LIMIT ?";
/// Behind every region and every account name.
constexpr const char* kAfterDigits = ":";
constexpr const char* kAfterNames = "~";
/// A name with this behind it is the next possible one.
constexpr const char* kBeforeLetters = "!";

struct Listed {
    std::string region_code;
    std::string account_name;
    std::string account_id;
};

std::string following(std::string text) {
    text.back() = static_cast<char>(text.back() + 1);
    return text;
}

/// In the JSON list of roles; `_` is a letter here.
std::string with_role(const std::string& role) {
    std::string pattern = "%\"";
    for (const char c : role) {
        if (c == '_' || c == '%' || c == '!') pattern += '!';
        pattern += c;
    }
    return pattern + "\"%";
}

}  // namespace

std::optional<AccountRow> find_account(db::Session& session, const std::string& account_id) {
    return session.optional_row<AccountRow>(kAccountById, account_id);
}

std::optional<AccountRow> find_account_by_name(db::Session& session, const std::string& account_name) {
    return session.optional_row<AccountRow>(kAccountByName, account_name);
}

std::optional<AccountRow> find_account_by_phone(db::Session& session, const std::vector<std::string>& indexes) {
    std::optional<AccountRow> oldest;
    for (const auto& index : indexes) {
        auto row = session.optional_row<AccountRow>(kAccountByPhone, index);
        if (row && (!oldest || row->account_id < oldest->account_id)) oldest = std::move(row);
    }
    return oldest;
}

std::vector<AccountRow> officers_of(db::Session& session, const std::string& county, const std::string& city,
                                    const std::string& province, int limit) {
    return session.rows<AccountRow>(kOfficers, county, city, province, limit);
}

/// Each kind and state is a range of its own, in order; what comes first of all of them is the page.
std::vector<AccountRow> people(db::Session& session, const PeopleQuery& q) {
    const auto from = std::max(q.area, q.after_region);
    const std::string to = q.area.empty() ? kAfterDigits : following(q.area);
    // One bound and not two: SQLite walks the range of the first and looks at the second name by name.
    const bool behind = from == q.after_region && !q.after_name.empty();
    const auto name_from = std::max(q.name, behind ? q.after_name + kBeforeLetters : "");
    const std::string name_to = q.name.empty() ? kAfterNames : following(q.name);
    std::vector<Listed> found;
    const auto take = [&](std::vector<Listed> more) { found.insert(found.end(), more.begin(), more.end()); };
    for (const auto& kind : q.kinds) {
        for (const auto& state : q.states) {
            if (from >= to) continue;
            take(session.rows<Listed>(kPeopleOfRegion, q.role, kind, state, from, name_from, name_to, q.limit));
            take(session.rows<Listed>(kPeopleOfRegionsBehind, q.role, kind, state, from, to, q.name, name_to, q.limit));
        }
    }
    std::ranges::sort(found, {}, [](const Listed& one) { return std::tie(one.region_code, one.account_name); });
    if (found.size() > static_cast<std::size_t>(q.limit)) found.resize(static_cast<std::size_t>(q.limit));
    std::vector<AccountRow> rows;
    for (const auto& one : found) {
        if (auto row = find_account(session, one.account_id)) rows.push_back(std::move(*row));
    }
    return rows;
}

/// After every change of what the list is filtered by or stands in the order of.
void list_anew(db::Session& session, const std::string& account_id) {
    session.execute("DELETE FROM people_index WHERE account_id = ?", account_id);
    const auto row = find_account(session, account_id);
    if (!row) return;
    const auto list_under = [&](const std::string& role) {
        session.execute(
            "INSERT INTO people_index (role, kind, state, region_code, account_name, account_id) VALUES (?, ?, ?, ?, "
            "?, ?)",
            role, row->kind, row->state, row->region_code, row->account_name, account_id);
    };
    list_under("");
    if (row->kind != "officer" && row->kind != "administrator") return;
    const auto roles = boost::json::parse(row->roles);
    for (const auto& role : roles.as_array()) list_under(std::string(role.as_string()));
}

bool insert_account(db::Session& session, const AccountRow& r, const Contact& phone, const Contact& email) {
    const bool made = session.insert_new(
        "INSERT INTO accounts (account_id, account_name, password_hash, display_name, kind, organisation_name, "
        "credit_code, department, department_name, region_code, roles, created_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?)",
        r.account_id, r.account_name, r.password_hash, r.display_name, r.kind, r.organisation_name, r.credit_code,
        r.department, r.department_name, r.region_code, r.roles, r.created_at_ms);
    if (!made) return false;
    session.execute(
        "INSERT INTO account_profiles (account_id, state, state_reason, post, matters, clearance, phone, phone_index, "
        "email, email_index, id_number, password_changed_at_ms, password_initial, acting_for, version) VALUES (?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
        r.account_id, r.state, r.state_reason, r.post, r.matters, r.clearance, phone.sealed, phone.index, email.sealed,
        email.index, r.id_number, r.password_changed_at_ms, r.password_initial, r.acting_for);
    list_anew(session, r.account_id);
    return true;
}

void set_password(db::Session& session, const std::string& account_id, const std::string& hash, std::int64_t at_ms,
                  bool initial) {
    session.execute("UPDATE accounts SET password_hash = ? WHERE account_id = ?", hash, account_id);
    session.execute("UPDATE account_profiles SET password_changed_at_ms = ?, password_initial = ? WHERE account_id = ?",
                    at_ms, initial, account_id);
}

void replace_hash(db::Session& session, const std::string& account_id, const std::string& seen,
                  const std::string& hash) {
    session.execute("UPDATE accounts SET password_hash = ? WHERE account_id = ? AND password_hash = ?", hash,
                    account_id, seen);
}

void hold_account(db::Session& session, const std::string& account_id) {
    session.execute("UPDATE account_profiles SET version = version WHERE account_id = ?", account_id);
}

void set_phone(db::Session& session, const std::string& account_id, const Contact& phone) {
    session.execute("UPDATE account_profiles SET phone = ?, phone_index = ? WHERE account_id = ?", phone.sealed,
                    phone.index, account_id);
}

void set_email(db::Session& session, const std::string& account_id, const Contact& email) {
    session.execute("UPDATE account_profiles SET email = ?, email_index = ? WHERE account_id = ?", email.sealed,
                    email.index, account_id);
}

void set_id_number(db::Session& session, const std::string& account_id, const std::string& sealed) {
    session.execute("UPDATE account_profiles SET id_number = ? WHERE account_id = ?", sealed, account_id);
}

std::optional<IdVerificationRow> find_id_verification(db::Session& session, const std::string& account_id) {
    return session.optional_row<IdVerificationRow>(
        "SELECT account_id, how, at_ms, by_id, reason FROM id_number_verifications WHERE account_id = ?", account_id);
}

bool insert_id_verification(db::Session& session, const IdVerificationRow& r) {
    return session.insert_new(
        "INSERT INTO id_number_verifications (account_id, how, at_ms, by_id, reason) VALUES (?, ?, ?, ?, ?)",
        r.account_id, r.how, r.at_ms, r.by_id, r.reason);
}

void set_state(db::Session& session, const std::string& account_id, const std::string& state,
               const std::string& reason) {
    session.execute("UPDATE account_profiles SET state = ?, state_reason = ? WHERE account_id = ?", state, reason,
                    account_id);
    list_anew(session, account_id);
}

void set_acting_for(db::Session& session, const std::string& account_id, const std::string& organisation_id) {
    session.execute("UPDATE account_profiles SET acting_for = ? WHERE account_id = ?", organisation_id, account_id);
}

void set_roles(db::Session& session, const std::string& account_id, const std::string& roles,
               const std::string& matters, const std::string& clearance) {
    session.execute("UPDATE accounts SET roles = ? WHERE account_id = ?", roles, account_id);
    session.execute("UPDATE account_profiles SET matters = ?, clearance = ? WHERE account_id = ?", matters, clearance,
                    account_id);
    list_anew(session, account_id);
}

void set_place(db::Session& session, const std::string& account_id, const Place& p) {
    session.execute(
        "UPDATE accounts SET department = ?, department_name = ?, region_code = ?, organisation_name = ?, display_name "
        "= ? WHERE account_id = ?",
        p.department, p.department_name, p.region_code, p.organisation_name, p.display_name, account_id);
    session.execute("UPDATE account_profiles SET post = ? WHERE account_id = ?", p.post, account_id);
    list_anew(session, account_id);
}

bool raise_version(db::Session& session, const std::string& account_id, std::int64_t seen) {
    return session.execute("UPDATE account_profiles SET version = version + 1 WHERE account_id = ? AND version = ?",
                           account_id, seen) == 1;
}

std::vector<std::string> former_passwords(db::Session& session, const std::string& account_id, int limit) {
    return session.rows<std::string>(
        "SELECT password_hash FROM former_passwords WHERE account_id = ? ORDER BY replaced_at_ms DESC LIMIT ?",
        account_id, limit);
}

void add_former_password(db::Session& session, const std::string& account_id, const std::string& hash,
                         std::int64_t at_ms) {
    if (hash.empty()) return;
    // Two changes within a millisecond keep one of them, and nobody changes a password twice by hand that fast.
    static_cast<void>(
        session.insert_new("INSERT INTO former_passwords (account_id, replaced_at_ms, password_hash) VALUES (?, ?, ?)",
                           account_id, at_ms, hash));
}

std::int64_t hold_others_over_with_role(db::Session& session, const std::string& role, const AccountRow& row) {
    const std::string_view area = row.region_code;
    const auto padded = [&](std::size_t digits, std::string_view zeros) {
        return area.size() < 6 ? std::string() : std::string(area.substr(0, digits)) + std::string(zeros);
    };
    // An UPDATE that changes nothing sees what is committed now and locks it; a SELECT on MariaDB sees what was when
    // the transaction began.
    return session.execute(
        "UPDATE account_profiles SET state = 'active' WHERE state = 'active' AND account_id IN (SELECT account_id FROM "
        "accounts WHERE kind = 'administrator' AND roles LIKE ? ESCAPE '!' AND account_id <> ? AND region_code IN ('', "
        "?, ?, ?, ?, ?))",
        with_role(role), row.account_id, padded(2, "0000"), padded(4, "00"), padded(6, ""), padded(9, ""),
        row.region_code);
}

bool hold_fit_for_emergency(db::Session& session, const std::string& account_name) {
    return session.execute(
               "UPDATE account_profiles SET state = 'active' WHERE state = 'active' AND password_initial = 0 AND "
               "account_id IN (SELECT account_id FROM accounts WHERE account_name = ? AND password_hash <> '' AND "
               "roles <> '[]') AND account_id IN (SELECT account_id FROM second_factors WHERE state = 'active')",
               account_name) == 1;
}

std::vector<SealedTextRow> sealed_texts(db::Session& session, const SealedPlace& place, const std::string& after,
                                        int limit) {
    const auto sql = fmt::format("SELECT {0}, {1} FROM {2} WHERE {0} > ? AND {1} <> '' ORDER BY {0} LIMIT ?",
                                 place.id_column, place.column, place.table);
    return session.rows<SealedTextRow>(sql, after, limit);
}

bool exchange_sealed(db::Session& session, const SealedPlace& place, const SealedTextRow& before,
                     const std::string& now, const std::string& index) {
    const auto where = fmt::format("WHERE {} = ? AND {} = ?", place.id_column, place.column);
    if (place.index_column.empty()) {
        const auto sql = fmt::format("UPDATE {} SET {} = ? {}", place.table, place.column, where);
        return session.execute(sql, now, before.row_id, before.text) == 1;
    }
    const auto sql =
        fmt::format("UPDATE {} SET {} = ?, {} = ? {}", place.table, place.column, place.index_column, where);
    return session.execute(sql, now, index, before.row_id, before.text) == 1;
}

}  // namespace kaigong::identity::store
