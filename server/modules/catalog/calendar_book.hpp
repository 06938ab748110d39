// Which years are published, by whom, and the calendar that follows. A picture of the table in memory, whole at any
// instant: a reader holds one picture while the next is made.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

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

struct CalendarPicture {
    std::shared_ptr<const OfficeCalendar> calendar = std::make_shared<const OfficeCalendar>();
    /// All publications of each year, the one in force first.
    std::map<int, std::vector<PublishedYear>> years;
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
Result<CalendarPicture> calendar_picture(const std::vector<store::CalendarYearRow>& rows);

/// The calendar with this table in the place of that year's.
Result<calendar::Calendar> calendar_with(const CalendarPicture& picture, const calendar::YearTable& table);

/// Keeps the folder's tables that are new or have changed.
Result<void> keep_folder_years(db::Database& database, const std::vector<calendar::YearTable>& tables,
                               std::int64_t now_ms);

}  // namespace kaigong::catalog
