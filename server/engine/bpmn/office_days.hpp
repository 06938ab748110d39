// The calendar of an office as FEEL asks for it.
#pragma once

#include "engine/calendar/calendar.hpp"
#include "engine/feel/working_days.hpp"

namespace kaigong::bpmn {

/// Keeps a reference: the calendar has to live longer. A day of a year that is not published is counted by weekends and
/// fixed holidays; whether an answer is provisional is asked of the calendar itself.
class OfficeDays : public feel::WorkingDays {
  public:
    explicit OfficeDays(const calendar::Calendar& calendar) : calendar_(calendar) {}
    explicit OfficeDays(const calendar::Calendar&& calendar) = delete;

    feel::Date add(const feel::Date& start, int n) const override;
    int between(const feel::Date& start, const feel::Date& through) const override;

  private:
    const calendar::Calendar& calendar_;
};

}  // namespace kaigong::bpmn
