#include "modules/approval/oversight_service.hpp"

#include <algorithm>
#include <array>

#include "base/log.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/clock_projection.hpp"
#include "modules/approval/expedite_rules.hpp"
#include "modules/approval/inbox_view.hpp"
#include "modules/approval/list_scopes.hpp"
#include "modules/approval/oversight_access.hpp"
#include "modules/approval/oversight_lights.hpp"
#include "modules/approval/oversight_view.hpp"
#include "modules/approval/store_cases.hpp"
#include "modules/approval/warning_steps.hpp"

namespace kaigong::approval {
namespace {

constexpr int kCasesAtOnce = 50;
constexpr int kPagesAtOnce = 5;
constexpr std::int64_t kTryAgainMs = 3'600'000;
constexpr std::size_t kPeopleShown = 200;

/// Roles whose tasks run against the limit of the case; what a certificate officer does comes after the decision, when
/// its clock has stopped.
constexpr std::array<std::string_view, 4> kTimedRoles{"acceptance_officer", "reviewer", "section_head",
                                                      "deciding_leader"};
constexpr std::string_view kUntimedRole = "certificate_officer";

Error case_not_found() {
    return error(Errc::not_found, "approval.not_found", "没有找到这件申请，请从列表重新进入。");
}

std::vector<std::string> groups_of_departments(const std::vector<std::string>& departments, bool only_timed) {
    std::vector<std::string> groups;
    for (const auto& department : departments) {
        for (const auto role : kTimedRoles) groups.push_back(department + ":" + std::string(role));
        if (!only_timed) groups.push_back(department + ":" + std::string(kUntimedRole));
    }
    return groups;
}

/// What a superior's counts are of.
struct Counted {
    authz::BoundScope tasks;
    authz::BoundScope orders;
};

Counted counted_for(const authz::Permissions& permissions, const authz::Actor& actor) {
    return {scope_of(permissions, actor, kOversee, kScopeOfGroups),
            scope_of(permissions, actor, kOversee, kScopeOfOrders)};
}

Load load_of_department(db::Session& session, const Counted& of, const std::vector<std::string>& regions,
                        const std::string& department, const catalog::OfficeCalendar& calendar, std::int64_t now_ms) {
    Load load;
    for (const auto& region : regions) {
        const auto lights = light_ranges(calendar.days_in(region), now_ms);
        for (const auto& group : groups_of_departments({department}, false)) {
            const bool timed = !group.ends_with(kUntimedRole);
            load += {store::count_open(session, of.tasks, region, group, {}),
                     timed ? store::count_open(session, of.tasks, region, group, lights.yellow) : 0,
                     timed ? store::count_open(session, of.tasks, region, group, lights.red) : 0,
                     0,
                     0,
                     store::oldest_open(session, of.tasks, region, group)};
        }
        load.orders_open += store::count_orders(session, of.orders, region, department, {});
        load.orders_overdue += store::count_orders(session, of.orders, region, department, {.through_ms = now_ms});
    }
    return load;
}

Load load_of_person(db::Session& session, const Counted& of, const store::Person& person, const LightRanges& lights,
                    std::int64_t now_ms) {
    return {store::count_held(session, of.tasks, person, {}),
            store::count_held(session, of.tasks, person, lights.yellow),
            store::count_held(session, of.tasks, person, lights.red),
            store::count_orders_of(session, of.orders, person, {}),
            store::count_orders_of(session, of.orders, person, {.through_ms = now_ms}),
            store::oldest_held(session, of.tasks, person)};
}

}  // namespace

OversightService::OversightService(Parts parts, Approval& cases)
    : parts_(std::move(parts)),
      cases_(cases),
      surroundings_{parts_.database, parts_.catalog,       parts_.applications, parts_.audit,
                    parts_.outbox,   parts_.grant_effects, parts_.permissions,  parts_.identity},
      self_check_(parts_) {}

std::unique_ptr<Oversight> make_oversight(Parts parts, Approval& cases) {
    return std::make_unique<OversightService>(std::move(parts), cases);
}

int OversightService::keep_watch(std::int64_t now_ms) {
    int moved = climb_ladders(now_ms);
    for (int page = 0; page < kPagesAtOnce; ++page) {
        const auto looked_at = self_check_.go_on(now_ms);
        if (!looked_at) log_error(LogLevel::error, "approval.self_check_failed", looked_at.error());
        if (!looked_at || *looked_at == 0) break;
        moved += *looked_at;
    }
    return moved;
}

int OversightService::climb_ladders(std::int64_t now_ms) {
    const auto due = parts_.database.read(
        [&](db::Session& session) { return store::cases_with_step_due(session, now_ms, kCasesAtOnce); });
    if (!due) return 0;
    int moved = 0;
    for (const auto& id : *due) {
        const auto climbed = parts_.database.transact(
            [&](db::Session& session) { return operations::climb_ladder(session, surroundings_, id, now_ms); });
        if (climbed) {
            moved += *climbed > 0 ? 1 : 0;
            continue;
        }
        log_error(LogLevel::error, "approval.ladder_failed", climbed.error());
        // A database that can't save says nothing against the case: it stays due.
        if (climbed.error().code == Errc::unavailable) continue;
        const auto put_off = parts_.database.transact([&](db::Session& session) -> Result<void> {
            store::save_step_due(session, id, now_ms + kTryAgainMs);
            return {};
        });
        if (!put_off) log_error(LogLevel::error, "approval.ladder_not_put_off", put_off.error());
    }
    return moved;
}

std::vector<std::string> OversightService::regions_of(const authz::Actor& actor) const {
    std::vector<std::string> regions;
    for (const auto& region : parts_.catalog.regions_with_authority()) {
        if (authz::region_contains(actor.region_code, region)) regions.push_back(region);
    }
    return regions;
}

Result<OversightService::Scope> OversightService::scope_of(const authz::Actor& actor,
                                                           const std::string& department) const {
    KAIGONG_CHECK(parts_.permissions.require(actor, kOversee));
    Scope scope{regions_of(actor), {}};
    for (const auto& [code, name] : catalog::department_names(parts_.catalog)) {
        if (!parts_.permissions.authorise(actor, kOversee, near_to(actor, code))) continue;
        if (department.empty() || department == code) scope.departments.push_back(code);
    }
    if (!scope.departments.empty()) return scope;
    return error(Errc::forbidden, "authz.outside_scope", "您只能查看本部门的督办情况，请从督办台重新选择部门。");
}

Result<void> OversightService::officer_may_read(const authz::Actor& actor, const std::string& application_id) {
    if (actor.kind == authz::AccountKind::owner_agent) return case_not_found();
    return cases_.may_read(actor, application_id);
}

Result<CaseSnapshot> OversightService::snapshot_for_officer(const authz::Actor& actor,
                                                            const std::string& application_id) {
    KAIGONG_CHECK(officer_may_read(actor, application_id));
    return parts_.database.read(
        [&](db::Session& session) { return read_case(session, *store::find_procedure(session, application_id)); });
}

Result<boost::json::object> OversightService::holding(const authz::Actor& actor, const std::string& application_id) {
    KAIGONG_TRY(snapshot, snapshot_for_officer(actor, application_id));
    KAIGONG_TRY(matter, parts_.catalog.load_matter(snapshot.procedure.matter_code, snapshot.procedure.catalog_version));
    const auto hours = office_hours_of(*matter);
    const auto calendar = parts_.catalog.calendar();
    const auto holds =
        holds_of({snapshot.tasks, snapshot.acts, snapshot.signers},
                 {snapshot.ledger, hours, calendar->days_in(snapshot.procedure.region_code), parts_.clock.now_ms()});
    return boost::json::object{
        {"working_day_ms", hours.day_ms()}, {"holds", holds_json(holds)}, {"totals", holds_json(held_in_all(holds))}};
}

Result<boost::json::object> OversightService::orders_of_case(const authz::Actor& actor,
                                                             const std::string& application_id) {
    KAIGONG_CHECK(officer_may_read(actor, application_id));
    KAIGONG_TRY(orders,
                parts_.database.read([&](db::Session& session) { return store::orders_of(session, application_id); }));
    KAIGONG_TRY(warnings, parts_.database.read(
                              [&](db::Session& session) { return store::warnings_of(session, application_id); }));
    boost::json::array orders_list;
    for (const auto& order : orders) orders_list.push_back(order_json(order, parts_.clock.now_ms()));
    boost::json::array warnings_list;
    for (const auto& warning : warnings) warnings_list.push_back(warning_json(warning));
    return boost::json::object{{"orders", std::move(orders_list)}, {"warnings", std::move(warnings_list)}};
}

Result<boost::json::object> OversightService::departments(const authz::Actor& actor) {
    KAIGONG_TRY(scope, scope_of(actor, ""));
    const auto now_ms = parts_.clock.now_ms();
    const auto calendar = parts_.catalog.calendar();
    const auto names = catalog::department_names(parts_.catalog);
    const auto counted = counted_for(parts_.permissions, actor);
    return parts_.database.read([&](db::Session& session) {
        boost::json::array list;
        Load all;
        for (const auto& department : scope.departments) {
            const auto load = load_of_department(session, counted, scope.regions, department, *calendar, now_ms);
            all += load;
            auto row = load_json(load);
            row["department"] = department;
            row["name"] = names.at(department);
            list.push_back(std::move(row));
        }
        return boost::json::object{
            {"departments", std::move(list)}, {"all", load_json(all)}, {"count_max", store::kOverseenMax}};
    });
}

Result<boost::json::object> OversightService::people(const authz::Actor& actor, const std::string& department) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kOversee));
    if (department.empty()) {
        return invalid_field("department", "approval.department_missing", "请先选择部门，再看人员的办理情况。");
    }
    KAIGONG_TRY(scope, scope_of(actor, department));
    std::map<std::string, identity::Account> people;
    for (const auto& region : scope.regions) {
        KAIGONG_TRY(officers, parts_.identity.find_officers(
                                  {.region_code = region, .department = department, .limit = kPeopleShown}));
        for (auto& one : officers) {
            if (authz::region_contains(actor.region_code, one.region_code)) people.emplace(one.account_name, one);
        }
    }
    const auto now_ms = parts_.clock.now_ms();
    const auto calendar = parts_.catalog.calendar();
    const auto counted = counted_for(parts_.permissions, actor);
    return parts_.database.read([&](db::Session& session) {
        boost::json::array list;
        for (const auto& [name, account] : people) {
            if (list.size() == kPeopleShown) break;
            // Whoever works for several authorities is measured by the days of his own.
            const auto lights = light_ranges(calendar->days_in(account.region_code), now_ms);
            auto row =
                load_json(load_of_person(session, counted, {account.account_id.text, department}, lights, now_ms));
            row["account_id"] = account.account_id.text;
            row["name"] = account.display_name;
            list.push_back(std::move(row));
        }
        return boost::json::object{{"people", std::move(list)},
                                   {"complete", people.size() <= kPeopleShown},
                                   {"count_max", store::kOverseenMax}};
    });
}

