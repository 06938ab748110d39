// Authorities as a tree province → city → county: who stands above whom, what each has decided for itself, and what
// follows for a region. What may be decided at all is checked here too, for the folder's file and for the page alike.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "modules/catalog/catalog.hpp"

namespace kaigong::catalog {

/// Immutable; any thread.
class AuthorityTree {
  public:
    AuthorityTree() = default;
    /// From `authorities.json` and the divisions. An authority without `parent` stands below the nearest one whose area
    /// holds its own. Fails with catalog.authorities_malformed.
    static Result<AuthorityTree> read(const boost::json::value& file, const boost::json::array& divisions);

    const std::vector<Authority>& all() const { return all_; }
    const Authority* find(const std::string& region_code) const;
    /// Who issues permits there; nothing where nobody does.
    const Authority* issuing_in(const std::string& region_code) const;
    const Authority* parent_of(const Authority& authority) const;

  private:
    Result<void> take(const boost::json::object& one, const boost::json::array& divisions);
    Result<void> link();

    std::vector<Authority> all_;
};

/// Settings in force of an authority.
using SettingsOf = std::function<const AuthoritySettings&(const Authority&)>;

/// What is promised, and by whom: empty where the matter's own promise stands.
struct Promise {
    int working_days = 0;
    std::string of_region;
};
/// The nearest authority up the tree that promises something, never longer than one above it that binds its area, nor
/// than the matter's own promise.
Promise promise_in(const AuthorityTree& tree, const SettingsOf& settings_of, const Authority& authority,
                   const Matter& matter);

/// What the settings of an authority are measured by.
struct SettingsBounds {
    const AuthorityTree& tree;
    const SettingsOf& settings_of;
    const std::vector<std::shared_ptr<const Matter>>& matters;
};
/// Fails with catalog.promise_matter_unknown, catalog.promise_too_long, catalog.promise_over_superiors.
Result<void> check_promises(const SettingsBounds& bounds, const Authority& authority,
                            const AuthoritySettings& settings);
/// Days after today that the law lets an authority decide about; what has passed was counted as it stood, whatever the
/// country's table says since. Fails with catalog.local_day_twice,
/// catalog.local_day_year_unpublished, catalog.local_day_without_basis, catalog.local_day_is_free,
/// catalog.local_day_is_worked.
Result<void> check_local_days(const calendar::Calendar& country, const AuthoritySettings& settings, CivilDate today);

/// `{"promised_working_days": {"<matter>": 2}, "promise_binds_area": false, "days": [{"on", "name", "working",
/// "document"}]}`. Fails with json.fields_invalid.
Result<AuthoritySettings> settings_from_json(const boost::json::value& json);
boost::json::object to_json(const AuthoritySettings& settings);

}  // namespace kaigong::catalog
