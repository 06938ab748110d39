// What letters say, in words that people read: one set of values serves all templates (letters.md).
#pragma once

#include <boost/json.hpp>
#include <string>

#include "modules/approval/approval.hpp"

namespace kaigong::app {

boost::json::object letter_values(const std::string& letter_kind, const catalog::Matter& matter,
                                  const catalog::Authority* authority, const applications::Filing& filing,
                                  const applications::Submission& submission, const approval::ProcedureFacts& facts);

}  // namespace kaigong::app