boost::json::object OversightService::task_row(const authz::Actor& actor, const store::TaskRow& task,
                                               boost::json::object row, const OverseenCase& its_case,
                                               const catalog::Matter& matter,
                                               const std::vector<store::ClockRow>& ledger) const {
    const auto now_ms = parts_.clock.now_ms();
    const auto hours = office_hours_of(matter);
    const auto calendar = parts_.catalog.calendar();
    const auto& days = calendar->days_in(task.region_code);
    const auto holds = holds_of({its_case.tasks, its_case.acts, its_case.signers}, {ledger, hours, days, now_ms});
    std::int64_t held_ms = 0;
    for (const auto& hold : holds) {
        if (hold.task_id == task.task_id && hold.holder_id == task.assignee_id) held_ms += hold.worked_ms;
    }
    const auto statutory = read_statutory(matter, ledger, days, now_ms);
    const auto& order = its_case.order;
    const auto may =
        may_expedite_now(task, {actor.account_id.text, oversees_authority(actor), order.has_value(), statutory});
    return {{"task", std::move(row)},
            {"held_ms", held_ms},
            {"working_day_ms", hours.day_ms()},
            {"totals", holds_json(held_in_all(holds))},
            {"order", order ? boost::json::value(order_json(*order, now_ms)) : boost::json::value(nullptr)},
            {"expedite_blocked_because", may ? boost::json::value(nullptr) : boost::json::value(may.error().message)}};
}

