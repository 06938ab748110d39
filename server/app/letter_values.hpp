// What letters say, in words that people read: one set of values serves all templates (letters.md).
#pragma once

#include <boost/json.hpp>
#include <string>

#include "modules/approval/approval.hpp"

namespace kaigong::app {

/// Which letter, and for which of its causes: the round, or the episode's number.
struct LetterCause {
    std::string letter_kind;
    int round = 0;
};

boost::json::object letter_values(const LetterCause& cause, const catalog::Matter& matter,
                                  const catalog::Authority* authority, const applications::Filing& filing,
                                  const applications::Submission& submission, const approval::ProcedureFacts& facts);

}  // namespace kaigong::app
