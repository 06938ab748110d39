// Tables of accounts and what is kept beside them: SQL and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"
#include "modules/identity/sealed_place.hpp"

namespace kaigong::identity::store {

struct AccountRow {
    std::string account_id;
    std::string account_name;
    std::string password_hash;  ///< empty: no password opens the account
    std::string display_name;
    std::string kind;
    std::string organisation_name;
    std::string credit_code;
    std::string department;
    std::string department_name;
    std::string region_code;
    std::string roles;
    std::int64_t created_at_ms = 0;
    std::string state;
    std::string state_reason;
    std::string post;
    std::string matters;
    std::string clearance;
    std::string phone;
    std::string email;
    std::string id_number;
    std::int64_t password_changed_at_ms = 0;
    bool password_initial = false;
    std::string acting_for;
    std::int64_t version = 0;
};

/// A sealed value with the index that finds it; both empty where there is none.
struct Contact {
    std::string sealed;
    std::string index;
};

std::optional<AccountRow> find_account(db::Session& session, const std::string& account_id);
std::optional<AccountRow> find_account_by_name(db::Session& session, const std::string& account_name);
/// Of the accounts with this phone the oldest; `indexes` are those of all keys.
std::optional<AccountRow> find_account_by_phone(db::Session& session, const std::vector<std::string>& indexes);
/// Of a county, of its city and its province, at most `limit`, in the order of department and account name.
std::vector<AccountRow> officers_of(db::Session& session, const std::string& county, const std::string& city,
                                    const std::string& province, int limit);

/// The list of people: in the order of region and account name, behind (`after_region`, `after_name`).
struct PeopleQuery {
    /// 2, 4 or 6 digits; empty: everywhere.
    std::string area = {};
    std::vector<std::string> kinds = {};
    std::vector<std::string> states = {};
    /// Of officers and administrators; empty: with and without roles.
    std::string role = {};
    /// Beginning of the account name.
    std::string name = {};
    std::string after_region = {};
    std::string after_name = {};
    int limit = 0;
};
std::vector<AccountRow> people(db::Session& session, const PeopleQuery& query);

/// False when the name is taken. The profile is written with it.
bool insert_account(db::Session& session, const AccountRow& row, const Contact& phone, const Contact& email);
void set_password(db::Session& session, const std::string& account_id, const std::string& hash, std::int64_t at_ms,
                  bool initial);
/// The same password hashed anew; not when it was changed meanwhile.
void replace_hash(db::Session& session, const std::string& account_id, const std::string& seen,
                  const std::string& hash);
/// Until the transaction ends nobody else changes the account: call it before the first read.
void hold_account(db::Session& session, const std::string& account_id);
void set_phone(db::Session& session, const std::string& account_id, const Contact& phone);
void set_email(db::Session& session, const std::string& account_id, const Contact& email);
void set_id_number(db::Session& session, const std::string& account_id, const std::string& sealed);

struct IdVerificationRow {
    std::string account_id;
    std::string how;  ///< provider · counter
    std::int64_t at_ms = 0;
    std::string by_id;   ///< of the officer; empty for the provider
    std::string reason;  ///< sealed; empty for the provider
};
std::optional<IdVerificationRow> find_id_verification(db::Session& session, const std::string& account_id);
/// False where there is one already.
bool insert_id_verification(db::Session& session, const IdVerificationRow& row);

void set_state(db::Session& session, const std::string& account_id, const std::string& state,
               const std::string& reason);
void set_acting_for(db::Session& session, const std::string& account_id, const std::string& organisation_id);
void set_roles(db::Session& session, const std::string& account_id, const std::string& roles,
               const std::string& matters, const std::string& clearance);

struct Place {
    std::string department;
    std::string department_name;
    std::string region_code;
    std::string organisation_name;
    std::string post;
    std::string display_name;  ///< sealed
};
void set_place(db::Session& session, const std::string& account_id, const Place& place);
/// False when another change came before: the caller answers with a conflict.
bool raise_version(db::Session& session, const std::string& account_id, std::int64_t seen);

/// Newest first.
std::vector<std::string> former_passwords(db::Session& session, const std::string& account_id, int limit);
/// Nothing for an account that had none.
void add_former_password(db::Session& session, const std::string& account_id, const std::string& hash,
                         std::int64_t at_ms);
/// Of administrators with a role, how many whose area holds all of this account's could still sign in without it: those
/// of another county are of no help. They are held, so that two who block each other at the same time do not both
/// succeed.
std::int64_t hold_others_over_with_role(db::Session& session, const std::string& role, const AccountRow& row);

/// Whether the account could come in when the provider of identities is down, and do something then: active, a password
/// of its own choice, a second factor, a role. Held like those above.
bool hold_fit_for_emergency(db::Session& session, const std::string& account_name);

struct SealedTextRow {
    std::string row_id;
    std::string text;
};
/// In the order of their ids; empty texts are left out.
std::vector<SealedTextRow> sealed_texts(db::Session& session, const SealedPlace& place, const std::string& after,
                                        int limit);
/// False when the text is no longer what it was. `index` counts where the place has one.
bool exchange_sealed(db::Session& session, const SealedPlace& place, const SealedTextRow& before,
                     const std::string& now, const std::string& index);

}  // namespace kaigong::identity::store