Result<boost::json::array> OversightService::task_rows(const authz::Actor& actor,
                                                       const std::vector<store::TaskRow>& tasks) const {
    const auto himself = [&](const store::TaskRow&) { return operations::Officer{actor, ""}; };
    KAIGONG_TRY(rows, inbox_rows_json(surroundings_, tasks, himself, parts_.clock.now_ms()));
    std::vector<std::string> ids;
    for (const auto& task : tasks) ids.push_back(task.application_id);
    return parts_.database.read([&](db::Session& session) -> Result<boost::json::array> {
        const auto ledgers = store::clocks_of(session, ids);
        std::map<std::string, std::shared_ptr<const catalog::Matter>> matters;
        for (const auto& one : store::versions_of(session, ids)) {
            KAIGONG_TRY(matter, parts_.catalog.load_matter(one.matter_code, one.catalog_version));
            matters[one.application_id] = matter;
        }
        boost::json::array list;
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            const auto& id = ids[i];
            const OverseenCase its_case{store::tasks_of(session, id), store::acts_of(session, id),
                                        store::signers_of(session, id),
                                        store::open_order_of_task(session, tasks[i].task_id)};
            list.push_back(task_row(actor, tasks[i], rows[i].as_object(), its_case, *matters.at(id), ledgers.at(id)));
        }
        return list;
    });
}

