// What end events share. Internal to engine/bpmn.
#pragma once

#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {

void check_end(const Process& process, const Element& element, Problems& problems);

}  // namespace kaigong::bpmn::elements
