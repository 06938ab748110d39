#include "modules/catalog/catalog.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "db/testing/test_databases.hpp"

using namespace kaigong;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kDayMs = 86'400'000;

class SilentRegisters final : public catalog::RegisterSource {
  public:
    catalog::RegisterAnswer ask(const std::string&, const catalog::PrecheckInput&) const override { return {}; }
};
const SilentRegisters kRegisters;

std::int64_t morning_of(const char* on) {
    return office_midnight_ms(parse_date(on).value()) + 9LL * 3'600'000;
}

/// A copy of the shipped folder's shared part and its small matter, to be changed.
class Folder {
  public:
    Folder() {
        fs::create_directories(path());
        for (const char* part : {"shared", "night-construction"}) {
            fs::copy(fs::path(KAIGONG_SOURCE_DIR) / "catalog" / part, path() / part, fs::copy_options::recursive);
        }
    }
    fs::path path() const { return folder_.file("catalog"); }

    /// Replaces a text of a file that has to be there.
    void change(const char* file, const std::string& from, const std::string& to) {
        const auto target = path() / "night-construction" / file;
        std::ostringstream read;
        read << std::ifstream(target).rdbuf();
        auto text = read.str();
        const auto at = text.find(from);
        REQUIRE(at != std::string::npos);
        std::ofstream(target) << text.replace(at, from.size(), to);
    }

    void add(const char* file, const std::string& text) const {
        std::ofstream(path() / "night-construction" / file) << text;
    }

  private:
    db::testing::TemporaryFolder folder_;
};

std::string process(const std::string& id, const std::string& step, const std::string& target) {
    return R"(<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="https://kaigong.example/test"><process id=")" +
           id + R"(" isExecutable="true"><startEvent id="begun"/>)" + step +
           R"(<sequenceFlow id="f" sourceRef="begun" targetRef=")" + target + R"("/></process></definitions>)";
}

const std::string kCalling = process("issue", R"(<callActivity id="call" calledElement="inspection"/>)", "call");

/// A called process of one task.
std::string inspection(const std::string& task) {
    return process("inspection", R"(<manualTask id=")" + task + R"("/>)", task);
}

std::string reason_of(db::Database& database, const Folder& folder, const Clock& clock) {
    const auto opened = catalog::open_catalog(database, folder.path(), clock, kRegisters);
    return opened ? "" : opened.error().reason;
}

}  // namespace

TEST_CASE("two folders of one matter stop the start, and the message names both") {
    const db::testing::SqliteForTest database({"catalog"});
    const FixedClock clock(morning_of("2026-11-24"));
    const Folder folder;
    fs::copy(folder.path() / "night-construction", folder.path() / "night-construction-copy",
             fs::copy_options::recursive);
    const auto opened = catalog::open_catalog(*database, folder.path(), clock, kRegisters);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().reason == "catalog.matter_twice");
    CHECK(opened.error().message.find("night-construction-copy") != std::string::npos);
}

TEST_CASE("a new version is offered from its day on, and the one before until then") {
    const db::testing::SqliteForTest database({"catalog"});
    FixedClock clock(morning_of("2026-11-24"));
    Folder folder;
    const auto first = catalog::open_catalog(*database, folder.path(), clock, kRegisters).value();
    const auto before = first->load_matter("night-construction").value()->version();

    clock.set(clock.now_ms() + kDayMs);
    folder.change("matter.json", R"("effective_from_on": "2026-01-01")", R"("effective_from_on": "2027-01-01")");
    const auto second = catalog::open_catalog(*database, folder.path(), clock, kRegisters).value();
    CHECK(second->load_matter("night-construction").value()->version() == before);
    REQUIRE(second->matters().size() == 1);
    CHECK(second->matters().front()->version() == before);
    clock.set(morning_of("2026-12-31"));
    CHECK(second->load_matter("night-construction").value()->version() == before);
    clock.set(office_midnight_ms(parse_date("2027-01-01").value()));
    const auto in_force = second->load_matter("night-construction").value();
    CHECK(in_force->effective_from_on() == "2027-01-01");
    // What was begun under the earlier one keeps it.
    CHECK(second->load_matter("night-construction", before).value()->version() == before);
}

