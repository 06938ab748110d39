// A matter's folder as texts, and the name of its version.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/result.hpp"

namespace kaigong::catalog {

/// Path inside the folder → text. Application packages and documents for authors are left out: they decide nothing. The
/// examples of the rules travel with the rules.
using MatterFiles = std::map<std::string, std::string>;

/// Fails with catalog.folder_unreadable; catalog.file_too_large past 4 MiB a file.
Result<MatterFiles> read_matter_folder(const std::filesystem::path& folder);

/// `2026-01-01-1f0c83a9d2e4`: the day it takes effect and the beginning of the hash over all names and texts.
std::string version_of(const MatterFiles& files, const std::string& effective_from_on);

/// `precheck.dmn` → `precheck.tests.json`: where the examples of a rule file stand.
std::string examples_name(const std::string& rules_name);

std::string to_json_text(const MatterFiles& files);
MatterFiles from_json_text(const std::string& text);

}  // namespace kaigong::catalog
