#include "modules/catalog/version_book.hpp"

#include <algorithm>

#include "base/civil_date.hpp"

namespace kaigong::catalog {
namespace {

std::pair<std::string_view, std::int64_t> rank_of(const KeptVersion& version) {
    return {version.effective_from_on, version.published_at_ms};
}

bool came_before_the_day_of(const KeptVersion& later, const KeptVersion& version) {
    return later.published_at_ms > version.published_at_ms &&
           version.effective_from_on > to_string(office_date(later.published_at_ms));
}

}  // namespace

std::string_view to_string(VersionState state) {
    switch (state) {
        case VersionState::in_force: return "in_force";
        case VersionState::waiting: return "waiting";
        case VersionState::past: return "past";
        case VersionState::withdrawn: return "withdrawn";
        case VersionState::superseded: return "superseded";
    }
    return "";
}

MatterVersions::MatterVersions(std::vector<KeptVersion> versions, std::string folder_version)
    : versions_(std::move(versions)), folder_version_(std::move(folder_version)) {
    std::ranges::sort(versions_, [](const KeptVersion& left, const KeptVersion& right) {
        return std::pair(left.published_at_ms, std::string_view(left.version)) >
               std::pair(right.published_at_ms, std::string_view(right.version));
    });
    for (const auto& version : versions_) never_begins_.push_back(version.withdrawn || is_replaced(version) ? 1 : 0);
}

const KeptVersion* MatterVersions::find(const std::string& version) const {
    const auto found = std::ranges::find(versions_, version, &KeptVersion::version);
    return found == versions_.end() ? nullptr : &*found;
}

/// The program's folder has one version at a time: another of it that waited for its day when this one came is gone.
/// The office's may wait side by side; only one of the same day stands in another's place.
bool MatterVersions::is_replaced(const KeptVersion& version) const {
    if (!version.of_office && version.version == folder_version_) return false;
    return std::ranges::any_of(versions_, [&](const KeptVersion& later) {
        if (later.withdrawn || !came_before_the_day_of(later, version)) return false;
        return version.of_office ? later.effective_from_on == version.effective_from_on : !later.of_office;
    });
}

bool MatterVersions::begins(const KeptVersion& version, const std::string& today) const {
    return version.effective_from_on <= today && !never_begins(version);
}

const KeptVersion* MatterVersions::in_force(const std::string& today) const {
    const auto* folder = find(folder_version_);
    // An older folder that was put back is meant: among the folder's versions its own counts, not the latest.
    const bool folder_begins = folder != nullptr && begins(*folder, today);
    const KeptVersion* best = nullptr;
    for (const auto& version : versions_) {
        if (!begins(version, today)) continue;
        if (!version.of_office && folder_begins && &version != folder) continue;
        if (best == nullptr || rank_of(*best) < rank_of(version)) best = &version;
    }
    return best;
}

VersionState MatterVersions::state_of(const KeptVersion& version, const std::string& today) const {
    if (version.withdrawn) return VersionState::withdrawn;
    if (never_begins(version)) return VersionState::superseded;
    if (version.effective_from_on > today) return VersionState::waiting;
    return in_force(today) == &version ? VersionState::in_force : VersionState::past;
}

const KeptVersion* MatterVersions::folder_waits(const std::string& today) const {
    const auto* version = in_force(today);
    if (version == nullptr || !version->of_office) return nullptr;
    // Down the line of drafts to the folder's version that it began with.
    while (version != nullptr && version->of_office) version = find(version->base_version);
    const auto* folder = find(folder_version_);
    const bool is_other = folder != nullptr && folder != version;
    return is_other && begins(*folder, today) ? folder : nullptr;
}

std::shared_ptr<const MatterVersions> VersionBook::find(const std::string& matter_code) const {
    const auto whole = picture();
    const auto found = whole->find(matter_code);
    return found == whole->end() ? nullptr : found->second;
}

std::shared_ptr<const VersionBook::Picture> VersionBook::picture() const {
    const std::scoped_lock lock(mutex_);
    return picture_;
}

void VersionBook::replace(Picture picture) {
    auto next = std::make_shared<const Picture>(std::move(picture));
    const std::scoped_lock lock(mutex_);
    picture_ = std::move(next);
}

}  // namespace kaigong::catalog
