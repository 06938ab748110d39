#include "authz/two_person.hpp"

#include <fmt/format.h>

#include "base/id.hpp"

namespace kaigong::authz::two_person {
namespace {

constexpr int kOfSubjectMax = 100;

Error not_found() {
    return error(Errc::not_found, "authz.proposal_not_found", "没有找到这项待确认的操作，请从列表重新进入。");
}

Result<void> check_reason(const std::string& reason) {
    if (reason.find_first_not_of(" \t\r\n") == std::string::npos) {
        return invalid_field("reason", "authz.reason_missing", "请写明理由，另一人要据此决定是否确认。");
    }
    if (reason.size() > kReasonBytesMax) {
        return invalid_field("reason", "authz.reason_too_long", "理由请写在 500 字以内。");
    }
    return {};
}

std::string key_of(const NewProposal& proposed) {
    return fmt::format("{}|{}|{}", proposed.act, proposed.subject_kind, proposed.subject_id);
}

/// The row is the caller's until his transaction ends.
Result<Proposal> hold_open(db::Session& session, const std::string& proposal_id, std::string_view act,
                           std::int64_t now_ms) {
    if (!is_uuid(proposal_id)) return not_found();
    session.execute("UPDATE two_person_acts SET version = version + 1 WHERE proposal_id = ? AND act = ?", proposal_id,
                    act);
    auto proposal = find(session, proposal_id);
    if (!proposal || proposal->act != act) return not_found();
    if (proposal->state != "open") {
        return error(Errc::conflict, "authz.proposal_settled", "这项操作已经有了结果，请刷新页面查看。");
    }
    if (!proposal->is_open(now_ms)) {
        return error(Errc::conflict, "authz.proposal_expired",
                     "这项操作超过期限没有确认，已经失效；仍需要的请重新提出。");
    }
    return std::move(*proposal);
}

Result<void> check_second_person(db::Session& session, const Proposal& proposal, const Person& by) {
    const AccountId proposer{proposal.proposed_by_id};
    if (by.account_id != proposer && !by.is_also(session, proposer)) return {};
    return error(Errc::forbidden, "authz.second_person_needed",
                 "这项操作由您（或您的另一个账号）提出，须由另一位有权限的人员确认，请转告对方办理。");
}

Proposal settle(db::Session& session, Proposal proposal, const std::string& state, const Person& by,
                std::optional<std::string> reason, std::int64_t now_ms) {
    proposal.state = state;
    proposal.open_key.reset();
    proposal.settled_by_id = by.account_id.text;
    proposal.settled_by = by.name;
    proposal.settled_at_ms = now_ms;
    proposal.settle_reason = std::move(reason);
    session.execute(
        "UPDATE two_person_acts SET open_key = NULL, state = ?, settled_by_id = ?, settled_by = ?, settled_at_ms = ?, "
        "settle_reason = ? WHERE proposal_id = ?",
        proposal.state, proposal.settled_by_id, proposal.settled_by, proposal.settled_at_ms, proposal.settle_reason,
        proposal.proposal_id);
    return proposal;
}

}  // namespace

Result<std::string> propose(db::Session& session, const NewProposal& proposed, const Person& by, std::int64_t now_ms) {
    KAIGONG_CHECK(check_reason(proposed.reason));
    if (proposed.content.size() > kContentBytesMax) {
        return error(Errc::too_large, "authz.proposal_too_large", "一次提出的内容太多，请分几次提出。");
    }
    const auto key = key_of(proposed);
    session.execute("UPDATE two_person_acts SET open_key = NULL WHERE open_key = ? AND expires_at_ms <= ?", key,
                    now_ms);
    const auto id = new_uuid(now_ms);
    const bool inserted = session.insert_new(
        "INSERT INTO two_person_acts (proposal_id, version, open_key, act, subject_kind, subject_id, content, reason, "
        "proposed_by_id, proposed_by, proposed_at_ms, expires_at_ms, state) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, 'open')",
        id, key, proposed.act, proposed.subject_kind, proposed.subject_id, proposed.content, proposed.reason,
        by.account_id, by.name, now_ms, now_ms + kOpenForMs);
    if (inserted) return id;
    return error(Errc::conflict, "authz.proposal_is_open",
                 "同样的操作已经有人提出，正等待确认；请先请另一人处理，或由提出人撤回。");
}

Result<Proposal> confirm(db::Session& session, const std::string& proposal_id, std::string_view act, const Person& by,
                         std::int64_t now_ms) {
    KAIGONG_TRY(proposal, hold_open(session, proposal_id, act, now_ms));
    KAIGONG_CHECK(check_second_person(session, proposal, by));
    return settle(session, std::move(proposal), "confirmed", by, std::nullopt, now_ms);
}

Result<Proposal> refuse(db::Session& session, const std::string& proposal_id, std::string_view act, const Person& by,
                        const std::string& reason, std::int64_t now_ms) {
    KAIGONG_CHECK(check_reason(reason));
    KAIGONG_TRY(proposal, hold_open(session, proposal_id, act, now_ms));
    KAIGONG_CHECK(check_second_person(session, proposal, by));
    return settle(session, std::move(proposal), "refused", by, reason, now_ms);
}

Result<Proposal> withdraw(db::Session& session, const std::string& proposal_id, std::string_view act, const Person& by,
                          std::int64_t now_ms) {
    KAIGONG_TRY(proposal, hold_open(session, proposal_id, act, now_ms));
    if (by.account_id.text != proposal.proposed_by_id) return not_found();
    return settle(session, std::move(proposal), "withdrawn", by, std::nullopt, now_ms);
}

void withdraw_all_of(db::Session& session, const AccountId& proposer, const Person& by, const std::string& reason,
                     std::int64_t now_ms) {
    session.execute(
        "UPDATE two_person_acts SET version = version + 1, open_key = NULL, state = 'withdrawn', settled_by_id = ?, "
        "settled_by = ?, settled_at_ms = ?, settle_reason = ? WHERE proposed_by_id = ? AND state = 'open' AND "
        "expires_at_ms > ?",
        by.account_id, by.name, now_ms, reason, proposer, now_ms);
}

std::optional<Proposal> find(db::Session& session, const std::string& proposal_id) {
    return session.optional_row<Proposal>("SELECT * FROM two_person_acts WHERE proposal_id = ?", proposal_id);
}

std::vector<Proposal> of_subject(db::Session& session, const std::string& subject_kind, const std::string& subject_id) {
    return session.rows<Proposal>(
        "SELECT * FROM two_person_acts WHERE subject_kind = ? AND subject_id = ? ORDER BY proposed_at_ms DESC LIMIT ?",
        subject_kind, subject_id, kOfSubjectMax);
}

std::vector<Proposal> open_of_act(db::Session& session, const std::string& act, const std::string& after,
                                  std::int64_t now_ms, int limit) {
    // Ids are of their time (UUIDv7), so their order is that of the proposals.
    return session.rows<Proposal>(
        "SELECT * FROM two_person_acts WHERE act = ? AND state = 'open' AND proposed_at_ms > ? AND proposal_id > ? "
        "ORDER BY proposed_at_ms, proposal_id LIMIT ?",
        act, now_ms - kOpenForMs, after, limit);
}

}  // namespace kaigong::authz::two_person
