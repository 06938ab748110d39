// 抄送 as officers ask for it: giving a case to read, the list of what one was given, and the receipts.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "modules/approval/approval.hpp"
#include "modules/approval/operations/copies.hpp"
#include "modules/approval/retryable.hpp"

namespace kaigong::approval {

class Copies {
  public:
    Copies(const Parts& parts, const Surroundings& surroundings, Approval& approval)
        : parts_(parts), surroundings_(surroundings), approval_(approval) {}

    /// Who was given the case, and whether one may give it. Fails with approval.not_found.
    Result<boost::json::object> of_case(const authz::Actor& actor, const std::string& application_id) const;
    /// Officers of a region and of those above it; of the case's where `region_code` is empty.
    Result<boost::json::object> candidates(const authz::Actor& actor, const std::string& application_id,
                                           const std::string& region_code, const std::string& text) const;
    Result<boost::json::object> give(const authz::Actor& actor, const std::string& application_id,
                                     const std::vector<std::string>& to, const std::string& note,
                                     const Retryable& request);
    /// What one was given, the newest first.
    Result<boost::json::object> list(const authz::Actor& actor, const std::string& cursor, int limit) const;
    Result<boost::json::object> read(const authz::Actor& actor, const std::string& copy_id);
    /// How many of them he has not read, kCountMax at most.
    std::int64_t unread(db::Session& session, const authz::Actor& actor) const;

    std::vector<http::Endpoint> routes();

  private:
    store::CopyReader reader_of(const authz::Actor& actor) const;
    Result<void> may_copy(const authz::Actor& actor, const std::string& application_id) const;

    const Parts& parts_;
    const Surroundings& surroundings_;
    Approval& approval_;
};

}  // namespace kaigong::approval
