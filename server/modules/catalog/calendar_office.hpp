// The service of the calendar's pages; see CalendarOffice in catalog.hpp.
#pragma once

#include "modules/catalog/calendar_book.hpp"
#include "modules/catalog/rule_service.hpp"

namespace kaigong::catalog {

/// Counts on the pages of the calendar end here.
inline constexpr std::int64_t kCasesCountedMax = 1'000'000;

class CalendarService final : public CalendarOffice {
  public:
    explicit CalendarService(CalendarOfficeParts parts) : parts_(parts) {}

    std::vector<http::Endpoint> routes() override;

    Result<boost::json::object> show(const authz::Actor& actor);
    /// What an administrator pasted, as a table; nothing is kept.
    Result<boost::json::object> read(const authz::Actor& actor, const std::string& text);
    /// What the table would change of the next running cases.
    Result<boost::json::object> effect(const authz::Actor& actor, const boost::json::object& table,
                                       const std::string& after);
    /// Fails with json.fields_invalid, catalog.calendar_year_out_of_range, catalog.calendar_same,
    /// catalog.calendar_replaced (somebody else published that year meanwhile).
    Result<boost::json::object> publish(const authz::Actor& actor, const boost::json::object& table,
                                        std::int64_t replaces, const Retryable& request);
    Result<boost::json::object> provisional_cases(const authz::Actor& actor, const std::string& after, int limit);

  private:
    Result<calendar::YearTable> checked(const boost::json::object& table) const;
    boost::json::object year_json(const CalendarPicture& picture, int year) const;

    CalendarOfficeParts parts_;
};

}  // namespace kaigong::catalog
