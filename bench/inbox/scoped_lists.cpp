// Lists of one officer of one district with the compiled scope of the permission tables, and the same lists without
// any.
//
//   scoped_lists DATABASE REGION ROUNDS
//       by turns, so many times each; prints [{"officer","list","rows","scoped_us","unscoped_us","bureau_us"}],
//       medians. `unscoped`: the same statement with a scope that holds for every row. `bureau`: without scope, of all
//       districts. Stops where the scope leaves out a row of the district, or lets one of another in.
#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <functional>
#include <iostream>

#include "bpmn/measuring.hpp"
#include "modules/applications/applications.hpp"
#include "modules/approval/approval.hpp"
#include "modules/approval/inbox.hpp"
#include "modules/approval/list_scopes.hpp"
#include "modules/approval/store_oversight.hpp"
#include "modules/permits/permits.hpp"
#include "modules/permits/store.hpp"

namespace kaigong::bench {
namespace {

namespace json = boost::json;
using approval::InboxQuery;
using approval::InboxView;
using authz::BoundScope;
using SteadyClock = std::chrono::steady_clock;

constexpr int kPage = 50;
constexpr int kPagesBeforeMiddle = 100;
/// None of the cases knows this account: what is somebody's own is not measured, but what waits for his group.
constexpr const char* kAccount = "01a00000-0000-7000-8000-00000000b3ac";

struct Officer {
    std::string name;
    authz::Actor actor;
};

/// What a list shows: the number of each row, which begins with its district.
using Numbers = std::vector<std::string>;

struct List {
    std::string name;
    std::string action;
    authz::ScopeColumns columns;
    /// The list asks for its district by itself, so that the scope may leave out nothing of it.
    bool asks_for_regions;
    std::function<Numbers(db::Session&, const std::vector<std::string>& regions, const BoundScope&)> read;
};

authz::Actor actor_of(const std::string& department, const std::string& region, std::vector<authz::Role> roles) {
    authz::Actor actor;
    actor.account_id = authz::AccountId{kAccount};
    actor.kind = authz::AccountKind::officer;
    actor.department = department;
    actor.region_code = region;
    actor.roles = std::move(roles);
    return actor;
}

std::vector<Officer> officers_of(const std::string& region) {
    using authz::Role;
    return {{"clerk", actor_of("housing", region, {Role::acceptance_officer, Role::window_clerk})},
            {"fire", actor_of("fire", region, {Role::reviewer})},
            {"leader", actor_of("housing", region, {Role::deciding_leader})}};
}

std::vector<std::string> groups_of(const authz::Actor& actor) {
    std::vector<std::string> groups;
    for (const auto role : actor.roles) groups.push_back(actor.department + ":" + std::string(to_string(role)));
    return groups;
}

class Lists {
  public:
    Lists(db::Database& database, const authz::Permissions& permissions)
        : database_(database), permissions_(permissions) {
        all_groups_ = must(database.read([](db::Session& session) {
            return session.rows<std::string>("SELECT DISTINCT candidate_group FROM tasks WHERE state = 'open'");
        }));
        regions_ = must(database.read([](db::Session& session) {
            return session.rows<std::string>("SELECT DISTINCT region_code FROM tasks WHERE state = 'open'");
        }));
    }

    const std::vector<std::string>& regions() const { return regions_; }

    std::vector<List> of(const Officer& officer) const {
        const auto own = groups_of(officer.actor);
        const auto todo = query_of(InboxView::todo, own);
        auto middle = todo;
        middle.cursor = middle_of(officer.actor.region_code, todo);
        return {inbox("todo", "approval.work", todo), inbox("todo_middle", "approval.work", middle),
                inbox("all", "approval.read", query_of(InboxView::all, reads_region(officer) ? all_groups_ : own)),
                permits("permits", officer.actor, ""),
                permits("permits_middle", officer.actor, middle_permit(officer.actor.region_code))};
    }

  private:
    /// As the service of the lists: who reads cases of his department alone is shown what waits for his own groups.
    bool reads_region(const Officer& officer) const {
        authz::Resource of_region;
        of_region.region_code = officer.actor.region_code;
        return permissions_.authorise(officer.actor, "approval.read", of_region).has_value();
    }

    static InboxQuery query_of(InboxView view, const std::vector<std::string>& groups) {
        InboxQuery query;
        query.view = view;
        query.groups = groups;
        query.account_id = kAccount;
        query.limit = kPage;
        return query;
    }

    static List inbox(const std::string& name, const std::string& action, const InboxQuery& query) {
        return {name, action, approval::kScopeOfTasks, true,
                [query](db::Session& session, const std::vector<std::string>& regions, const BoundScope& scope) {
                    auto asked = query;
                    asked.regions = regions;
                    asked.scope = scope;
                    const auto page = approval::inbox_page(session, asked);
                    Numbers numbers;
                    for (const auto& row : page.rows) numbers.push_back(row.application_number);
                    return numbers;
                }};
    }

