#include "engine/bpmn/office_days.hpp"

namespace kaigong::bpmn {
namespace {

CivilDate civil(const feel::Date& date) {
    return {static_cast<int>(date.year), date.month, date.day};
}

}  // namespace

feel::Date OfficeDays::add(const feel::Date& start, int n) const {
    const CivilDate day = calendar_.add_working_days(civil(start), n).value;
    return {day.year, static_cast<std::uint8_t>(day.month), static_cast<std::uint8_t>(day.day)};
}

int OfficeDays::between(const feel::Date& start, const feel::Date& through) const {
    return calendar_.working_days_between(civil(start), civil(through)).value;
}

}  // namespace kaigong::bpmn
