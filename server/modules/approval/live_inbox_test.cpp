// Open lists of tasks: what they are told of and what not, whoever did it; coming back; and what a look costs.
#include "modules/approval/live_inbox.hpp"

#include <fmt/format.h>

#include <thread>

#include "modules/approval/service.hpp"
#include "modules/approval/store_live.hpp"
#include "modules/approval/testing/stand_in.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using operations::Officer;
using testing::Office;
using namespace std::chrono_literals;

const Officer kClerk = Office::officer(Role::acceptance_officer, 1);
const Officer kColleague = Office::officer(Role::acceptance_officer, 2);
const Officer kLeader = Office::officer(Role::deciding_leader, 3);

/// One open list.
class List {
  public:
    List(Office& office, const Officer& who, InboxView view = InboxView::todo, std::string_view last_event_id = "")
        : stream_(Office::must(office.approval->listen_to_inbox(who.actor, view, last_event_id))) {
        first_ = next();
    }
    ~List() { stream_->end(); }
    List(const List&) = delete;
    List& operator=(const List&) = delete;

    /// `here` or `changed`.
    const std::string& first() const { return first_; }
    /// The id of the last event.
    const std::string& id() const { return id_; }
    /// Waits, at most 10 s; empty where nothing came.
    std::string next() {
        for (int i = 0; i < 1'000 && pending_.find("\n\n") == std::string::npos; ++i) {
            pending_ += stream_->take();
            std::this_thread::sleep_for(10ms);
        }
        return take();
    }
    bool is_told() { return next() == "changed"; }
    /// For after somebody else was told of something later.
    bool was_told() {
        pending_ += stream_->take();
        return !take().empty();
    }
    http::EventStream& stream() { return *stream_; }

  private:
    std::string take() {
        const auto end = pending_.find("\n\n");
        if (end == std::string::npos) return "";
        const auto block = pending_.substr(0, end);
        pending_.erase(0, end + 2);
        const auto field = [&](const std::string& name) {
            const auto at = block.find(name + ": ");
            const auto from = at + name.size() + 2;
            return at == std::string::npos ? "" : block.substr(from, block.find('\n', from) - from);
        };
        id_ = field("id");
        CHECK(field("data") == "{}");
        return field("event");
    }

    http::SharedEvents stream_;
    std::string pending_;
    std::string first_;
    std::string id_;
};

void act(Office& office, const std::string& id, const Officer& who, const std::string& what) {
    const auto task = office.open_task(id);
    office.act([&](db::Session& session) -> Result<void> {
        if (what == "claim") return office.claim(session, id, task, who);
        if (what == "release") return office.release(session, id, task, who);
        return office.complete(session, id, task, who, what);
    });
}

store::InboxChange change(std::int64_t number) {
    return {number, "330106", "housing:reviewer", true, {}, {}, testing::kMatter, "normal"};
}

std::vector<std::int64_t> numbers_of(const std::vector<store::InboxChange>& changes) {
    std::vector<std::int64_t> numbers;
    numbers.reserve(changes.size());
    for (const auto& one : changes) numbers.push_back(one.change_no);
    return numbers;
}

struct PlanStep {
    std::int64_t id = 0;
    std::int64_t parent = 0;
    std::int64_t unused = 0;
    std::string detail;
};

