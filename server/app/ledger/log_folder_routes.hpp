// A folder with a log, served as static files: a mirror.
#pragma once

#include <filesystem>
#include <vector>

#include "http/router.hpp"

namespace kaigong::app {

/// `/checkpoint` and `/tile/…`; every request reads the folder, so that a copy may go on beside.
std::vector<http::Endpoint> log_folder_routes(const std::filesystem::path& folder);

}  // namespace kaigong::app