TEST_CASE("a process that is called is the one of the same version of the matter, for ever") {
    const db::testing::SqliteForTest database({"catalog"});
    FixedClock clock(morning_of("2026-11-24"));
    Folder folder;
    folder.add("issue.bpmn", kCalling);
    const auto opened = [&] { return catalog::open_catalog(*database, folder.path(), clock, kRegisters).value(); };
    const auto matter_of = [](const auto& catalog) { return catalog->load_matter("night-construction").value(); };

    const auto without = matter_of(opened());
    CHECK(without->process().called("inspection") == nullptr);
    folder.add("inspection.bpmn", inspection("look"));
    const auto first = matter_of(opened());
    REQUIRE(first->process().called("inspection") != nullptr);
    CHECK(first->process().find("inspection/look") != nullptr);
    CHECK(first->version() != without->version());

    clock.set(clock.now_ms() + kDayMs);
    folder.add("inspection.bpmn", inspection("measure"));
    const auto catalog = opened();
    CHECK(matter_of(catalog)->process().find("inspection/measure") != nullptr);
    const auto kept = catalog->load_matter("night-construction", first->version()).value();
    CHECK(kept->process().find("inspection/look") != nullptr);
    CHECK(kept->process().find("inspection/measure") == nullptr);
}

TEST_CASE("what is wrong in a process that is called stops the start") {
    const db::testing::SqliteForTest database({"catalog"});
    const FixedClock clock(morning_of("2026-11-24"));
    Folder folder;
    folder.add("issue.bpmn", kCalling);
    folder.add("inspection.bpmn", inspection("look"));
    CHECK(reason_of(*database, folder, clock) == "");
    folder.change("inspection.bpmn", R"(targetRef="look")", R"(targetRef="nowhere")");
    CHECK(reason_of(*database, folder, clock) == "bpmn.not_deployable");
}

TEST_CASE("a version that was replaced before its day never takes effect") {
    const db::testing::SqliteForTest database({"catalog"});
    FixedClock clock(morning_of("2026-11-24"));
    Folder folder;
    const auto before = catalog::open_catalog(*database, folder.path(), clock, kRegisters)
                            .value()
                            ->load_matter("night-construction")
                            .value();
    clock.set(clock.now_ms() + kDayMs);
    folder.change("matter.json", R"("effective_from_on": "2026-01-01")", R"("effective_from_on": "2027-01-01")");
    REQUIRE(catalog::open_catalog(*database, folder.path(), clock, kRegisters));
    clock.set(clock.now_ms() + kDayMs);
    folder.change("matter.json", R"("effective_from_on": "2027-01-01")", R"("effective_from_on": "2027-03-01")");
    const auto third = catalog::open_catalog(*database, folder.path(), clock, kRegisters).value();
    clock.set(morning_of("2027-02-01"));
    CHECK(third->load_matter("night-construction").value()->version() == before->version());
    clock.set(morning_of("2027-03-01"));
    CHECK(third->load_matter("night-construction").value()->effective_from_on() == "2027-03-01");
}

TEST_CASE("a matter whose first version waits for its day is not offered yet") {
    const db::testing::SqliteForTest database({"catalog"});
    const FixedClock clock(morning_of("2026-11-24"));
    Folder folder;
    folder.change("matter.json", R"("effective_from_on": "2026-01-01")", R"("effective_from_on": "2027-01-01")");
    const auto opened = catalog::open_catalog(*database, folder.path(), clock, kRegisters).value();
    CHECK(opened->matters().empty());
    CHECK(opened->load_matter("night-construction").error().reason == "catalog.matter_unknown");
}

TEST_CASE("items that wait for each other in a circle, or for one that is not there, stop the start") {
    const db::testing::SqliteForTest database({"catalog"});
    const FixedClock clock(morning_of("2026-11-24"));
    const auto items = [](const char* of_first, const char* of_second) {
        const std::string rest =
            R"(", "name": "审查", "department": "housing", "department_name": "住建", "legal_basis": "办法 4", "required_when": "true", "prerequisites": [)";
        return R"("items": [{ "item": "first)" + rest + of_first + R"(] }, { "item": "second)" + rest + of_second +
               "] }]";
    };
    Folder circle;
    circle.change("matter.json", R"("items": [])", items(R"("second")", R"("first")"));
    CHECK(reason_of(*database, circle, clock) == "catalog.matter_malformed");
    Folder nowhere;
    nowhere.change("matter.json", R"("items": [])", items("", R"("third")"));
    CHECK(reason_of(*database, nowhere, clock) == "catalog.matter_malformed");
    Folder sound;
    sound.change("matter.json", R"("items": [])", items("", R"("first")"));
    CHECK(reason_of(*database, sound, clock).empty());
}

TEST_CASE("a paper that may come later is one of the list, and a limit grows by ten working days at most") {
    const db::testing::SqliteForTest database({"catalog"});
    const FixedClock clock(morning_of("2026-11-24"));
    const auto with = [&](const std::string& settings) {
        Folder folder;
        folder.change("matter.json", R"("items": [])", R"("items": [], )" + settings);
        return reason_of(*database, folder, clock);
    };
    CHECK(with(R"("tolerated_omission": { "materials": ["X-99"], "working_days_max": 5 })") ==
          "catalog.matter_malformed");
    CHECK(with(R"("tolerated_omission": { "materials": ["N-01"] })") == "catalog.matter_malformed");
    CHECK(with(R"("decision_extension": { "working_days_max": 11 })") == "catalog.matter_malformed");
    CHECK(
        with(
            R"("tolerated_omission": { "materials": ["N-01"], "working_days_max": 5 }, "decision_extension": { "working_days_max": 10 })")
            .empty());
}

