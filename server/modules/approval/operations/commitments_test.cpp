// 告知承诺: promised with the application, concluded at once, checked after the grant. Each step is done by another
// program than the one before, so that nothing hangs on what one of them remembers.
#include "modules/approval/commitments.hpp"
#include "modules/approval/operations/choose_commitments.hpp"
#include "modules/approval/store_self_checks.hpp"
#include "modules/approval/testing/episode_case.hpp"
#include "modules/approval/testing/supervision.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using testing::EpisodeCase;
using testing::Office;
using testing::reason_of;

using testing::kPaper;
constexpr const char* kCheck = "@commitment_check/1";

testing::ProcessFiles files() {
    auto files = testing::episode_files([](boost::json::object& matter) {
        matter["commitment"] = boost::json::object{{"supplement_working_days", 5}};
        matter["commitment"].as_object()["not_in_regions"] = boost::json::array{};
    });
    files["materials.json"] = testing::kMaterialToPromise;
    return files;
}

/// The programs of one bureau, which take turns.
class Bureau {
  public:
    Bureau(Office& left, Office& right, const std::vector<std::string>& committed) : offices_{&left, &right} {
        id_ = EpisodeCase(left, false).id();
        right.filings.filings = left.filings.filings;
        next();
        office().act([&](db::Session& session) {
            return operations::choose_commitments(session, *office().around, filed(1, committed),
                                                  office().clock.now_ms());
        });
    }

    void accept() { next().complete("accept", "accept", EpisodeCase::officer(Role::acceptance_officer, 7)); }
    /// A round in which each of these is promised, and all else is a file.
    applications::Submission filed(int round, const std::vector<std::string>& committed) const {
        return testing::filed_round(id_, round, std::ranges::find(committed, kPaper) != committed.end());
    }
    Office& office() { return *offices_[turn_ % 2]; }
    EpisodeCase next() {
        const auto now_ms = office().clock.now_ms();
        ++turn_;
        office().clock.set(now_ms);
        return {office(), id_};
    }
    const std::string& id() const { return id_; }

    void review() {
        next().complete("review_planning", "agree_on_commitment", EpisodeCase::reviewer());
        for (const char* element : {"review_fire", "review_civil"}) {
            next().complete(element, "agree", EpisodeCase::reviewer());
        }
    }
    void grant() {
        review();
        next().complete("decide", "grant", EpisodeCase::leader());
    }
    Result<void> check(const std::string& outcome, const std::string& opinion) {
        auto one = next();
        const auto task = one.task(kCheck);
        return office().database.transact([&](db::Session& session) {
            return operations::complete_task(session, *office().around, office().permissions, EpisodeCase::reviewer(),
                                             office().on(id_, task), {outcome, opinion, {}, {}, {}});
        });
    }
    boost::json::object row() {
        InboxQuery query;
        query.view = InboxView::all;
        query.limit = 100;
        const auto inbox = Office::must(office().approval->inbox(EpisodeCase::reviewer().actor, query));
        for (const auto& one : inbox.at("rows").as_array()) {
            if (one.at("kind").as_string() == kCommitmentCheck) return one.as_object();
        }
        FAIL("no check in the inbox");
        return {};
    }
    std::vector<std::string> owed() {
        return office().read(
            [&](db::Session& session, const std::string& id) { return office().approval->owed_materials(session, id); },
            id_);
    }

  private:
    std::array<Office*, 2> offices_;
    std::size_t turn_ = 0;
    std::string id_;
};

void on_each_bureau(const std::vector<std::string>& committed, const std::function<void(Bureau&)>& body) {
    testing::on_each_pair(
        [&](Office& left, Office& right) {
            Bureau bureau(left, right, committed);
            bureau.accept();
            body(bureau);
        },
        files());
}

}  // namespace

TEST_CASE("what is chosen waits for the acceptance, and ends with a case that is not accepted") {
    testing::on_each_pair(
        [](Office& left, Office& right) {
            Bureau bureau(left, right, {kPaper});
            REQUIRE(bureau.next().episodes().size() == 1);
            CHECK(bureau.next().episodes().at(0).state == "chosen");
            CHECK(bureau.next().letters().empty());
            bureau.next();
            bureau.office().act([&](db::Session& session) { return bureau.office().withdraw(session, bureau.id()); });
            CHECK(bureau.next().episodes().at(0).state == "cancelled");
        },
        files());
}

