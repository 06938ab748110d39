// 自查: whether every living case is in somebody's hands. Looks at the living cases page by page, so that a run may be
// left and gone on with by any process; each page is written once, whoever wrote it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "modules/approval/approval.hpp"
#include "modules/approval/store.hpp"
#include "modules/approval/store_self_checks.hpp"

namespace kaigong::approval {

/// The hour of the night at which it begins.
inline constexpr int kSelfCheckHour = 2;
inline constexpr int kCasesAPage = 100;

class SelfCheck {
  public:
    explicit SelfCheck(const Parts& parts) : parts_(parts) {}

    /// One by hand. Fails with approval.self_check_runs.
    Result<std::string> begin(db::Session& session, const std::string& started_by, std::int64_t now_ms) const;
    /// Begins the one of this night where nobody has, and goes on with one that runs, for one page; gives how many
    /// cases it looked at.
    Result<int> go_on(std::int64_t now_ms) const;

  private:
    /// Officers of a region and those above it, read once a page.
    using People = std::map<std::string, std::vector<identity::Account>>;

    Result<void> begin_nightly(std::int64_t now_ms) const;
    std::vector<store::FindingRow> findings_of(const store::ProcedureRow& procedure,
                                               const std::vector<store::TaskRow>& tasks, const People& people) const;
    std::optional<store::FindingRow> finding_of(const store::TaskRow& task, const People& people) const;
    bool may_do(const identity::Account& account, const store::TaskRow& task) const;

    const Parts& parts_;
};

}  // namespace kaigong::approval
