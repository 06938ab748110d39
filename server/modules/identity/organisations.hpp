// Companies and institutions of the applicant's side: registered, verified by the office, their agents invited and
// removed.
#pragma once

#include <vector>

#include "http/attempt_limiter.hpp"
#include "modules/identity/sessions.hpp"

namespace kaigong::identity {

/// 委托代理: who manages an organisation's agents, and who only files for it.
inline constexpr const char* kAdminDuty = "admin";
inline constexpr const char* kAgentDuty = "agent";

/// Sent by one person, and to one phone by whomever, in an hour: each is a message to somebody who did not ask for it.
inline constexpr int kInvitationsOfOneMax = 30;
inline constexpr int kInvitationsToOneMax = 5;

class Organisations {
  public:
    Organisations(Shared& shared, Sessions& sessions)
        : shared_(shared),
          sessions_(sessions),
          by_one_(kInvitationsOfOneMax, kHourMs),
          to_one_(kInvitationsToOneMax, kHourMs) {}

    std::vector<http::Endpoint> routes();

    /// Of the program's own verbs: verified at once, the account its administrator.
    void join(db::Session& session, const Account& account, std::int64_t now_ms) const;
    /// Authorities that are over: the membership ends with its last day, and the sessions under it.
    void end_what_is_over(std::int64_t now_ms);

  private:
    Result<http::Reply> register_organisation(const http::Request& request);
    Result<http::Reply> list_mine(const http::Request& request);
    Result<http::Reply> show(const http::Request& request);
    Result<http::Reply> invite(const http::Request& request);
    Result<http::Reply> withdraw_invitation(const http::Request& request);
    Result<http::Reply> remove_member(const http::Request& request);
    Result<http::Reply> view_invitation(const http::Request& request);
    Result<http::Reply> accept_invitation(const http::Request& request);
    Result<http::Reply> list_for_office(const http::Request& request);
    Result<http::Reply> verify(const http::Request& request);
    Result<http::Reply> reject(const http::Request& request);

    /// The organisation, where the actor administers it; else it is not there.
    Result<store::OrganisationRow> administered(db::Session& session, const http::Request& request) const;
    Result<store::InvitationRow> open_invitation(db::Session& session, const std::string& token) const;
    Result<http::Reply> judge(const http::Request& request, const std::string& state, const std::string& reason);
    /// As the office sees it: with who registered it.
    boost::json::object office_json(db::Session& session, const store::OrganisationRow& row) const;
    bool is_of(db::Session& session, const store::OrganisationRow& row, const std::string& account_id) const;
    boost::json::value registrant_json(db::Session& session, const store::OrganisationRow& row) const;
    /// Fails with identity.invited_too_often.
    Result<void> count_invitation(const http::Request& request, const std::string& phone);
    /// The row of a code that nobody has, or of one that the office rejected: then its registration begins anew.
    Result<void> place(db::Session& session, store::OrganisationRow& row) const;
    void end(db::Session& session, const store::MembershipRow& member, const std::string& by_id,
             const std::string& reason, std::int64_t now_ms) const;

    Shared& shared_;
    Sessions& sessions_;
    http::AttemptLimiter by_one_;
    http::AttemptLimiter to_one_;
};

}  // namespace kaigong::identity
