// The tree of regions and the real lists: for officers of a province, cities and counties and a case of each region,
// what a list shows is what its reader may open one by one, and both are what lies below him. On both databases.
#include <set>

#include "modules/approval/list_scopes.hpp"
#include "modules/approval/testing/supervision.hpp"

namespace kaigong::approval {
namespace {

using namespace testing;

/// What stands above what, written down here so that nothing is judged by what it tests. Beside those with an authority
/// there are a neighbouring city, another province and its county.
const std::map<std::string, std::string> kAbove{{"330106", "330100"}, {"330105", "330100"}, {"330108", "330100"},
                                                {"330109", "330100"}, {"330100", "330000"}, {"330203", "330200"},
                                                {"330200", "330000"}, {"330000", ""},       {"340102", "340100"},
                                                {"340100", "340000"}, {"340000", ""}};

bool lies_in(std::string region, const std::string& area) {
    while (!region.empty() && region != area) region = kAbove.at(region);
    return !region.empty();
}

std::string open_case_in(Office& office, const std::string& region) {
    auto filed = office.filing();
    filed.region_code = region;
    office.filings.filings[filed.application_id.text] = filed;
    office.act([&](db::Session& session) {
        return operations::open_procedure(session, *office.around, filed, office.clock.now_ms());
    });
    return filed.application_id.text;
}

std::set<std::string> ids_in(const boost::json::array& rows) {
    std::set<std::string> ids;
    for (const auto& row : rows) {
        const auto& of = row.as_object();
        const auto* task = of.if_contains("task");
        ids.emplace((task == nullptr ? of : task->as_object()).at("application_id").as_string());
    }
    return ids;
}

InboxQuery whole_inbox() {
    InboxQuery query;
    query.view = InboxView::all;
    query.limit = 100;
    return query;
}

}  // namespace

TEST_CASE("lists and single reads show an officer of each level what lies in his area, whichever region a case is of") {
    on_each([](Office& office) {
        Supervision supervision(office);
        std::map<std::string, std::string> region_of;
        for (const auto& [region, above] : kAbove) region_of[open_case_in(office, region)] = region;
        const auto issuing = office.catalog->regions_with_authority();
        const std::set<std::string> listed(issuing.begin(), issuing.end());
        std::size_t seen_somewhere = 0;
        for (const auto& [area, above] : kAbove) {
            for (const auto role : {Role::section_head, Role::deciding_leader, Role::acceptance_officer}) {
                auto actor = Office::officer(role, 40).actor;
                actor.region_code = area;
                CAPTURE(area);
                CAPTURE(to_string(role));
                std::set<std::string> below;
                std::set<std::string> listable;
                for (const auto& [id, region] : region_of) {
                    if (!lies_in(region, area)) continue;
                    below.insert(id);
                    if (listed.contains(region)) listable.insert(id);
                }
                std::set<std::string> opened;
                for (const auto& [id, region] : region_of) {
                    if (office.approval->may_read(actor, id)) opened.insert(id);
                }
                CHECK(opened == below);
                // Lists run over the regions with an authority; nobody files anywhere else.
                CHECK(ids_in(office.approval->inbox(actor, whole_inbox()).value().at("rows").as_array()) == listable);
                seen_somewhere += listable.size();
                if (role == Role::acceptance_officer) continue;
                const auto overseen = supervision.service.tasks(actor, {.limit = 100}).value();
                CHECK(ids_in(overseen.at("rows").as_array()) == listable);
                const auto all = supervision.service.departments(actor).value().at("all").as_object();
                CHECK(all.at("open") == static_cast<std::int64_t>(listable.size()));
            }
        }
        // Four regions with an authority, each seen from itself, its city and its province by three people.
        CHECK(seen_somewhere == 4 * 3 * 3);
    });
}

}  // namespace kaigong::approval