Result<boost::json::object> OversightService::tasks(const authz::Actor& actor, const TaskFilter& filter) {
    KAIGONG_TRY(scope, scope_of(actor, filter.department));
    const auto now_ms = parts_.clock.now_ms();
    const auto calendar = parts_.catalog.calendar();
    const auto range_in = [&](const std::string& region) {
        const auto lights = light_ranges(calendar->days_in(region), now_ms);
        return filter.light == "red" ? lights.red : filter.light == "yellow" ? lights.yellow : store::DueRange{};
    };
    store::OverseenQuery query;
    query.scope = approval::scope_of(parts_.permissions, actor, kOversee, kScopeOfGroups);
    query.overseen = {scope.regions, groups_of_departments(scope.departments, !filter.light.empty())};
    query.range = range_in(actor.region_code);
    for (const auto& region : scope.regions) query.ranges[region] = range_in(region);
    if (filter.holder == "nobody") query.held = store::Held::by_nobody;
    query.cursor = filter.cursor;
    query.limit = filter.limit;
    if (!filter.holder.empty() && filter.holder != "nobody") {
        query.held = store::Held::by_one;
        // Who sees one department sees his colleagues' tasks of it alone.
        const bool sees_all = scope.departments.size() > 1;
        query.person = {filter.holder, sees_all ? std::string() : scope.departments.front()};
    }
    KAIGONG_TRY(page,
                parts_.database.read([&](db::Session& session) { return store::overseen_tasks(session, query); }));
    KAIGONG_TRY(rows, task_rows(actor, page.rows));
    return boost::json::object{{"rows", std::move(rows)}, {"next_cursor", cursor_json(page.next_cursor)}};
}

Result<boost::json::object> OversightService::orders(const authz::Actor& actor, const std::string& state,
                                                     const std::string& cursor, int limit) {
    KAIGONG_TRY(scope, scope_of(actor, ""));
    const auto now_ms = parts_.clock.now_ms();
    store::OrdersQuery query{approval::scope_of(parts_.permissions, actor, kOversee, kScopeOfOrders),
                             scope.regions,
                             scope.departments,
                             state == "overdue" ? "open" : state,
                             {},
                             cursor,
                             limit};
    if (state == "overdue") query.range.through_ms = now_ms;
    KAIGONG_TRY(page,
                parts_.database.read([&](db::Session& session) { return store::overseen_orders(session, query); }));
    boost::json::array list;
    for (const auto& order : page.rows) list.push_back(order_json(order, now_ms));
    return boost::json::object{{"orders", std::move(list)}, {"next_cursor", cursor_json(page.next_cursor)}};
}

Result<boost::json::object> OversightService::warnings(const authz::Actor& actor, const std::string& cursor,
                                                       int limit) {
    KAIGONG_TRY(scope, scope_of(actor, ""));
    const store::WarningsQuery query{approval::scope_of(parts_.permissions, actor, kOversee, kScopeOfWarnings),
                                     scope.regions,
                                     scope.departments,
                                     oversees_authority(actor) ? "deputy_leader" : "section_head",
                                     cursor,
                                     limit};
    KAIGONG_TRY(page,
                parts_.database.read([&](db::Session& session) { return store::overseen_warnings(session, query); }));
    boost::json::array list;
    for (const auto& warning : page.rows) list.push_back(warning_json(warning));
    return boost::json::object{{"warnings", std::move(list)}, {"next_cursor", cursor_json(page.next_cursor)}};
}

}  // namespace kaigong::approval
