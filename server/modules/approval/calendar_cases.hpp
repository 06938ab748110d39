// All running cases and the calendar: which stand on days that hang on an unpublished year, what another calendar would
// move, and bringing them up to date after a publication, each in a transaction of its own.
#pragma once

#include <functional>

#include "authz/bound_scope.hpp"
#include "modules/approval/case_work.hpp"

namespace kaigong::approval {

class CalendarCases final : public catalog::RunningCases {
  public:
    CalendarCases(const Surroundings& surroundings, const Clock& clock, std::function<void()> nudge_timers)
        : around_(surroundings), clock_(clock), nudge_timers_(std::move(nudge_timers)) {}

    void subscribe(events::Outbox& outbox);
    /// See Approval::follow_calendar.
    int follow();

    Result<std::int64_t> count_running(const authz::Actor& actor, std::int64_t count_max) override;
    Result<std::int64_t> count_provisional(const authz::Actor& actor, std::int64_t count_max) override;
    Result<std::int64_t> count_outdated(const authz::Actor& actor, std::int64_t number,
                                        std::int64_t count_max) override;
    Result<catalog::DatedCases> provisional(const authz::Actor& actor, const std::string& after, int limit) override;
    Result<catalog::CalendarEffect> effect_of(const authz::Actor& actor, const catalog::OfficeCalendar& other,
                                              const std::string& after, int limit) override;

  private:
    authz::BoundScope scope_for(const authz::Actor& actor) const;
    /// Brings those after `after` up to date; gives the ids that were looked at.
    Result<std::vector<std::string>> follow_some(std::int64_t number, const std::string& after, int limit);
    Result<events::Effect> follow_because(const events::Event& event);

    Surroundings around_;
    const Clock& clock_;
    std::function<void()> nudge_timers_;
};

}  // namespace kaigong::approval
