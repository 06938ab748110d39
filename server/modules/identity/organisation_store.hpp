// Tables of organisations, of who acts for them, of invitations and successions: SQL and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::identity::store {

struct OrganisationRow {
    std::string organisation_id;
    std::string credit_code;
    std::string organisation_name;
    std::string state;
    std::string registered_by;
    std::string verified_by;
    std::int64_t version = 0;
    std::int64_t created_at_ms = 0;
    std::string state_reason = {};  ///< why it was rejected
};

std::optional<OrganisationRow> find_organisation(db::Session& session, const std::string& organisation_id);
std::optional<OrganisationRow> find_organisation_by_code(db::Session& session, const std::string& credit_code);
/// In a state (empty: in every), the newest first, behind `before_id` when that is not empty.
std::vector<OrganisationRow> organisations(db::Session& session, const std::string& state, const std::string& before_id,
                                           int limit);
/// False when the credit code is there already.
bool insert_organisation(db::Session& session, const OrganisationRow& row);
/// Writes state, who verified it and why, name and who registered it. False when another change came before.
bool change_organisation(db::Session& session, const OrganisationRow& seen, const OrganisationRow& next);

/// Until the transaction ends nobody else holds any of them: call it before the first read.
void hold_organisations(db::Session& session, std::vector<std::string> credit_codes);

struct MembershipRow {
    std::string membership_id;
    std::string organisation_id;
    std::string account_id;
    std::string duty;
    std::string state;
    std::string authority_reference;
    std::string valid_through_on;
    std::string created_by;
    std::int64_t created_at_ms = 0;
    std::string ended_by;
    std::string ended_reason;
    std::int64_t ended_at_ms = 0;
};

/// A membership with the organisation it is in.
struct ActingRow {
    std::string membership_id;
    std::string organisation_id;
    std::string duty;
    std::string valid_through_on;
    std::string credit_code;
    std::string organisation_name;
    std::string organisation_state;
    std::string state_reason;
};

std::optional<MembershipRow> find_membership(db::Session& session, const std::string& membership_id);
/// Those that have not ended, the oldest first.
std::vector<ActingRow> memberships_of_account(db::Session& session, const std::string& account_id, int limit);
/// The newest of an account in an organisation, ended or not.
std::optional<MembershipRow> last_membership(db::Session& session, const std::string& organisation_id,
                                             const std::string& account_id);
std::vector<MembershipRow> members_of(db::Session& session, const std::string& organisation_id, int limit);
/// Accounts of all who act for the organisation of this code, or did at `since_ms` or later. All of them: whoever is
/// left out would be taken for a stranger.
std::vector<std::string> members_since(db::Session& session, const std::string& credit_code, std::int64_t since_ms);
/// Those who administer it on that day and are not blocked; they are held, so that two who remove each other at the
/// same time do not both succeed.
std::int64_t hold_admins(db::Session& session, const std::string& organisation_id, const std::string& day);
/// Whether he administers it on that day and is not blocked.
bool is_admin(db::Session& session, const std::string& organisation_id, const std::string& account_id,
              const std::string& day);
/// All of an organisation, when its registration begins anew.
void end_memberships_of(db::Session& session, const std::string& organisation_id, const std::string& by,
                        const std::string& reason, std::int64_t at_ms);
void insert_membership(db::Session& session, const MembershipRow& row);
/// False when it has ended already.
bool end_membership(db::Session& session, const std::string& membership_id, const std::string& by,
                    const std::string& reason, std::int64_t at_ms);
/// Active ones whose authority ended before the day, the oldest first.
std::vector<MembershipRow> memberships_past(db::Session& session, const std::string& day, int limit);

struct InvitationRow {
    std::string invitation_id;
    std::string organisation_id;
    std::string duty;
    std::string authority_reference;
    std::string valid_through_on;
    std::string contact;  ///< sealed
    std::string token_hash;
    std::string state;
    std::string invited_by;
    std::string answered_by;
    std::int64_t created_at_ms = 0;
    std::int64_t expires_at_ms = 0;
};

void insert_invitation(db::Session& session, const InvitationRow& row);
std::optional<InvitationRow> find_invitation(db::Session& session, const std::string& invitation_id);
std::optional<InvitationRow> find_invitation_by_token(db::Session& session, const std::string& token_hash);
/// Open ones, the newest first.
std::vector<InvitationRow> open_invitations(db::Session& session, const std::string& organisation_id, int limit);
/// False when it is no longer open.
bool close_invitation(db::Session& session, const std::string& invitation_id, const std::string& state,
                      const std::string& answered_by);

/// What somebody invited to who is no longer its administrator.
void withdraw_invitations_by(db::Session& session, const std::string& organisation_id, const std::string& invited_by);

/// Everywhere: he is blocked.
void withdraw_invitations_of(db::Session& session, const std::string& invited_by);

struct SuccessionRow {
    std::string predecessor_code;
    std::string successor_code;
    std::string reason;
    std::string proposed_by;
    std::string confirmed_by;
    std::int64_t at_ms = 0;
};

/// False when the predecessor's rights have passed already.
bool insert_succession(db::Session& session, const SuccessionRow& row);
std::optional<SuccessionRow> find_succession(db::Session& session, const std::string& predecessor_code);
std::vector<SuccessionRow> newest_successions(db::Session& session, int limit);
/// Codes whose rights passed to this one directly.
std::vector<std::string> predecessors_of(db::Session& session, const std::string& successor_code);

}  // namespace kaigong::identity::store
