// Where a token is put when a case is sent back or goes on after that, and not where a flow leads.
#pragma once

#include <string>
#include <tuple>
#include <vector>

namespace kaigong::bpmn {

struct Place {
    /// Ids of the sub-processes and calls that are entered on the way, outermost first.
    std::vector<std::string> within;
    std::string element;
    /// Of a join: the flow that the token is taken to have come over. Empty for all others.
    std::string flow;
    static constexpr auto kMembers =
        std::tuple("within", &Place::within, "element", &Place::element, "flow", &Place::flow);

    bool operator==(const Place&) const = default;
};

}  // namespace kaigong::bpmn
