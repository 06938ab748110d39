// 常用意见 and 条款库 for who writes an opinion: the bureau's and the law's from the catalogue, and one's own.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "modules/approval/approval.hpp"
#include "modules/approval/retryable.hpp"
#include "modules/approval/store_opinions.hpp"

namespace kaigong::approval {

class ApprovalService;

inline constexpr std::size_t kOwnOpinionsMax = 100;
inline constexpr std::size_t kOwnOpinionLength = 500;

class Opinions {
  public:
    Opinions(const Parts& parts, ApprovalService& service) : parts_(parts), service_(service) {}

    /// What may be put into the opinion of a task, and what is known of its case for the gaps in it. Fails with
    /// approval.not_found, approval.not_your_task.
    Result<boost::json::object> for_task(const authz::Actor& actor, const std::string& task_id);
    /// Fails with approval.opinion_kept, approval.too_many_opinions.
    Result<boost::json::object> keep(const authz::Actor& actor, const std::string& text, const Retryable& request);
    /// Fails with approval.not_found, approval.opinion_kept, db.version_is_stale.
    Result<boost::json::object> change(const authz::Actor& actor, const std::string& opinion_id, std::int64_t version,
                                       const std::string& text);
    /// Fails with approval.not_found, db.version_is_stale.
    Result<void> forget(const authz::Actor& actor, const std::string& opinion_id, std::int64_t version);
    /// Counts that it was put into an opinion.
    Result<boost::json::object> use(const authz::Actor& actor, const std::string& opinion_id);

    std::vector<http::Endpoint> routes();

  private:
    Result<store::OwnOpinionRow> load(db::Session& session, const authz::Actor& actor,
                                      const std::string& opinion_id) const;
    Result<void> must_be_new(db::Session& session, const authz::Actor& actor, const std::string& text) const;

    const Parts& parts_;
    ApprovalService& service_;
};

}  // namespace kaigong::approval
