// Which conditions of one gateway can be true together. Conditions that only compare variables with values written down
// are tried with a value from each region that these values divide the variable's range into; all others are free.
// Internal to engine/bpmn/proof.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/bpmn/definition.hpp"

namespace kaigong::bpmn::proof {

/// True when the text holds no name of a variable or function: words of FEEL, numbers and quoted text only.
bool is_constant(const std::string& text);

struct Truths {
    /// By condition: whether `rows` says what it can be. The others can be anything at any time.
    std::vector<bool> known;
    /// Each a possible case, by condition; nothing where the condition gives neither true nor false, or is not known.
    std::vector<std::vector<std::optional<bool>>> rows;
};

/// One row at least.
Truths possible_truths(const std::vector<Feel>& conditions);

}  // namespace kaigong::bpmn::proof
