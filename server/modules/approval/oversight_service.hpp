// The supervisor's side: reads for its pages, and its commands inside their transactions.
#pragma once

#include "modules/approval/holding.hpp"
#include "modules/approval/operations/expediting.hpp"
#include "modules/approval/oversight.hpp"
#include "modules/approval/self_check.hpp"
#include "modules/approval/service.hpp"
#include "modules/approval/store_oversight.hpp"

namespace kaigong::approval {

/// What a page of open tasks is narrowed by; empty members do not.
struct TaskFilter {
    std::string department = {};
    std::string holder = {};  ///< an account's id, or `nobody`
    std::string light = {};   ///< yellow, red
    std::string cursor = {};
    int limit = 50;
};

class OversightService final : public Oversight {
  public:
    OversightService(Parts parts, Approval& cases);

    std::vector<http::Endpoint> routes() override;
    int keep_watch(std::int64_t now_ms) override;

    /// 责任追溯 of one case. For officers who may read it.
    Result<boost::json::object> holding(const authz::Actor& actor, const std::string& application_id);
    /// Its orders and warnings, likewise.
    Result<boost::json::object> orders_of_case(const authz::Actor& actor, const std::string& application_id);
    /// Load and lateness by department.
    Result<boost::json::object> departments(const authz::Actor& actor);
    /// By person of a department. Fails with authz.outside_scope.
    Result<boost::json::object> people(const authz::Actor& actor, const std::string& department);
    Result<boost::json::object> tasks(const authz::Actor& actor, const TaskFilter& filter);
    /// `state`: open, overdue, answered, cancelled.
    Result<boost::json::object> orders(const authz::Actor& actor, const std::string& state, const std::string& cursor,
                                       int limit);
    /// Those of the ladder that were meant for him.
    Result<boost::json::object> warnings(const authz::Actor& actor, const std::string& cursor, int limit);
    Result<boost::json::object> issue_order(const authz::Actor& actor, const TaskRequest& request,
                                            const operations::Demand& demand);
    Result<boost::json::object> answer_order(const authz::Actor& actor, const TaskRequest& request,
                                             const std::string& answer);
    Result<boost::json::object> self_checks(const authz::Actor& actor);
    Result<boost::json::object> findings(const authz::Actor& actor, const std::string& check_id,
                                         const std::string& cursor, int limit);
    Result<boost::json::object> begin_self_check(const authz::Actor& actor, const Retryable& request);

  private:
    struct Scope {
        std::vector<std::string> regions;
        std::vector<std::string> departments;
    };
    /// Fails with authz.not_permitted, authz.outside_scope (another department).
    Result<Scope> scope_of(const authz::Actor& actor, const std::string& department) const;
    std::vector<std::string> regions_of(const authz::Actor& actor) const;
    /// Who holds what is the officers' business. Fails with approval.not_found.
    Result<void> officer_may_read(const authz::Actor& actor, const std::string& application_id);
    Result<CaseSnapshot> snapshot_for_officer(const authz::Actor& actor, const std::string& application_id);
    /// A row of a list with what else a superior reads of its case.
    struct OverseenCase {
        std::vector<store::TaskRow> tasks;
        std::vector<store::ActRow> acts;
        std::vector<store::SignerRow> signers;
        std::optional<store::OrderRow> order;
    };
    boost::json::object task_row(const authz::Actor& actor, const store::TaskRow& task, boost::json::object row,
                                 const OverseenCase& its_case, const catalog::Matter& matter,
                                 const std::vector<store::ClockRow>& ledger) const;
    Result<boost::json::array> task_rows(const authz::Actor& actor, const std::vector<store::TaskRow>& tasks) const;
    Result<void> once(const authz::Actor& actor, const Retryable& request,
                      const std::function<Result<void>(db::Session&)>& body);
    using TaskAct = std::function<Result<void>(db::Session& session, const operations::Officer& officer,
                                               const operations::OnTask& on)>;
    Result<boost::json::object> act_on(const authz::Actor& actor, const TaskRequest& request, const TaskAct& body);
    int climb_ladders(std::int64_t now_ms);

    Parts parts_;
    Approval& cases_;
    Surroundings surroundings_;
    SelfCheck self_check_;
};

}  // namespace kaigong::approval