TEST_CASE("a material that may be promised says in full what the law wants told, else the matter is refused") {
    const db::testing::SqliteForTest database({"catalog"});
    const FixedClock clock(morning_of("2026-11-24"));
    const std::string whole =
        R"("item": "night", "conditions": ["一"], "replaces": "说明", "check": "现场看", "consequence": "撤销", )"
        R"("check_within_working_days": 20)";
    const std::string allowed = R"(, "commitment": {"supplement_working_days": 5, "not_in_regions": ["330109"]})";
    const auto with = [&](const std::string& terms, const std::string& setting) {
        Folder folder;
        folder.change(
            "matter.json", R"("items": [])",
            R"("items": [{"item": "night", "name": "夜间", "department": "housing", "department_name": "住建",)"
            R"( "legal_basis": "法 1", "required_when": "true"}])" +
                setting);
        folder.change("materials.json", R"("may_commit": false)", R"("may_commit": true)" + terms);
        return reason_of(*database, folder, clock);
    };
    const auto without = [&](const std::string& part, const std::string& instead) {
        auto terms = whole;
        terms.replace(terms.find(part), part.size(), instead);
        return with(", \"commitment\": {" + terms + "}", allowed);
    };
    const std::string told = ", \"commitment\": {" + whole + "}";
    const std::string malformed = "catalog.matter_malformed";
    CHECK(with("", allowed) == malformed);
    CHECK(without(R"(["一"])", "[]") == malformed);
    CHECK(without(R"("replaces": "说明")", R"("replaces": "")") == malformed);
    CHECK(without(R"("check": "现场看")", R"("check": 1)") == malformed);
    CHECK(without(R"("consequence": "撤销", )", "") == malformed);
    CHECK(without(R"("item": "night")", R"("item": "day")") == malformed);
    CHECK(without(": 20", ": 0") == malformed);
    CHECK(with(told, R"(, "commitment": {"supplement_working_days": 0, "not_in_regions": []})") == malformed);
    CHECK(with(told, R"(, "commitment": {"supplement_working_days": 5})") == malformed);
    CHECK(with(told, allowed).empty());
    // As versions of before the terms were told: nothing may be promised.
    CHECK(with("", "").empty());
}

TEST_CASE("a paper is promised only where the matter and the region allow it") {
    const db::testing::SqliteForTest database({"catalog"});
    const FixedClock clock(morning_of("2026-11-24"));
    const auto state_in = [&](const std::string& region, const std::string& setting) {
        Folder folder;
        folder.change(
            "matter.json", R"("items": [])",
            R"("items": [{"item": "night", "name": "夜间", "department": "housing", "department_name": "住建",)"
            R"( "legal_basis": "法 1", "required_when": "true"}])" +
                setting);
        folder.change(
            "materials.json", R"("may_commit": false)",
            R"("may_commit": true, "commitment": {"item": "night", "conditions": ["一"], "replaces": "说明", )"
            R"("check": "现场看", "consequence": "撤销", "check_within_working_days": 20})");
        const auto opened = catalog::open_catalog(*database, folder.path(), clock, kRegisters).value();
        catalog::PrecheckInput input;
        input.region_code = region;
        input.committed = {"N-01"};
        return opened->load_matter("night-construction").value()->precheck(input).materials.at(0);
    };
    const std::string setting = R"(, "commitment": {"supplement_working_days": 5, "not_in_regions": ["330109"]})";
    CHECK(state_in("330106", setting).proved_by == "commitment");
    CHECK_FALSE(state_in("330109", setting).may_commit);
    CHECK(state_in("330109", setting).proved_by.empty());
    CHECK_FALSE(state_in("330106", "").committed);
}

TEST_CASE("a day that is none, and a field whose code table is missing, stop the start") {
    const db::testing::SqliteForTest database({"catalog"});
    const FixedClock clock(morning_of("2026-11-24"));
    Folder undated;
    undated.change("matter.json", R"("effective_from_on": "2026-01-01")", R"("effective_from_on": "2026-02-30")");
    CHECK(reason_of(*database, undated, clock) == "catalog.matter_malformed");
    Folder untabled;
    untabled.change("form.schema.json", R"("x-code-table": "region")", R"("x-code-table": "regions")");
    CHECK(reason_of(*database, untabled, clock) == "catalog.matter_malformed");
}
