// The proof and the engine must agree. Random processes are walked through at random: nothing that happens was called
// impossible, all that goes wrong was found, and what is proven always comes to an end. And each way that a finding
// tells is gone on the engine, command by command: it leads to what the finding says.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "engine/bpmn/proof/proof_test.hpp"
#include "engine/bpmn/proof/sketch_test.hpp"
#include "engine/bpmn/proof/walk_test.hpp"

using namespace kaigong::bpmn;

namespace {

bool is_found(const Proof& proof, const std::string& element, std::initializer_list<std::string_view> codes) {
    return std::any_of(proof.findings.begin(), proof.findings.end(), [&](const Finding& finding) {
        return finding.element == element && std::find(codes.begin(), codes.end(), finding.code) != codes.end();
    });
}

/// Not all states were looked at.
bool is_cut(const Proof& proof) {
    return !proof.gaps.empty() || std::any_of(proof.findings.begin(), proof.findings.end(),
                                              [](const Finding& finding) { return finding.code == "tokens_grow"; });
}

/// What several random processes came to.
struct Totals {
    int parsed = 0;
    int proven = 0;
    int starved = 0;
    int uncaught = 0;
    int told = 0;
    int gone = 0;
    int arrived = 0;
};

void check_walks(const Definition& definition, Random& random, int conditions, const Proof& proof, Totals& totals) {
    Seen seen;
    const bool proven = proof.verdict() == Proof::Verdict::proven;
    for (int run = 0; run < 15; ++run) {
        Walk walk(definition, random, conditions, seen);
        walk.go(40);
        if (proven) CHECK(walk.finishes(1'000));
    }
    for (const auto& [element, times] : seen.elements) {
        INFO(element);
        CHECK_FALSE(is_found(proof, element, {"dead_element"}));
    }
    for (const std::string& flow : seen.flows) CHECK_FALSE(is_found(proof, flow, {"flow_never_taken"}));
    for (const std::string& join : seen.starved) {
        INFO(join);
        ++totals.starved;
        CHECK((is_found(proof, join, {"join_never_fires", "token_left_behind"}) || is_cut(proof)));
    }
    for (const std::string& element : seen.uncaught) {
        INFO(element);
        ++totals.uncaught;
        CHECK((is_found(proof, element, {"error_not_caught"}) || is_cut(proof)));
    }
    for (const std::string& code : seen.other_incidents) {
        INFO(code);
        CHECK_FALSE(proven);
    }
}

void check_ways(const Definition& definition, int conditions, const Proof& proof, Totals& totals) {
    for (const Finding& finding : proof.findings) {
        ++totals.told;
        Follow follow(definition, conditions, finding);
        const Follow::End end = follow.go();
        if (end == Follow::End::not_followed) continue;
        ++totals.gone;
        if (end == Follow::End::as_told) {
            ++totals.arrived;
        } else {
            MESSAGE(finding.code << " " << finding.element << " by " << way(finding));
        }
    }
}

Totals check_seeds(unsigned first, unsigned last, bool all_kinds) {
    Totals totals;
    for (unsigned seed = first; seed <= last; ++seed) {
        Random random(seed);
        Sketch sketch(random, all_kinds);
        const std::string lines = sketch.draw();
        const auto definition = parse(model_xml(lines), "p");
        if (!definition) continue;
        ++totals.parsed;
        const Proof proof = prove(*definition, {.states_max = 3'000});
        INFO("seed ", seed, "\n", lines, "\n", all_of(proof));
        if (proof.verdict() == Proof::Verdict::proven) ++totals.proven;
        check_walks(*definition, random, sketch.conditions(), proof, totals);
        check_ways(*definition, sketch.conditions(), proof, totals);
    }
    MESSAGE(
        fmt::format("seeds {}–{}: {} processes, {} proven, {} starved joins and {} uncaught errors met; of {} ways "
                    "told {} were gone, {} led there",
                    first, last, totals.parsed, totals.proven, totals.starved, totals.uncaught, totals.told,
                    totals.gone, totals.arrived));
    return totals;
}

}  // namespace

TEST_CASE("nothing that gateways and sub-processes do was called impossible, and all that goes wrong was found") {
    const Totals totals = check_seeds(1, 40, false);
    CHECK(totals.proven > 0);
    CHECK(totals.starved > 0);
    CHECK(totals.gone > 0);
    CHECK(totals.arrived * 20 >= totals.gone * 19);
}

// More of them by KAIGONG_PROOF_SEEDS.
TEST_CASE("the same with events, repetition, calls and errors") {
    const char* more = std::getenv("KAIGONG_PROOF_SEEDS");
    const auto seeds = static_cast<unsigned>(more == nullptr ? 80 : std::atoi(more));
    const Totals totals = check_seeds(1'000, 1'000 + seeds, true);
    CHECK(totals.proven > 0);
    CHECK(totals.starved > 0);
    CHECK(totals.uncaught > 0);
    CHECK(totals.gone > 0);
    CHECK(totals.arrived * 10 >= totals.gone * 9);
}
