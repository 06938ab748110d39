#include "engine/bpmn/proof/outcomes.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <set>
#include <string>

#include "engine/bpmn/expression.hpp"

namespace kaigong::bpmn::proof {
namespace {

/// True when the text holds no name of a variable or function: words of FEEL, numbers and quoted text only.
bool is_constant(const std::string& text) {
    static constexpr std::array<std::string_view, 5> kWords{"true", "false", "and", "or", "not"};
    bool quoted = false;
    std::string word;
    for (const char c : text + " ") {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalpha(byte) != 0 || byte >= 0x80U || c == '_') {
            word += c;
            continue;
        }
        if (!word.empty() && std::find(kWords.begin(), kWords.end(), word) == kWords.end()) return false;
        word.clear();
    }
    return true;
}

/// The value of a condition that no variable can change.
std::optional<bool> constant_value(const Flow& flow) {
    if (flow.condition == nullptr) return true;
    if (!is_constant(flow.condition->text())) return std::nullopt;
    const feel::Value value = flow.condition->evaluate({}, 0, nullptr);
    return value.kind() == feel::Kind::boolean && value.as_bool();
}

struct Choice {
    int position = 0;
    const Flow* flow = nullptr;
    std::optional<bool> constant;
};

/// All ways but the default, in the order in which they are judged.
std::vector<Choice> choices_of(const Definition& definition, const Element& element) {
    std::vector<Choice> choices;
    for (std::size_t i = 0; i < element.outgoing.size(); ++i) {
        if (element.outgoing[i] == element.default_flow) continue;
        const Flow& flow = definition.flow(element.outgoing[i]);
        choices.push_back({static_cast<int>(i), &flow, constant_value(flow)});
    }
    return choices;
}

std::optional<int> default_position(const Element& element) {
    const auto found = std::find(element.outgoing.begin(), element.outgoing.end(), element.default_flow);
    if (found == element.outgoing.end()) return std::nullopt;
    return static_cast<int>(found - element.outgoing.begin());
}

}  // namespace

std::vector<Outcome> exclusive_outcomes(const Definition& definition, const Element& element) {
    std::vector<Outcome> outcomes;
    std::set<std::string> seen;
    for (const Choice& choice : choices_of(definition, element)) {
        if (choice.constant == false) continue;
        // The first of two equal conditions takes every token that the second could take.
        if (!choice.constant && !seen.insert(choice.flow->condition->text()).second) continue;
        outcomes.push_back({choice.position});
        if (choice.constant == true) return outcomes;
    }
    if (const auto otherwise = default_position(element)) outcomes.push_back({*otherwise});
    return outcomes;
}

std::vector<Outcome> inclusive_outcomes(const Definition& definition, const Element& element) {
    if (element.outgoing.empty()) return {Outcome{}};
    const std::vector<Choice> choices = choices_of(definition, element);
    std::vector<std::string> texts;
    for (const Choice& choice : choices) {
        if (choice.constant) continue;
        const std::string& text = choice.flow->condition->text();
        if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
    }
    std::vector<Outcome> outcomes;
    if (texts.size() > kFreeConditionsMax) return outcomes;
    for (unsigned truths = 0; truths < 1U << texts.size(); ++truths) {
        Outcome taken;
        for (const Choice& choice : choices) {
            bool is_true = choice.constant.value_or(false);
            if (!choice.constant) {
                const auto text = std::find(texts.begin(), texts.end(), choice.flow->condition->text());
                is_true = (truths >> (text - texts.begin()) & 1U) != 0;
            }
            if (is_true) taken.push_back(choice.position);
        }
        if (taken.empty() && default_position(element)) taken.push_back(*default_position(element));
        // Without any the token would stop with an incident that a person repairs: then another choice is made.
        if (!taken.empty()) outcomes.push_back(std::move(taken));
    }
    return outcomes;
}

std::vector<Outcome> parallel_outcomes(const Element& element) {
    Outcome all;
    for (std::size_t i = 0; i < element.outgoing.size(); ++i) all.push_back(static_cast<int>(i));
    return {all};
}

}  // namespace kaigong::bpmn::proof