    List permits(const std::string& name, const authz::Actor& actor, const std::string& cursor) const {
        const auto bound = authz::region_bound(permissions_, actor, "permits.read");
        return {
            name, "permits.read", permits::store::kScopeOfPermits, false,
            [bound, cursor](db::Session& session, const std::vector<std::string>& regions, const BoundScope& scope) {
                const auto span = permits::store::span_of(regions.size() == 1 ? bound : "", cursor);
                Numbers numbers;
                for (const auto& row : permits::store::listed(session, scope, span, kPage))
                    numbers.push_back(row.permit_number);
                return numbers;
            }};
    }

    /// Half of the district's permits come before it.
    std::string middle_permit(const std::string& region) const {
        return must(database_.read([&](db::Session& session) {
            return session.row<std::string>(
                "SELECT permit_number FROM permits WHERE permit_number > ? ORDER BY permit_number LIMIT 1 OFFSET "
                "(SELECT count(*) / 2 FROM permits WHERE permit_number > ? AND permit_number < ?)",
                region, region, region + "~");
        }));
    }

    /// The cursor behind a hundred pages, or before the last.
    std::string middle_of(const std::string& region, InboxQuery query) const {
        query.regions = {region};
        query.scope = BoundScope::everything();
        for (int pages = 0; pages < kPagesBeforeMiddle; ++pages) {
            const auto page =
                must(database_.read([&](db::Session& session) { return approval::inbox_page(session, query); }));
            if (!page.next_cursor) break;
            query.cursor = *page.next_cursor;
        }
        return query.cursor;
    }

    db::Database& database_;
    const authz::Permissions& permissions_;
    std::vector<std::string> all_groups_;
    std::vector<std::string> regions_;
};

class Measured {
  public:
    Measured(db::Database& database, const List& list, std::string region)
        : database_(database), list_(list), region_(std::move(region)) {}

    json::object run(const BoundScope& scope, const std::vector<std::string>& all_regions, int rounds) {
        std::vector<double> scoped;
        std::vector<double> unscoped;
        std::vector<double> bureau;
        const std::vector<std::string> own{region_};
        const auto everything = BoundScope::everything();
        for (int i = 0; i < rounds; ++i) {
            scoped.push_back(microseconds(own, scope));
            const auto within = last_;
            unscoped.push_back(microseconds(own, everything));
            compare(within, last_);
            bureau.push_back(microseconds(all_regions, everything));
        }
        return {{"list", list_.name},
                {"rows", rows_of_scoped_},
                {"scoped_us", median(scoped)},
                {"unscoped_us", median(unscoped)},
                {"bureau_us", median(bureau)}};
    }

  private:
    double microseconds(const std::vector<std::string>& regions, const BoundScope& scope) {
        const auto begun = SteadyClock::now();
        last_ = must(database_.read([&](db::Session& session) { return list_.read(session, regions, scope); }));
        return std::chrono::duration<double, std::micro>(SteadyClock::now() - begun).count();
    }

    void compare(const Numbers& within, const Numbers& without) {
        rows_of_scoped_ = within.size();
        for (const auto& number : within) {
            if (!number.starts_with(region_)) throw std::runtime_error(list_.name + ": a row of " + number);
        }
        if (list_.asks_for_regions && within != without)
            throw std::runtime_error(list_.name + ": the scope leaves out rows of its own district");
    }

    static double median(std::vector<double> values) {
        std::ranges::sort(values);
        return values.at(values.size() / 2);
    }

    db::Database& database_;
    const List& list_;
    std::string region_;
    Numbers last_;
    std::size_t rows_of_scoped_ = 0;
};

json::array measure(db::Database& database, const std::string& region, int rounds) {
    authz::Permissions permissions;
    permissions.add(applications::permissions());
    permissions.add(approval::permissions());
    permissions.add(permits::permissions());
    const Lists lists(database, permissions);
    json::array results;
    for (const auto& officer : officers_of(region)) {
        for (const auto& list : lists.of(officer)) {
            const BoundScope scope(permissions.scope_condition(officer.actor, list.action, list.columns));
            auto figures = Measured(database, list, region).run(scope, lists.regions(), rounds);
            figures["officer"] = officer.name;
            results.push_back(std::move(figures));
        }
    }
    return results;
}

}  // namespace
}  // namespace kaigong::bench

int main(int argc, char** argv) {
    try {
        if (argc != 4) throw std::runtime_error("scoped_lists DATABASE REGION ROUNDS");
        kaigong::db::Settings settings;
        settings.url = std::string("sqlite:") + argv[1];
        const auto database = kaigong::bench::must(kaigong::db::Database::open(settings));
        std::cout << boost::json::serialize(kaigong::bench::measure(*database, argv[2], std::stoi(argv[3]))) << '\n';
    } catch (const std::exception& error) {
        std::cerr << "scoped_lists: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
