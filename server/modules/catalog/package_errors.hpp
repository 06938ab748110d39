// What a command about rule and process packages is refused with.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "modules/catalog/package_store.hpp"

namespace kaigong::catalog {

Error matter_unknown();
Error version_unknown();
Error no_draft();
/// The same reason as that of `db::bump_version`.
Error draft_changed();
Error draft_exists();
Error draft_waits();
Error draft_not_submitted();
Error draft_has_blockers(const std::vector<std::string>& blockers);
Error same_person();
Error version_in_force();
Error preview_unknown();
Error base_outdated();
Error draft_overlaps();
Error draft_not_outdated();

/// No draft any more; the row stays, and with it the count of its version.
void empty_draft(store::DraftRow& row);

}  // namespace kaigong::catalog