TEST_CASE("what was promised begins with the acceptance, with one letter, and no clock stands still") {
    on_each_bureau({kPaper}, [](Bureau& bureau) {
        auto one = bureau.next();
        REQUIRE(one.episodes().size() == 1);
        const auto episode = one.episodes().at(0);
        CHECK(episode.kind == kCommitment);
        CHECK(episode.item == "planning");
        CHECK(episode.material_code == kPaper);
        CHECK_FALSE(episode.due_on);
        CHECK(one.letters() == std::vector<std::string>{"commitment_letter"});
        CHECK_FALSE(one.statutory().paused);
        CHECK_FALSE(one.open().contains(kCheck));
    });
}

TEST_CASE("a department concludes at once only on what was promised to it") {
    on_each_bureau({kPaper}, [](Bureau& bureau) {
        bureau.next().complete("review_planning", "agree_on_commitment", EpisodeCase::reviewer());
        CHECK(bureau.next().item_state("planning") == "agreed");
        CHECK_FALSE(bureau.next().statutory().paused);
    });
    on_each_bureau({}, [](Bureau& bureau) {
        CHECK(bureau.next().episodes().empty());
        CHECK(bureau.next().letters().empty());
        CHECK(reason_of(bureau.next().try_complete("review_planning", "agree_on_commitment",
                                                   EpisodeCase::reviewer())) == "approval.outcome_blocked");
    });
}

TEST_CASE("after the grant the department checks by a day of its own, which turns red, and true is the end of it") {
    on_each_bureau({kPaper}, [](Bureau& bureau) {
        bureau.grant();
        auto one = bureau.next();
        // Monday; the third working day is Thursday.
        CHECK(one.episodes().at(0).due_on == "2026-11-26");
        CHECK(one.task(kCheck).candidate_group == "housing:reviewer");
        CHECK(one.task(kCheck).item == "planning");
        CHECK(bureau.row().at("due_on") == "2026-11-26");
        CHECK(bureau.row().at("light") == "green");
        CHECK(bureau.row().at("remaining_working_days") == 3);
        one.next_morning(2);
        CHECK(bureau.row().at("light") == "yellow");
        one.next_morning(2);
        CHECK(bureau.row().at("light") == "red");
        CHECK(bureau.row().at("remaining_working_days") == -1);
        CHECK(reason_of(bureau.check("commitment_true", "")).empty());
        CHECK(bureau.next().episodes().at(0).state == "ended");
        CHECK(bureau.next().episodes().at(0).result == "核查属实");
        CHECK_FALSE(bureau.next().open().contains(kCheck));
        CHECK(bureau.owed().empty());
        CHECK(bureau.office().count(bureau.id(), "approval.check_commitment") == 1);
        CHECK(bureau.office().procedure(bureau.id()).state == "granted");
    });
}

TEST_CASE("a later save of the case leaves the day of a check where it is") {
    on_each_bureau({kPaper}, [](Bureau& bureau) {
        bureau.grant();
        const auto due_at_ms = bureau.next().task(kCheck).due_at_ms;
        bureau.office().act([&](db::Session& session) {
            return operations::take_owed_paper(session, *bureau.office().around, bureau.id(), "N-99",
                                               bureau.office().clock.now_ms());
        });
        CHECK(bureau.next().task(kCheck).due_at_ms == due_at_ms);
    });
}

TEST_CASE("what proves false is told with a reason, ordered to be handed in, and named for revocation") {
    on_each_bureau({kPaper}, [](Bureau& bureau) {
        bureau.grant();
        CHECK(reason_of(bureau.check("commitment_false", "")) == "approval.opinion_missing");
        CHECK(bureau.next().episodes().at(0).state == "open");
        CHECK(reason_of(bureau.check("commitment_false", "现场没有连续工艺")).empty());
        const auto episodes = bureau.next().episodes();
        REQUIRE(episodes.size() == 2);
        CHECK(episodes[0].state == "failed");
        CHECK(episodes[0].result == "核查不实：现场没有连续工艺");
        CHECK(episodes[1].kind == kSupplement);
        CHECK(episodes[1].reason == "现场没有连续工艺");
        CHECK(episodes[1].due_on == "2026-11-30");
        CHECK(bureau.next().letters().back() == "supplement_order");
        CHECK(bureau.office().count(bureau.id(), "approval.check_failed") == 1);
        const auto timeline = bureau.office().read(&store::timeline_of, bureau.id());
        const auto told = std::ranges::find(timeline, std::string("check_failed"), &store::TimelineRow::kind);
        REQUIRE(told != timeline.end());
        CHECK(told->for_applicant);
        CHECK(told->detail.value_or("").find("行政许可法第六十九条") != std::string::npos);
        CHECK(bureau.owed() == std::vector<std::string>{kPaper});
        bureau.next();
        bureau.office().act([&](db::Session& session) {
            return operations::take_owed_paper(session, *bureau.office().around, bureau.id(), kPaper,
                                               bureau.office().clock.now_ms());
        });
        CHECK(bureau.owed().empty());
        bureau.next().complete("@owed_paper/2", "accept_paper", EpisodeCase::officer(Role::acceptance_officer, 7));
        CHECK(bureau.next().episodes().at(1).state == "ended");
        CHECK(bureau.next().episodes().at(0).state == "failed");
    });
}

