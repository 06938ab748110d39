// How the tests of the proof ask it, and what they expect of a finding.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "engine/bpmn/proof/proof.hpp"
#include "engine/bpmn/scenario_test.hpp"

namespace kaigong::bpmn {

inline Proof proof_of_xml(std::string_view xml, const ProofLimits& limits = {}) {
    auto definition = parse(xml);
    if (!definition) {
        for (const auto& problem : definition.error().fields) MESSAGE(problem.field << " " << problem.reason);
    }
    return prove(definition.value(), limits);
}

inline Proof proof_of(std::string_view lines, const ProofLimits& limits = {}) {
    return proof_of_xml(model_xml(lines), limits);
}

inline std::string way(const Finding& finding) {
    std::string text;
    for (const ProofStep& step : finding.path) text += (text.empty() ? "" : " → ") + step.zh;
    return text;
}

inline std::string all_of(const Proof& proof) {
    std::string text = fmt::format("{} states\n", proof.states);
    for (const Finding& one : proof.findings) {
        text += fmt::format("{} {} {}: {}\n", one.line, one.code, one.element, way(one));
    }
    for (const Problem& gap : proof.gaps) text += fmt::format("{} {}\n", gap.code, gap.en);
    return text;
}

inline const Finding* find(const Proof& proof, std::string_view code, std::string_view element) {
    const auto found = std::find_if(proof.findings.begin(), proof.findings.end(),
                                    [&](const Finding& one) { return one.code == code && one.element == element; });
    return found == proof.findings.end() ? nullptr : &*found;
}

/// The fault is found there, and the way to it is this one; `way` empty: any way.
inline void check_fault(std::string_view lines, std::string_view code, std::string_view element,
                        std::string_view way_there) {
    const Proof proof = proof_of(lines);
    INFO(all_of(proof));
    CHECK(proof.verdict() == Proof::Verdict::faulty);
    const Finding* finding = find(proof, code, element);
    REQUIRE(finding != nullptr);
    CHECK_FALSE(finding->zh.empty());
    CHECK_FALSE(finding->en.empty());
    CHECK(finding->line > 0);
    CHECK(way(*finding) == way_there);
    for (const ProofStep& step : finding->path) CHECK_FALSE(step.en.empty());
}

inline void check_proven(const Proof& proof) {
    INFO(all_of(proof));
    CHECK(proof.verdict() == Proof::Verdict::proven);
    CHECK(proof.findings.empty());
    CHECK(proof.gaps.empty());
}

}  // namespace kaigong::bpmn
