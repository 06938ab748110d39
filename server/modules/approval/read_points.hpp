// The points of a correction (补正) as officers send them.
#pragma once

#include <vector>

#include "base/json_reader.hpp"
#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval {

std::vector<operations::NewPoint> read_points(JsonReader& reader);

}  // namespace kaigong::approval
