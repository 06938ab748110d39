// Which years are published, by whom, what authorities have decided for themselves, and the calendars that follow. A
// picture of the table in memory, whole at any instant: a reader holds one picture while the next is made.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "modules/catalog/authority_tree.hpp"
#include "modules/catalog/calendar_store.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::catalog {

/// One publication of a year's table.
struct PublishedYear {
    std::int64_t number = 0;
    calendar::YearTable table;
    bool of_office = false;
    std::string published_by;  ///< account id; empty for the folder's
    std::int64_t published_at_ms = 0;
};

/// One publication of an authority's settings.
struct PublishedSettings {
    std::int64_t number = 0;
    AuthoritySettings settings;
    bool of_office = false;
    std::string published_by;  ///< account id; empty for the folder's
    std::int64_t published_at_ms = 0;
};

struct CalendarPicture {
    std::shared_ptr<const OfficeCalendar> calendar = std::make_shared<const OfficeCalendar>();
    /// All publications of each year, the one in force first.
    std::map<int, std::vector<PublishedYear>> years;
    /// All publications of each authority, the one in force first.
    std::map<std::string, std::vector<PublishedSettings>> authorities;

    /// Nothing was ever published for it: nothing is decided.
    const AuthoritySettings& settings_of(const std::string& region_code) const;
};

class CalendarBook {
  public:
    std::shared_ptr<const CalendarPicture> picture() const;
    /// An older picture than the one at hand changes nothing: of two readers the slower one must not win.
    void replace(CalendarPicture picture);

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const CalendarPicture> picture_ = std::make_shared<const CalendarPicture>();
};

/// Fails with calendar.… when a kept table can't be read.
Result<CalendarPicture> calendar_picture(const std::vector<store::CalendarYearRow>& rows, const AuthorityTree& tree);

/// The calendar with this table in the place of that year's.
Result<OfficeCalendar> calendar_with(const CalendarPicture& picture, const AuthorityTree& tree,
                                     const calendar::YearTable& table);

/// Keeps the folder's tables and settings of authorities that are new or have changed.
Result<void> keep_folder_calendar(db::Database& database, const std::vector<calendar::YearTable>& tables,
                                  const AuthorityTree& tree, std::int64_t now_ms);

}  // namespace kaigong::catalog