/// How the database would carry it out, in its own words.
template <class... P>
std::string steps_of(db::Session& session, std::string_view sql, const P&... parameters) {
    std::string text;
    if (session.kind() == db::DatabaseKind::mariadb) {
        const auto plan = session.rows<std::string>("EXPLAIN FORMAT=JSON " + std::string(sql), parameters...);
        return plan.at(0);
    }
    for (const auto& step : session.rows<PlanStep>("EXPLAIN QUERY PLAN " + std::string(sql), parameters...)) {
        text += step.detail + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("a list learns of what comes, is claimed, comes back and goes, also when another program did it") {
    testing::on_each_pair([](Office& here, Office& there) {
        List hers(here, kClerk);
        CHECK(hers.first() == "here");
        const auto id = there.open_case();
        CHECK(hers.is_told());
        act(there, id, kColleague, "claim");
        CHECK(hers.is_told());
        act(there, id, kColleague, "release");
        CHECK(hers.is_told());
        List leaders(here, kLeader);
        act(there, id, kColleague, "accept");
        CHECK(hers.is_told());
        // What is not his he is not told of; what comes to him he is.
        CHECK_FALSE(leaders.was_told());
        there.must(there.approval->complete_job(id, there.open_job(id)));
        CHECK(leaders.is_told());
        CHECK_FALSE(hers.was_told());
    });
}

TEST_CASE("a list is not told of another region's tasks, nor of what a colleague does with his own") {
    testing::on_each([](Office& office) {
        const auto id = office.open_case();
        act(office, id, kColleague, "claim");
        auto elsewhere = kClerk;
        elsewhere.actor.account_id = {"01900000-0000-7000-8000-000000000077"};
        elsewhere.actor.region_code = "330105";
        List theirs(office, elsewhere);
        List hers(office, kClerk);
        List all(office, kClerk, InboxView::all);
        act(office, id, kColleague, "accept");
        CHECK(all.is_told());
        CHECK_FALSE(hers.was_told());
        CHECK_FALSE(theirs.was_told());
    });
}

TEST_CASE("who stands in learns of what comes to the absent officer, from the moment that he was named") {
    testing::on_each([](Office& office) {
        auto deputy = Office::officer(Role::section_head, 5);
        List his(office, deputy);
        identity::Account account;
        account.account_id = kLeader.actor.account_id;
        account.kind = authz::AccountKind::officer;
        account.display_name = kLeader.name;
        account.department = kLeader.actor.department;
        account.region_code = kLeader.actor.region_code;
        account.roles = kLeader.actor.roles;
        office.identity.officers.push_back(account);
        const auto acting = testing::standing_in(office, deputy, kLeader);
        office.act([&](db::Session& session) -> Result<void> {
            store::record_inbox_change_for(session, deputy.actor.account_id.text);
            return {};
        });
        CHECK(his.is_told());
        const auto id = office.case_at_decision();
        CHECK(his.is_told());
        act(office, id, acting, "claim");
        CHECK(his.is_told());
    });
}

TEST_CASE(
    "what a case's page is told of a deputy's act has whom he stood in for, and an act of nobody's deputy has nobody") {
    testing::on_each([](Office& office) {
        const auto id = office.open_case();
        act(office, id, kColleague, "claim");
        act(office, id, testing::standing_in(office, kClerk, kColleague), "release");
        const auto acts =
            Office::must(office.database.read([&](db::Session& session) { return store::acts_after(session, id, 0); }));
        REQUIRE(acts.size() == 2);
        CHECK_FALSE(acts[0].absent_id);
        CHECK(acts[1].absent_id == kColleague.actor.account_id.text);
    });
}

TEST_CASE("who comes back is told whether something happened meanwhile, and to ask where nobody knows any more") {
    testing::on_each([](Office& office) {
        std::string seen;
        {
            List before(office, kClerk);
            office.open_case();
            REQUIRE(before.is_told());
            seen = before.id();
        }
        CHECK(List(office, kClerk, InboxView::todo, seen).first() == "here");
        CHECK(List(office, kClerk, InboxView::todo, "x").first() == "here");
        office.open_case();
        CHECK(List(office, kClerk, InboxView::todo, seen).first() == "changed");
        CHECK(List(office, kLeader, InboxView::todo, seen).first() == "here");
        CHECK(List(office, kClerk, InboxView::todo, "999").first() == "changed");
        office.act([&](db::Session& session) -> Result<void> {
            store::forget_inbox_changes(session, std::stoll(seen) + 1);
            store::record_inbox_change_for(session, kLeader.actor.account_id.text);
            return {};
        });
        CHECK(List(office, kClerk, InboxView::todo, seen).first() == "changed");
    });
}

TEST_CASE("a list ends with the right to it") {
    testing::on_each([](Office& office) {
        List hers(office, kClerk);
        http::Session session;
        session.actor = kClerk.actor;
        CHECK(hers.stream().check(session).has_value());
        session.actor.roles = {Role::audit_admin};
        CHECK(hers.stream().check(session).error().reason == "authz.not_permitted");
        session.actor = kColleague.actor;
        CHECK_FALSE(hers.stream().check(session).has_value());
        CHECK(office.approval->listen_to_inbox(Office::officer(Role::window_clerk).actor, InboxView::todo, "")
                  .error()
                  .reason == "authz.not_permitted");
    });
}

TEST_CASE(
    "a lower number that is committed after a higher one is not missed, and one that was rolled back is given up") {
    SeenNumbers seen(3);
    const SeenNumbers::Instant begun{};
    CHECK(numbers_of(seen.take({change(4), change(6)}, begun)) == std::vector<std::int64_t>{4, 6});
    CHECK(seen.through() == 4);
    CHECK(seen.take({change(6)}, begun + 1s).empty());
    CHECK(numbers_of(seen.take({change(5), change(6)}, begun + 2s)) == std::vector<std::int64_t>{5});
    CHECK(seen.through() == 6);
    CHECK(numbers_of(seen.take({change(9)}, begun + 3s)) == std::vector<std::int64_t>{9});
    CHECK(seen.take({change(9)}, begun + 12s).empty());
    CHECK(seen.through() == 6);
    CHECK(seen.take({change(9)}, begun + 13s).empty());
    CHECK(seen.through() == 9);
}

TEST_CASE("a flood of changes tells everybody once and is left behind") {
    testing::on_each([](Office& office) {
        List hers(office, kClerk);
        office.act([](db::Session& session) -> Result<void> {
            for (int i = 0; i < 1'200; ++i) store::record_inbox_change(session, change(0));
            return {};
        });
        CHECK(hers.is_told());
        office.open_case();
        CHECK(hers.is_told());
    });
}

TEST_CASE("old changes are forgotten a bounded number at a time, the latest stay") {
    testing::on_each([](Office& office) {
        office.act([](db::Session& session) -> Result<void> {
            for (int i = 0; i < 12'500; ++i) store::record_inbox_change(session, change(0));
            return {};
        });
        const auto numbers = [&] { return *office.database.read(&store::inbox_change_numbers); };
        REQUIRE(numbers().last - numbers().first == 12'499);
        office.approval->fire_due_timers(office.clock.now_ms());
        const auto after = numbers();
        office.approval->fire_due_timers(office.clock.now_ms());
        CHECK(after.last - after.first < 11'000);
        CHECK(after.last - after.first >= 9'999);
        CHECK(numbers().first == after.first);
    });
}

TEST_CASE("a look reads the end of one index, however many changes and tasks there are") {
    testing::on_each([](Office& office) {
        office.act([](db::Session& session) -> Result<void> {
            for (int i = 0; i < 5'000; ++i) store::record_inbox_change(session, change(0));
            return {};
        });
        office.open_case();
        const auto plan = Office::must(office.database.transact([](db::Session& session) -> Result<std::string> {
            return steps_of(session, store::kChangesAfter, 4'900, 1'000);
        }));
        CAPTURE(plan);
        if (plan.find("query_block") == std::string::npos) {
            CHECK(plan.find("SEARCH inbox_changes USING INTEGER PRIMARY KEY (rowid>?)") != std::string::npos);
            CHECK(plan.find("SCAN") == std::string::npos);
        } else {
            CHECK(plan.find("\"access_type\": \"range\"") != std::string::npos);
            CHECK(plan.find("\"access_type\": \"ALL\"") == std::string::npos);
            CHECK(plan.find("filesort") == std::string::npos);
        }
    });
}

}  // namespace kaigong::approval
