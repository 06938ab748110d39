// Decision models as files: one with those that it imports, which lie beside it.
#pragma once

#include <string>

#include "base/result.hpp"
#include "engine/dmn/dmn.hpp"

namespace kaigong::app {

/// Fails like `dmn::parse`, and with app.file_missing, app.file_unreadable.
Result<dmn::Model> load_model(const std::string& file);

}  // namespace kaigong::app
