// Rows of accounts as accounts: opens what is sealed, and says for whom a person of the applicant's side acts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/civil_date.hpp"
#include "crypto/key_ring.hpp"
#include "modules/identity/identity.hpp"
#include "modules/identity/organisation_store.hpp"
#include "modules/identity/store.hpp"

namespace kaigong::identity {

/// A person may act for so many organisations.
inline constexpr int kOrganisationsOfOneMax = 50;

inline constexpr std::size_t kAccountNameMax = 40;

/// So many organisations may have passed their rights to one, directly or by others.
inline constexpr std::size_t kPredecessorsMax = 50;

class Accounts {
  public:
    explicit Accounts(const crypto::KeyRing& key_ring) : key_ring_(key_ring) {}

    /// Acting for `organisation_id`, when that is still allowed today; empty: for whom he acted last; kForHimself.
    Account acting(db::Session& session, const store::AccountRow& row, const std::string& organisation_id,
                   CivilDate today) const;
    /// Without whom he acts for: lists of officers, administration.
    Account of_row(const store::AccountRow& row) const;

    /// Verified organisations for which the account may act today.
    static std::vector<store::ActingRow> may_act_for(db::Session& session, const std::string& account_id,
                                                     CivilDate today);

    /// All whose rights came to this organisation, directly or by others, at most kPredecessorsMax.
    static std::vector<std::string> predecessors(db::Session& session, const std::string& credit_code);

    /// Empty where none was given.
    std::string id_number_of(db::Session& session, const std::string& account_id) const;
    /// Whether two accounts are known to be of one human being: one telephone, or one ID number.
    bool same_person(db::Session& session, const std::string& one, const std::string& other) const;

    /// At the field codec's place `account_profiles.<field>`.
    store::Contact seal(std::string_view field, const std::string& account_id, const std::string& value) const;
    /// Under every key of the ring.
    std::vector<std::string> indexes(std::string_view field, const std::string& value) const;
    std::string sealed_name(const std::string& account_id, const std::string& display_name) const;

  private:
    std::string opened(std::string_view table, std::string_view field, const std::string& account_id,
                       const std::string& sealed) const;

    const crypto::KeyRing& key_ring_;
};

std::string roles_text(const std::vector<authz::Role>& roles);
std::string texts_text(const std::vector<std::string>& texts);
std::string lower_name(std::string name);
/// As it is stored: 3 to 40 letters, digits, `_`, `-`, `.`; begins with a letter, so that no phone number is a name.
/// Fails with identity.account_name_malformed.
Result<std::string> account_name_of(const std::string& typed);

/// 11 digits of a mobile phone of the mainland; nothing for anything else. `+86`, spaces and hyphens are forgiven.
std::optional<std::string> phone_of(std::string_view typed);
/// As it is kept and compared: the check character in capitals.
std::string written_id_number(std::string typed);
/// Lower case; nothing for what is not an address.
std::optional<std::string> email_of(std::string_view typed);
/// 138****1234 · z***@example.com
std::string masked_phone(const std::string& phone);
std::string masked_email(const std::string& email);

}  // namespace kaigong::identity
