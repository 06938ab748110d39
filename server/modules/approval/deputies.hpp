// 代理 as officers ask for it: for whom somebody stands in now, and the pages that name and end it. What a deputy does
// with tasks are the same operations as everybody's, with `Officer::instead_of`.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/civil_date.hpp"
#include "modules/approval/approval.hpp"
#include "modules/approval/inbox.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/retryable.hpp"
#include "modules/approval/store_deputies.hpp"

namespace kaigong::approval {

struct DeputyWish {
    /// Empty: whoever asks.
    std::string absent_id;
    std::string deputy_id;
    CivilDate from_on;
    CivilDate through_on;
    std::string reason;
};

class Deputies {
  public:
    Deputies(const Parts& parts, const Surroundings& surroundings) : parts_(parts), surroundings_(surroundings) {}

    /// For whom this officer stands in now. Nobody whose account, department or roles have changed so that he may not
    /// any more.
    std::vector<operations::Absent> absent_for(const authz::Actor& actor) const;
    operations::Officer officer(const authz::Actor& actor) const;

    /// The lists `todo` and `mine` with what waits for those who are away.
    InboxPage inbox_page(db::Session& session, const InboxQuery& own,
                         const std::vector<operations::Absent>& absent) const;
    InboxCounts inbox_counts(db::Session& session, const InboxQuery& own,
                             const std::vector<operations::Absent>& absent) const;

    /// `whose` is `mine` or `department`. Fails with approval.whose_unknown, authz.….
    Result<boost::json::object> list(const authz::Actor& actor, const std::string& whose) const;
    /// `of` is `absent` or `deputy`: for whom he may name one, and who may stand in, each with what is in the way.
    Result<boost::json::object> candidates(const authz::Actor& actor, const std::string& of,
                                           const std::string& absent_id, const std::string& text) const;
    Result<boost::json::object> name(const authz::Actor& actor, const DeputyWish& wish, const Retryable& request);
    Result<boost::json::object> end(const authz::Actor& actor, const std::string& deputyship_id, std::int64_t version,
                                    const std::string& reason, const Retryable& request);

    std::vector<http::Endpoint> routes();

  private:
    /// Fails with approval.person_unknown, naming the field.
    Result<operations::Officer> person(const std::string& account_id, const char* field) const;
    boost::json::object json_of(const authz::Actor& actor, const store::DeputyshipRow& row) const;
    Result<boost::json::object> show(const authz::Actor& actor, const std::string& deputyship_id) const;
    Result<std::string> once(const authz::Actor& actor, const Retryable& request, std::int64_t now_ms,
                             const std::function<Result<std::string>(db::Session&)>& body);

    const Parts& parts_;
    const Surroundings& surroundings_;
};

}  // namespace kaigong::approval
