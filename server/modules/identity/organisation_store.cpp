#include "modules/identity/organisation_store.hpp"

#include <algorithm>

namespace kaigong::identity::store {

std::optional<OrganisationRow> find_organisation(db::Session& session, const std::string& organisation_id) {
    return session.optional_row<OrganisationRow>("SELECT * FROM organisations WHERE organisation_id = ?",
                                                 organisation_id);
}

std::optional<OrganisationRow> find_organisation_by_code(db::Session& session, const std::string& credit_code) {
    return session.optional_row<OrganisationRow>("SELECT * FROM organisations WHERE credit_code = ?", credit_code);
}

std::vector<OrganisationRow> organisations(db::Session& session, const std::string& state, const std::string& before_id,
                                           int limit) {
    const std::string before = before_id.empty() ? "g" : before_id;  // greater than every UUID
    if (state.empty()) {
        return session.rows<OrganisationRow>(
            "SELECT * FROM organisations WHERE organisation_id < ? ORDER BY organisation_id DESC LIMIT ?", before,
            limit);
    }
    return session.rows<OrganisationRow>(
        "SELECT * FROM organisations WHERE state = ? AND organisation_id < ? ORDER BY organisation_id DESC LIMIT ?",
        state, before, limit);
}

bool insert_organisation(db::Session& session, const OrganisationRow& r) {
    return session.insert_new(
        "INSERT INTO organisations (organisation_id, credit_code, organisation_name, state, registered_by, "
        "verified_by, version, created_at_ms, state_reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.organisation_id, r.credit_code, r.organisation_name, r.state, r.registered_by, r.verified_by, r.version,
        r.created_at_ms, r.state_reason);
}

bool change_organisation(db::Session& session, const OrganisationRow& seen, const OrganisationRow& next) {
    return session.execute(
               "UPDATE organisations SET organisation_name = ?, state = ?, registered_by = ?, verified_by = ?, "
               "state_reason = ?, version = version + 1 WHERE organisation_id = ? AND version = ?",
               next.organisation_name, next.state, next.registered_by, next.verified_by, next.state_reason,
               seen.organisation_id, seen.version) == 1;
}

void hold_organisations(db::Session& session, std::vector<std::string> credit_codes) {
    // In one order, or two who hold the same ones wait for each other. The value changes, because a cluster tells
    // colliding writers apart by what changed.
    std::ranges::sort(credit_codes);
    const auto repeated = std::ranges::unique(credit_codes);
    credit_codes.erase(repeated.begin(), repeated.end());
    for (const auto& code : credit_codes) {
        session.execute("UPDATE organisations SET version = version + 1 WHERE credit_code = ?", code);
    }
}

std::optional<MembershipRow> find_membership(db::Session& session, const std::string& membership_id) {
    return session.optional_row<MembershipRow>("SELECT * FROM memberships WHERE membership_id = ?", membership_id);
}

std::vector<ActingRow> memberships_of_account(db::Session& session, const std::string& account_id, int limit) {
    return session.rows<ActingRow>(
        "SELECT m.membership_id, m.organisation_id, m.duty, m.valid_through_on, o.credit_code, o.organisation_name, "
        "o.state, o.state_reason FROM memberships m JOIN organisations o ON o.organisation_id = m.organisation_id "
        "WHERE m.account_id = "
        "? AND m.state = 'active' ORDER BY m.membership_id LIMIT ?",
        account_id, limit);
}

std::optional<MembershipRow> last_membership(db::Session& session, const std::string& organisation_id,
                                             const std::string& account_id) {
    return session.optional_row<MembershipRow>(
        "SELECT * FROM memberships WHERE organisation_id = ? AND account_id = ? ORDER BY membership_id DESC LIMIT 1",
        organisation_id, account_id);
}

std::vector<MembershipRow> members_of(db::Session& session, const std::string& organisation_id, int limit) {
    return session.rows<MembershipRow>(
        "SELECT * FROM memberships WHERE organisation_id = ? AND state = 'active' ORDER BY membership_id LIMIT ?",
        organisation_id, limit);
}

std::vector<std::string> members_since(db::Session& session, const std::string& credit_code, std::int64_t since_ms) {
    return session.rows<std::string>(
        "SELECT m.account_id FROM organisations o JOIN memberships m ON m.organisation_id = o.organisation_id WHERE "
        "o.credit_code = ? AND (m.state = 'active' OR m.ended_at_ms >= ?)",
        credit_code, since_ms);
}

std::int64_t hold_admins(db::Session& session, const std::string& organisation_id, const std::string& day) {
    // An UPDATE that changes nothing sees what is committed now and locks it; a SELECT on MariaDB sees what was when
    // the transaction began.
    return session.execute(
        "UPDATE memberships SET duty = 'admin' WHERE organisation_id = ? AND state = 'active' AND duty = 'admin' AND "
        "(valid_through_on = '' OR valid_through_on >= ?) AND account_id IN (SELECT account_id FROM account_profiles "
        "WHERE state = 'active')",
        organisation_id, day);
}

bool is_admin(db::Session& session, const std::string& organisation_id, const std::string& account_id,
              const std::string& day) {
    return session.row<std::int64_t>(
               "SELECT count(*) FROM memberships WHERE organisation_id = ? AND account_id = ? AND state = 'active' AND "
               "duty = 'admin' AND (valid_through_on = '' OR valid_through_on >= ?) AND account_id IN (SELECT "
               "account_id FROM account_profiles WHERE state = 'active')",
               organisation_id, account_id, day) > 0;
}

void end_memberships_of(db::Session& session, const std::string& organisation_id, const std::string& by,
                        const std::string& reason, std::int64_t at_ms) {
    session.execute(
        "UPDATE memberships SET state = 'ended', ended_by = ?, ended_reason = ?, ended_at_ms = ? WHERE organisation_id "
        "= ? AND state = 'active'",
        by, reason, at_ms, organisation_id);
}

void insert_membership(db::Session& session, const MembershipRow& r) {
    session.execute(
        "INSERT INTO memberships (membership_id, organisation_id, account_id, duty, state, authority_reference, "
        "valid_through_on, created_by, created_at_ms, ended_by, ended_reason, ended_at_ms) VALUES (?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?)",
        r.membership_id, r.organisation_id, r.account_id, r.duty, r.state, r.authority_reference, r.valid_through_on,
        r.created_by, r.created_at_ms, r.ended_by, r.ended_reason, r.ended_at_ms);
}

bool end_membership(db::Session& session, const std::string& membership_id, const std::string& by,
                    const std::string& reason, std::int64_t at_ms) {
    return session.execute(
               "UPDATE memberships SET state = 'ended', ended_by = ?, ended_reason = ?, ended_at_ms = ? WHERE "
               "membership_id = ? AND state = 'active'",
               by, reason, at_ms, membership_id) == 1;
}

std::vector<MembershipRow> memberships_past(db::Session& session, const std::string& day, int limit) {
    return session.rows<MembershipRow>(
        "SELECT * FROM memberships WHERE state = 'active' AND valid_through_on <> '' AND valid_through_on < ? ORDER BY "
        "membership_id LIMIT ?",
        day, limit);
}

void insert_invitation(db::Session& session, const InvitationRow& r) {
    session.execute(
        "INSERT INTO invitations (invitation_id, organisation_id, duty, authority_reference, valid_through_on, "
        "contact, token_hash, state, invited_by, answered_by, created_at_ms, expires_at_ms) VALUES (?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?)",
        r.invitation_id, r.organisation_id, r.duty, r.authority_reference, r.valid_through_on, r.contact, r.token_hash,
        r.state, r.invited_by, r.answered_by, r.created_at_ms, r.expires_at_ms);
}

std::optional<InvitationRow> find_invitation(db::Session& session, const std::string& invitation_id) {
    return session.optional_row<InvitationRow>("SELECT * FROM invitations WHERE invitation_id = ?", invitation_id);
}

std::optional<InvitationRow> find_invitation_by_token(db::Session& session, const std::string& token_hash) {
    return session.optional_row<InvitationRow>("SELECT * FROM invitations WHERE token_hash = ?", token_hash);
}

std::vector<InvitationRow> open_invitations(db::Session& session, const std::string& organisation_id, int limit) {
    return session.rows<InvitationRow>(
        "SELECT * FROM invitations WHERE organisation_id = ? AND state = 'open' ORDER BY invitation_id DESC LIMIT ?",
        organisation_id, limit);
}

bool close_invitation(db::Session& session, const std::string& invitation_id, const std::string& state,
                      const std::string& answered_by) {
    return session.execute(
               "UPDATE invitations SET state = ?, answered_by = ? WHERE invitation_id = ? AND state = 'open'", state,
               answered_by, invitation_id) == 1;
}

void withdraw_invitations_by(db::Session& session, const std::string& organisation_id, const std::string& invited_by) {
    session.execute(
        "UPDATE invitations SET state = 'withdrawn', answered_by = invited_by WHERE organisation_id = ? AND state = "
        "'open' AND invited_by = ?",
        organisation_id, invited_by);
}

void withdraw_invitations_of(db::Session& session, const std::string& invited_by) {
    session.execute(
        "UPDATE invitations SET state = 'withdrawn', answered_by = invited_by WHERE state = 'open' AND invited_by = ? "
        "AND organisation_id IN (SELECT organisation_id FROM memberships WHERE account_id = ?)",
        invited_by, invited_by);
}

bool insert_succession(db::Session& session, const SuccessionRow& r) {
    return session.insert_new(
        "INSERT INTO organisation_successions (predecessor_code, successor_code, reason, proposed_by, confirmed_by, "
        "at_ms) VALUES (?, ?, ?, ?, ?, ?)",
        r.predecessor_code, r.successor_code, r.reason, r.proposed_by, r.confirmed_by, r.at_ms);
}

std::optional<SuccessionRow> find_succession(db::Session& session, const std::string& predecessor_code) {
    return session.optional_row<SuccessionRow>("SELECT * FROM organisation_successions WHERE predecessor_code = ?",
                                               predecessor_code);
}

std::vector<SuccessionRow> newest_successions(db::Session& session, int limit) {
    return session.rows<SuccessionRow>(
        "SELECT * FROM organisation_successions ORDER BY at_ms DESC, predecessor_code LIMIT ?", limit);
}

std::vector<std::string> predecessors_of(db::Session& session, const std::string& successor_code) {
    return session.rows<std::string>(
        "SELECT predecessor_code FROM organisation_successions WHERE successor_code = ? ORDER BY predecessor_code",
        successor_code);
}

}  // namespace kaigong::identity::store
