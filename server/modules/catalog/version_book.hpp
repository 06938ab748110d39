// Which versions of each matter there are, and which one is in force on a day. A picture of the tables in memory, whole
// at any instant: a reader holds one picture while the next is made.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "modules/catalog/matter_files.hpp"

namespace kaigong::catalog {

struct KeptVersion {
    std::string matter_code;
    std::string version;
    std::string effective_from_on;
    std::int64_t published_at_ms = 0;
    bool of_office = false;
    std::string base_version;  ///< of an office's version: the one it was drafted from
    std::string edited_by;     ///< account ids; empty for the folder's
    std::string published_by;
    std::string note;
    bool withdrawn = false;
    std::shared_ptr<const MatterFiles> files;
};

enum class VersionState { in_force, waiting, past, withdrawn, superseded };
std::string_view to_string(VersionState state);

/// All versions of one matter, the newest publication first. Immutable.
class MatterVersions {
  public:
    /// `folder_version` is what the program's folder holds now.
    MatterVersions(std::vector<KeptVersion> versions, std::string folder_version);

    const std::vector<KeptVersion>& all() const { return versions_; }
    const KeptVersion* find(const std::string& version) const;
    /// Of all that have begun, the one with the latest day, then the latest publication; nothing before the first day.
    const KeptVersion* in_force(const std::string& today) const;
    VersionState state_of(const KeptVersion& version, const std::string& today) const;
    /// The folder's version when one of the office is in force that does not come from it: it waits for somebody to
    /// draft from it. Nothing otherwise.
    const KeptVersion* folder_waits(const std::string& today) const;

  private:
    bool is_replaced(const KeptVersion& version) const;
    bool begins(const KeptVersion& version, const std::string& today) const;
    bool never_begins(const KeptVersion& version) const {
        return never_begins_[static_cast<std::size_t>(&version - versions_.data())] != 0;
    }

    std::vector<KeptVersion> versions_;
    std::string folder_version_;
    std::vector<char> never_begins_;  ///< beside `versions_`: asked for each draft, so worked out once
};

class VersionBook {
  public:
    using Picture = std::map<std::string, std::shared_ptr<const MatterVersions>>;

    /// Nothing when the matter is unknown.
    std::shared_ptr<const MatterVersions> find(const std::string& matter_code) const;
    std::shared_ptr<const Picture> picture() const;
    void replace(Picture picture);

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const Picture> picture_ = std::make_shared<const Picture>();
};

}  // namespace kaigong::catalog
