// An answer to a correction opens only what rests on what it changed, and says why (states.md I6, A9, A17).
#include <random>

#include "modules/approval/round_effects.hpp"
#include "modules/approval/store_round_effects.hpp"
#include "modules/approval/testing/episode_case.hpp"

namespace kaigong::approval {
namespace {

using applications::RoundChanges;
using testing::EpisodeCase;
using testing::Office;
using testing::reason_of;

const std::map<std::string, std::vector<std::string>> kFieldsOf{{"planning", {"works.works_address"}},
                                                                {"fire", {"night.reason"}},
                                                                {"civil", {"night.work_on", "works.works_name"}}};

/// Each department judges fields of its own, fire also the paper that proves its field (N-01). Fire waits for nobody.
testing::ProcessFiles files_of(const std::string& process) {
    auto files = testing::episode_files([](boost::json::object& matter) {
        for (auto& one : matter["items"].as_array()) {
            auto& item = one.as_object();
            item.erase("prerequisites");
            const auto& fields = kFieldsOf.at(std::string(item.at("item").as_string()));
            item["inputs"] = boost::json::object{{"fields", boost::json::value_from(fields)}};
        }
        matter["judged_by_nobody"] = boost::json::object{{"fields", {"works.region_code"}}};
    });
    files["issue.bpmn"] = testing::test_file(process);
    return files;
}

RoundChanges changes(const std::vector<std::string>& fields, const std::vector<std::string>& materials = {}) {
    auto all = Office::second_round();
    all.materials = materials;
    for (const auto& field : fields) all.fields.push_back({field, "旧", "新"});
    return all;
}

std::map<std::string, std::string> effects(const Office& office, const EpisodeCase& one) {
    std::map<std::string, std::string> found;
    for (const auto& row : office.read(&store::round_effects_of, one.id())) found[row.item] = row.effect;
    return found;
}

const store::TimelineRow* told(const std::vector<store::TimelineRow>& timeline, const std::string& kind) {
    const auto found = std::ranges::find(timeline, kind, &store::TimelineRow::kind);
    return found == timeline.end() ? nullptr : &*found;
}

void ask_late(EpisodeCase& one, const std::string& item, const std::string& field = "") {
    const operations::LateCorrection late{"现场踏勘才发现", {{field, "", "写得不清", "写清楚", "办法 4"}}};
    Office::must(one.does(operations::request_late_correction, EpisodeCase::head(), one.on(item), late));
}

void answer(Office& office, const EpisodeCase& one, const RoundChanges& changed) {
    office.act([&](db::Session& session) { return office.resubmit(session, one.id(), changed); });
}

/// At the applicant, before acceptance: planning asked for the address.
void ask_at_intake(Office& office, EpisodeCase& one) {
    const auto check = one.task("check");
    operations::Completion points;
    points.outcome = "points";
    points.points = {{"works.works_address", "", "门牌不对", "改正", "办法 4"}};
    office.act([&](db::Session& session) {
        return operations::complete_task(session, *office.around, office.permissions, EpisodeCase::reviewer(),
                                         office.on(one.id(), check), points);
    });
    one.complete("accept", "correct", EpisodeCase::officer(authz::Role::acceptance_officer, 7));
}

}  // namespace

TEST_CASE("a late answer opens the conclusion that rests on what it changed, and no other") {
    testing::on_each(
        [](Office& office) {
            EpisodeCase one(office);
            one.complete("review_planning", "agree", EpisodeCase::reviewer());
            one.next_morning();
            one.complete("review_fire", "disagree", EpisodeCase::reviewer());
            ask_late(one, "civil", "night.work_on");
            one.next_morning();
            answer(office, one, changes({"night.work_on", "night.reason"}));
            CHECK(one.item_state("planning") == "agreed");
            CHECK(one.item_state("fire") == "in_review");
            CHECK(one.item_state("civil") == "in_review");
            CHECK(effects(office, one) == std::map<std::string, std::string>{{"planning", "conclusion_kept"},
                                                                             {"fire", "reopened"},
                                                                             {"civil", "review_resumed"}});
            CHECK(one.open() == std::set<std::string>{"review_fire", "review_civil"});
            CHECK(one.of_item("fire", 3).used == 1);
            const auto returns = office.read(&store::returns_of, one.id());
            REQUIRE(returns.size() == 1);
            CHECK(returns[0].task_id == one.task("review_fire").task_id);
            CHECK(returns[0].reason == "第 2 轮补正改动了：夜间施工 · 夜间施工理由");
            const auto timeline = office.read(&store::timeline_of, one.id());
            REQUIRE(told(timeline, "round_conclusion_kept") != nullptr);
            CHECK(told(timeline, "round_conclusion_kept")->title == "结论不变：没有改动与它有关的内容");
            CHECK(told(timeline, "round_conclusion_kept")->detail == "规划核验");
            REQUIRE(told(timeline, "round_effects") != nullptr);
            CHECK(told(timeline, "round_effects")->for_applicant);
            one.complete("review_fire", "agree", EpisodeCase::reviewer());
            one.complete("review_civil", "agree", EpisodeCase::reviewer());
            one.complete("decide", "grant", EpisodeCase::leader());
        },
        files_of("episodes.bpmn"));
}

TEST_CASE("a replaced paper opens who judges what it proves; an answer in words leaves all as it was") {
    testing::on_each(
        [](Office& office) {
            EpisodeCase papers(office);
            papers.complete("review_fire", "agree", EpisodeCase::reviewer());
            ask_late(papers, "planning");
            answer(office, papers, changes({}, {"N-01"}));
            CHECK(effects(office, papers) == std::map<std::string, std::string>{{"planning", "answered_in_words"},
                                                                                {"fire", "reopened"},
                                                                                {"civil", "review_goes_on"}});
            EpisodeCase words(office);
            words.complete("review_fire", "agree", EpisodeCase::reviewer());
            ask_late(words, "planning");
            answer(office, words, changes({}));
            CHECK(effects(office, words) == std::map<std::string, std::string>{{"planning", "answered_in_words"},
                                                                               {"fire", "conclusion_kept"},
                                                                               {"civil", "review_goes_on"}});
            CHECK(words.item_state("planning") == "in_review");
            CHECK(words.open() == std::set<std::string>{"review_planning", "review_civil"});
        },
        files_of("episodes.bpmn"));
}

TEST_CASE("whoever judges an item whose inputs changed meanwhile is told so") {
    testing::on_each(
        [](Office& office) {
            EpisodeCase one(office);
            ask_late(one, "planning", "night.reason");
            answer(office, one, changes({"night.reason", "works.region_code"}));
            // Its point was about another department's field, and was answered there.
            CHECK(effects(office, one) == std::map<std::string, std::string>{{"planning", "review_resumed"},
                                                                             {"fire", "review_sees_changes"},
                                                                             {"civil", "review_goes_on"}});
        },
        files_of("episodes.bpmn"));
}

TEST_CASE("what can't be opened loses nothing: the conclusion stays, and who leads the department is told") {
    // The fire department's way ends with its conclusion: nothing stands behind it that could go back.
    auto files = files_of("episodes.bpmn");
    auto& process = files["issue.bpmn"];
    const std::string joined = R"(sourceRef="review_fire" targetRef="join"/>)";
    process.replace(process.find(joined), joined.size(),
                    R"(sourceRef="review_fire" targetRef="fire_ends"/><endEvent id="fire_ends"/>)");
    testing::on_each(
        [](Office& office) {
            EpisodeCase one(office);
            one.complete("review_fire", "agree", EpisodeCase::reviewer());
            ask_late(one, "planning");
            answer(office, one, changes({"night.reason"}));
            CHECK(effects(office, one).at("fire") == "not_reopened");
            CHECK(one.item_state("fire") == "agreed");
            CHECK(one.item_state("planning") == "in_review");
            const auto timeline = office.read(&store::timeline_of, one.id());
            REQUIRE(told(timeline, "round_not_reopened") != nullptr);
            CHECK(told(timeline, "round_not_reopened")->detail == "消防审查：夜间施工 · 夜间施工理由");
        },
        files);
}

TEST_CASE("before acceptance each department's changes are kept, and new points fall on changes only") {
    testing::on_each(
        [](Office& office) {
            EpisodeCase one(office, false);
            ask_at_intake(office, one);
            CHECK(one.item_state("planning") == "needs_correction");
            answer(office, one, changes({"works.works_address", "night.reason"}));
            CHECK(effects(office, one) == std::map<std::string, std::string>{{"planning", "changed_before_review"},
                                                                             {"fire", "changed_before_review"},
                                                                             {"civil", "unchanged_before_review"}});
            const auto names = [&](const std::string& field, const std::string& material) {
                const auto check = one.task("check");
                operations::Completion points;
                points.outcome = "points";
                points.points = {{field, material, "又一处", "改正", "办法 4"}};
                return reason_of(office.database.transact([&](db::Session& session) {
                    return operations::complete_task(session, *office.around, office.permissions,
                                                     EpisodeCase::reviewer(), office.on(one.id(), check), points);
                }));
            };
            CHECK(names("night.work_on", "") == "approval.point_on_unchanged");
            CHECK(names("", "N-01") == "approval.point_on_unchanged");
            CHECK(names("", "") == "approval.point_without_place");
            CHECK(names("works.works_address", "").empty());
        },
        files_of("resubmission.bpmn"));
}

TEST_CASE("what was asked and answered in words only may be asked again: it is no new point") {
    testing::on_each(
        [](Office& office) {
            EpisodeCase one(office, false);
            ask_at_intake(office, one);
            answer(office, one, changes({"night.reason"}));
            // What another department asked is no reason for this one.
            office.act([&](db::Session& session) -> Result<void> {
                auto others = store::points_of(session, one.id()).front();
                others.point_id = "01900000-0000-7000-8000-00000000abcd";
                others.item = "fire";
                others.field = "works.works_name";
                store::insert_point(session, others);
                return {};
            });
            const auto points_on = [](const std::string& field) {
                operations::Completion points;
                points.outcome = "points";
                points.points = {{field, "", "门牌仍不对", "改正", "办法 4"}};
                return points;
            };
            const auto reason = [&](const operations::Completion& points) {
                const auto check = one.task("check");
                return reason_of(office.database.transact([&](db::Session& session) {
                    return operations::complete_task(session, *office.around, office.permissions,
                                                     EpisodeCase::reviewer(), office.on(one.id(), check), points);
                }));
            };
            CHECK(reason(points_on("works.works_name")) == "approval.point_on_unchanged");
            CHECK(reason(points_on("works.works_address")).empty());
        },
        files_of("resubmission.bpmn"));
}

TEST_CASE("a department that is needed since this round looks for the first time, and names what it finds") {
    testing::on_each(
        [](Office& office) {
            EpisodeCase one(office, false);
            ask_at_intake(office, one);
            answer(office, one, changes({"night.reason"}));
            office.act([&](db::Session& session) -> Result<void> {
                store::change_round_effect(session,
                                           {one.id(), 2, "planning", std::string(to_string(RoundEffect::opened))});
                return {};
            });
            const auto check = one.task("check");
            operations::Completion points;
            points.outcome = "points";
            points.points = {{"works.works_name", "", "名称不符", "改正", "办法 4"}};
            office.act([&](db::Session& session) {
                return operations::complete_task(session, *office.around, office.permissions, EpisodeCase::reviewer(),
                                                 office.on(one.id(), check), points);
            });
        },
        files_of("resubmission.bpmn"));
}

TEST_CASE("a department that is needed only now is asked once the case is accepted, one that is not any more never") {
    testing::on_each(
        [](Office& office) {
            office.not_needed = {"civil"};
            EpisodeCase one(office, false);
            CHECK(one.item_state("civil") == "not_applicable");
            ask_at_intake(office, one);
            auto turned = changes({"works.works_address"});
            turned.items_needed = {"civil"};
            turned.items_not_needed = {"fire", "planning"};
            answer(office, one, turned);
            CHECK(one.item_state("civil") == "not_started");
            CHECK(one.item_state("fire") == "not_applicable");
            // It had its say before, so it has it again.
            CHECK(one.item_state("planning") == "needs_correction");
            one.complete("check", "complete", EpisodeCase::reviewer());
            one.complete("accept", "accept", EpisodeCase::officer(authz::Role::acceptance_officer, 7));
            CHECK(one.open() == std::set<std::string>{"review_planning", "review_civil"});
        },
        files_of("resubmission.bpmn"));
}

TEST_CASE("in the middle of the review a department that is needed now is put beside the others, where it can be") {
    testing::on_each(
        [](Office& office) {
            const auto accepted = [&] {
                EpisodeCase one(office, false);
                one.complete("check", "complete", EpisodeCase::reviewer());
                one.complete("accept", "accept", EpisodeCase::officer(authz::Role::acceptance_officer, 7));
                return one;
            };
            office.not_needed = {"civil"};
            auto turned = changes({});
            turned.items_needed = {"civil"};
            auto one = accepted();
            one.complete("review_fire", "agree", EpisodeCase::reviewer());
            ask_late(one, "planning");
            answer(office, one, turned);
            CHECK(effects(office, one).at("civil") == "opened");
            CHECK(one.open() == std::set<std::string>{"review_planning", "review_civil"});
            CHECK(one.item_state("fire") == "agreed");
            one.complete("review_planning", "agree", EpisodeCase::reviewer());
            one.complete("review_civil", "agree", EpisodeCase::reviewer());
            CHECK(one.open() == std::set<std::string>{"decide"});

            auto nobody_waits = accepted();
            ask_late(nobody_waits, "planning");
            answer(office, nobody_waits, turned);
            CHECK(effects(office, nobody_waits).at("civil") == "not_opened");
            CHECK(nobody_waits.item_state("civil") == "not_started");
            CHECK(told(office.read(&store::timeline_of, nobody_waits.id()), "round_not_opened") != nullptr);
            nobody_waits.complete("review_fire", "agree", EpisodeCase::reviewer());
            CHECK(effects(office, nobody_waits).at("civil") == "opened");
            CHECK(nobody_waits.open() == std::set<std::string>{"review_planning", "review_civil"});
        },
        files_of("resubmission.bpmn"));
}

TEST_CASE("where nobody waits for the others, a department that is needed now is asked before the decision") {
    testing::on_each(
        [](Office& office) {
            office.not_needed = {"civil", "fire"};
            EpisodeCase one(office, false);
            one.complete("check", "complete", EpisodeCase::reviewer());
            one.complete("accept", "accept", EpisodeCase::officer(authz::Role::acceptance_officer, 7));
            ask_late(one, "planning");
            auto turned = changes({});
            turned.items_needed = {"civil"};
            answer(office, one, turned);
            CHECK(effects(office, one).at("civil") == "not_opened");
            one.complete("review_planning", "agree", EpisodeCase::reviewer());
            CHECK(effects(office, one).at("civil") == "opened");
            CHECK(one.open() == std::set<std::string>{"review_civil"});
            CHECK(one.item_state("planning") == "agreed");
            CHECK(office.procedure(one.id()).state == "accepted");
            one.complete("review_civil", "agree", EpisodeCase::reviewer());
            CHECK(one.open() == std::set<std::string>{"decide"});
            one.complete("decide", "grant", EpisodeCase::leader());
            CHECK(office.procedure(one.id()).state == "granted");
        },
        files_of("resubmission.bpmn"));
}

TEST_CASE("a conclusion that the case passes again by itself counts as opened, and is asked when it comes there") {
    auto files = files_of("resubmission.bpmn");
    auto& process = files.at("issue.bpmn");
    const auto replace = [&](const std::string& old, const std::string& now) {
        const auto at = process.find(old);
        REQUIRE(at != std::string::npos);
        process.replace(at, old.size(), now);
    };
    // Fire after planning, one after the other.
    replace(R"(sourceRef="review_planning" targetRef="join")",
            R"(sourceRef="review_planning" targetRef="review_fire")");
    const auto begin = process.find(R"(<sequenceFlow id="in_fire")");
    const std::string end = "</sequenceFlow>";
    process.erase(begin, process.find(end, begin) + end.size() - begin);
    testing::on_each(
        [](Office& office) {
            EpisodeCase one(office, false);
            one.complete("check", "complete", EpisodeCase::reviewer());
            one.complete("accept", "accept", EpisodeCase::officer(authz::Role::acceptance_officer, 7));
            for (const char* review : {"review_planning", "review_fire", "review_civil"}) {
                one.complete(review, "agree", EpisodeCase::reviewer());
            }
            const auto decide = one.task("decide");
            office.act([&](db::Session& session) {
                return operations::return_task(session, *office.around, office.permissions, EpisodeCase::leader(),
                                               office.on(one.id(), decide),
                                               {"review_planning", bpmn::Onward::again, "重新核实"});
            });
            ask_late(one, "planning");
            answer(office, one, changes({"night.reason"}));
            CHECK(effects(office, one).at("fire") == "reopened");
            CHECK(effects(office, one).at("civil") == "conclusion_kept");
            CHECK(one.open() == std::set<std::string>{"review_planning"});
            one.complete("review_planning", "agree", EpisodeCase::reviewer());
            CHECK(one.open() == std::set<std::string>{"review_fire"});
            CHECK(one.item_state("fire") == "in_review");
            CHECK(one.item_state("civil") == "agreed");
        },
        files);
}

TEST_CASE("another program goes on where the first one stopped, and an answer that comes twice counts once") {
    testing::on_each_pair(
        [](Office& left, Office& right) {
            EpisodeCase one(left);
            one.complete("review_fire", "agree", EpisodeCase::reviewer());
            ask_late(one, "planning");
            const auto changed = changes({"night.reason"});
            right.act([&](db::Session& session) { return right.resubmit(session, one.id(), changed); });
            left.act([&](db::Session& session) { return left.resubmit(session, one.id(), changed); });
            CHECK(left.count(one.id(), "approval.take_resubmission") == 1);
            CHECK(one.open() == std::set<std::string>{"review_planning", "review_fire", "review_civil"});
            CHECK(left.read(&store::returns_of, one.id()).size() == 1);
            one.complete("review_fire", "agree", EpisodeCase::reviewer());
            CHECK(one.item_state("fire") == "agreed");
        },
        files_of("episodes.bpmn"));
}

TEST_CASE("whatever is changed: an item is opened once more if and only if something of it changed") {
    testing::on_each(
        [](Office& office) {
            std::minstd_rand random(20261123);
            const auto chance = [&] { return random() % 2 == 0; };
            for (int run = 0; run < 24; ++run) {
                EpisodeCase one(office);
                std::set<std::string> concluded;
                for (const char* item : {"planning", "fire"}) {
                    if (!chance()) continue;
                    one.complete(std::string("review_") + item, chance() ? "agree" : "disagree",
                                 EpisodeCase::reviewer());
                    concluded.insert(item);
                }
                ask_late(one, "civil");
                auto changed = Office::second_round();
                std::set<std::string> expected;
                for (const auto& [item, fields] : kFieldsOf) {
                    for (const auto& field : fields) {
                        if (!chance()) continue;
                        changed.fields.push_back({field, "旧", "新"});
                        if (concluded.contains(item)) expected.insert(item);
                    }
                }
                if (chance()) {
                    changed.materials = {"N-01"};
                    if (concluded.contains("fire")) expected.insert("fire");
                }
                std::map<std::string, std::string> before;
                for (const auto& item : concluded) before[item] = one.item_state(item);
                answer(office, one, changed);
                for (const auto& item : concluded) {
                    CAPTURE(run);
                    CAPTURE(item);
                    CHECK((one.item_state(item) == "in_review") == expected.contains(item));
                    if (!expected.contains(item)) CHECK(one.item_state(item) == before[item]);
                    CHECK(one.open().contains("review_" + item) == expected.contains(item));
                }
            }
        },
        files_of("episodes.bpmn"));
}

}  // namespace kaigong::approval
