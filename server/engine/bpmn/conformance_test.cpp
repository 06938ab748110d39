// Reads what other tools wrote: the interchange models of the BPMN MIWG and the bench's models. They are read where
// they lie, never copied.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

namespace {

const std::filesystem::path kShared = std::filesystem::path(KAIGONG_SOURCE_DIR) / "../shared";

/// False, and said so, where the folder is missing; a failure in continuous integration.
bool has_shared(const char* folder) {
    if (std::filesystem::is_directory(kShared / folder)) return true;
    MESSAGE("skipped: ../shared/" << folder << " is not here");
    CHECK(std::getenv("CI") == nullptr);
    return false;
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("each MIWG model is read, and what can't run is refused by name and line") {
    if (!has_shared("conformance/bpmn-miwg")) return;
    std::set<std::string> deployable;
    int models = 0;
    for (const auto& entry : std::filesystem::directory_iterator(kShared / "conformance/bpmn-miwg")) {
        if (entry.path().extension() != ".bpmn") continue;
        ++models;
        CAPTURE(entry.path().filename().string());
        const Judgement judgement = check(text_of(entry.path()));
        if (judgement.deployable()) deployable.insert(entry.path().filename().string());
        for (const Problem& problem : judgement.problems) {
            CAPTURE(problem.code);
            CHECK(problem.line > 0);
            CHECK_FALSE(problem.element.empty());
            CHECK_FALSE(problem.zh.empty());
            CHECK_FALSE(problem.en.empty());
            CHECK(problem.code != "not_xml");
            CHECK(problem.code != "prefix_unknown");
        }
    }
    CHECK(models == 14);
    // C.1.0, C.1.1 and C.3.0 are marked executable; the conditions of C.1.1 are XPath, and C.3.0 wants several tokens
    // at a time.
    CHECK(deployable == std::set<std::string>{"C.1.0.bpmn"});
}

TEST_CASE("the MIWG model that can run runs to each of its ends") {
    if (!has_shared("conformance/bpmn-miwg")) return;
    const Definition definition = parse(text_of(kShared / "conformance/bpmn-miwg/C.1.0.bpmn")).value();
    for (const auto& [approved, clarified] : {std::pair(true, "yes"), std::pair(false, "no")}) {
        TwinInstance instance(definition);
        const boost::json::object variables{{"approved", approved}, {"clarified", clarified}};
        REQUIRE(instance.carry_out(Start{variables, definition.element(definition.root().starts.front()).id}, 1'000));
        for (int step = 0; step < 50 && instance.state().status == Status::running; ++step) {
            const Waiting waiting = waiting_for(instance.state());
            CHECK(waiting.incidents.empty());
            if (!waiting.tasks.empty()) {
                REQUIRE(instance.carry_out(CompleteTask{waiting.tasks.front().token, {}}, 2'000));
            } else if (!waiting.jobs.empty()) {
                REQUIRE(instance.carry_out(CompleteJob{waiting.jobs.front().token, {}}, 2'000));
            } else {
                break;
            }
        }
        CHECK(instance.state().status == Status::completed);
    }
}

TEST_CASE("the bench's process runs to both of its ends") {
    if (!has_shared("bench")) return;
    CHECK(check(text_of(kShared / "bench/approval4.bpmn")).deployable());
    const Definition definition = parse(text_of(kShared / "bench/approval4.feel.bpmn")).value();
    for (const bool approved : {true, false}) {
        TwinInstance instance(definition);
        REQUIRE(instance.carry_out(Start{{{"approved", approved}}}, 1'000));
        while (!waiting_for(instance.state()).tasks.empty()) {
            REQUIRE(instance.carry_out(CompleteTask{waiting_for(instance.state()).tasks.front().token, {}}, 2'000));
        }
        CHECK(instance.state().status == Status::completed);
        CHECK(instance.state().completed.back() == (approved ? "granted" : "refused"));
        CHECK(boost::json::serialize(state_to_json(instance.state())).size() < 1'024);
    }
}
