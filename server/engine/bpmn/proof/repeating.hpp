// How often something is done, as far as the model alone says it. Internal to engine/bpmn/proof.
#pragma once

#include "engine/bpmn/definition.hpp"

namespace kaigong::bpmn::proof {

struct Rounds {
    bool may_be_none = true;
    bool none = false;
    /// A loop whose condition is always true, and without a maximum.
    bool endless = false;
};

Rounds rounds_of(const Repetition& repetition);

enum class Ticking { bounded, for_ever, unknown };

/// Of a timer that does not end what it is attached to. `R5/PT1H` is bounded; `R/PT1H` and a duration alone are not.
Ticking ticking_of(const TimerRule& rule);

}  // namespace kaigong::bpmn::proof