TEST_CASE("a case that ends without a permit takes its commitments with it, and says why") {
    on_each_bureau({kPaper}, [](Bureau& bureau) {
        bureau.next();
        bureau.office().act([&](db::Session& session) { return bureau.office().withdraw(session, bureau.id()); });
        const auto episode = bureau.next().episodes().at(0);
        CHECK(episode.state == "cancelled");
        CHECK(episode.result == "已办结（已撤件），没有取得许可，承诺不再核查");
        CHECK(bureau.next().open().empty());
    });
}

TEST_CASE("a late correction brings the paper after all, or promises it anew") {
    on_each_bureau({kPaper}, [](Bureau& bureau) {
        const operations::LateCorrection late{"现场踏勘才发现", {{"", "", "围挡", "整改", "办法 4"}}};
        const auto answers = [&](int round, const std::vector<std::string>& committed) {
            auto one = bureau.next();
            Office::must(one.does(operations::request_late_correction, EpisodeCase::head(), one.on("planning"), late));
            bureau.next();
            applications::RoundChanges changes;
            changes.round = round;
            changes.materials = {kPaper};
            bureau.office().act([&](db::Session& session) {
                return operations::take_resubmission(session, *bureau.office().around, bureau.filed(round, committed),
                                                     changes, bureau.office().clock.now_ms());
            });
        };
        answers(2, {});
        CHECK(bureau.next().episodes().at(0).state == "ended");
        CHECK(reason_of(bureau.next().try_complete("review_planning", "agree_on_commitment",
                                                   EpisodeCase::reviewer())) == "approval.outcome_blocked");
        answers(3, {kPaper});
        const auto episodes = bureau.next().episodes();
        REQUIRE(episodes.size() == 2);
        CHECK(episodes[1].state == "open");
        answers(4, {kPaper});
        CHECK(bureau.next().episodes().size() == 2);
        CHECK(std::ranges::count(bureau.next().letters(), std::string("commitment_letter")) == 2);
    });
}

TEST_CASE("the nightly check looks at what was promised, also after the process has ended") {
    on_each_bureau({kPaper}, [](Bureau& bureau) {
        bureau.grant();
        const auto living = [&] {
            return bureau.office()
                .database.read([](db::Session& session) { return store::living_cases(session, "", 10); })
                .value();
        };
        CHECK(living() == std::vector<std::string>{bureau.id()});
        CHECK(reason_of(bureau.check("commitment_true", "")).empty());
        CHECK(living().empty());
    });
}

TEST_CASE("a check that is late stands red among the supervisor's numbers and in the list behind them") {
    on_each_bureau({kPaper}, [](Bureau& bureau) {
        bureau.grant();
        const auto seen = [&] {
            bureau.next();
            testing::Supervision supervision(bureau.office());
            const auto leader = EpisodeCase::leader().actor;
            const auto load = Office::must(supervision.service.departments(leader)).at("departments").at(0);
            const auto rows = Office::must(supervision.service.tasks(leader, {.light = "red"})).at("rows").as_array();
            return std::pair(load.at("red").as_int64(), static_cast<std::int64_t>(rows.size()));
        };
        CHECK(seen() == std::pair<std::int64_t, std::int64_t>(0, 0));
        auto one = bureau.next();
        one.next_morning(4);
        CHECK(seen() == std::pair<std::int64_t, std::int64_t>(1, 1));
        CHECK(reason_of(bureau.check("commitment_true", "")).empty());
        CHECK(seen() == std::pair<std::int64_t, std::int64_t>(0, 0));
    });
}

TEST_CASE("a check that got lost after the end of the process is found by the night") {
    on_each_bureau({kPaper}, [](Bureau& bureau) {
        bureau.grant();
        auto one = bureau.next();
        const auto found = [&] {
            testing::Supervision supervision(bureau.office());
            supervision.service.keep_watch(bureau.office().clock.now_ms());
            return bureau.office()
                .database.read([](db::Session& session) { return store::checks_before(session, INT64_MAX, 1); })
                .value()
                .at(0)
                .found;
        };
        one.next_morning(1);
        CHECK(found() == 0);
        bureau.office().act([&](db::Session& session) -> Result<void> {
            session.execute("UPDATE tasks SET state = 'cancelled' WHERE kind = 'commitment_check'");
            return {};
        });
        one.next_morning(1);
        CHECK(found() == 1);
    });
}

}  // namespace kaigong::approval
