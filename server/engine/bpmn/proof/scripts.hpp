// What errors a script may raise. Internal to engine/bpmn/proof.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kaigong::bpmn::proof {

struct ScriptErrors {
    std::vector<std::string> codes;
    /// Some code is computed.
    bool any_code = false;
    /// The script does nothing else.
    bool always = false;
};

ScriptErrors errors_raised_by(std::string_view script);

}  // namespace kaigong::bpmn::proof
