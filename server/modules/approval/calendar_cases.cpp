#include "modules/approval/calendar_cases.hpp"

#include <boost/json.hpp>

#include "base/id.hpp"
#include "base/log.hpp"
#include "modules/approval/case_calendar.hpp"
#include "modules/approval/events.hpp"
#include "modules/approval/list_scopes.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/store_calendar.hpp"
#include "modules/catalog/events.hpp"

namespace kaigong::approval {
namespace {

/// Cases between two events, so that other deliveries come in between and a restart repeats little.
constexpr int kCasesAtOnce = 100;
/// What one round may do that nobody waits for.
constexpr int kCasesOfOneRound = 10'000;

/// What is needed of a case to compute its days.
struct Dated {
    store::ProcedureRow procedure;
    std::vector<store::ClockRow> ledger;
    std::shared_ptr<const catalog::Matter> matter;

    CaseDays days(const catalog::OfficeCalendar& calendar, std::int64_t now_ms) const {
        return days_of(*matter, procedure, ledger, calendar, now_ms);
    }
};

catalog::DatedCase case_of(const Dated& dated, const CaseDays& days) {
    const auto& row = dated.procedure;
    const auto state = parse_application_state(row.state).value();
    return {row.application_id,   row.application_number,
            row.works_name,       std::string(display_name(state, row.correction_opened_at_ms.has_value())),
            days.intake_due_on,   days.due_on,
            days.promised_due_on, days.provisional};
}

std::optional<std::string> next_after(const std::vector<std::string>& ids, int limit) {
    return static_cast<int>(ids.size()) < limit ? std::nullopt : std::optional(ids.back());
}

Result<std::vector<Dated>> load_dated(db::Session& session, const catalog::Catalog& catalog,
                                      const std::vector<std::string>& ids) {
    std::vector<Dated> cases;
    for (const auto& id : ids) {
        auto procedure = store::find_procedure(session, id);
        if (!procedure) continue;
        KAIGONG_TRY(matter, catalog.load_matter(procedure->matter_code, procedure->catalog_version));
        cases.push_back({std::move(*procedure), store::clock_of(session, id), std::move(matter)});
    }
    return cases;
}

}  // namespace

authz::BoundScope CalendarCases::scope_for(const authz::Actor& actor) const {
    return scope_of(around_.permissions, actor, "calendar.read", kScopeOfRunningCases);
}

Result<std::int64_t> CalendarCases::count_running(const authz::Actor& actor, std::int64_t count_max) {
    const auto scope = scope_for(actor);
    return around_.database.read([&](db::Session& session) { return store::count_running(session, scope, count_max); });
}

Result<std::int64_t> CalendarCases::count_provisional(const authz::Actor& actor, std::int64_t count_max) {
    const auto scope = scope_for(actor);
    return around_.database.read(
        [&](db::Session& session) { return store::count_provisional(session, scope, count_max); });
}

Result<std::int64_t> CalendarCases::count_outdated(const authz::Actor& actor, std::int64_t number,
                                                   std::int64_t count_max) {
    const auto scope = scope_for(actor);
    return around_.database.read(
        [&](db::Session& session) { return store::count_outdated(session, scope, number, count_max); });
}

Result<catalog::DatedCases> CalendarCases::provisional(const authz::Actor& actor, const std::string& after, int limit) {
    const auto scope = scope_for(actor);
    const auto calendar = around_.catalog.calendar();
    const auto now_ms = clock_.now_ms();
    return around_.database.read([&](db::Session& session) -> Result<catalog::DatedCases> {
        const auto ids = store::provisional_cases(session, scope, after, limit);
        KAIGONG_TRY(cases, load_dated(session, around_.catalog, ids));
        catalog::DatedCases page{{}, next_after(ids, limit)};
        for (const auto& one : cases) page.cases.push_back(case_of(one, one.days(*calendar, now_ms)));
        return page;
    });
}

Result<catalog::CalendarEffect> CalendarCases::effect_of(const authz::Actor& actor,
                                                         const catalog::OfficeCalendar& other, const std::string& after,
                                                         int limit) {
    const auto scope = scope_for(actor);
    const auto calendar = around_.catalog.calendar();
    const auto now_ms = clock_.now_ms();
    return around_.database.read([&](db::Session& session) -> Result<catalog::CalendarEffect> {
        const auto ids = store::running_cases(session, scope, after, limit);
        KAIGONG_TRY(cases, load_dated(session, around_.catalog, ids));
        catalog::CalendarEffect effect{static_cast<int>(ids.size()), {}, next_after(ids, limit)};
        for (const auto& one : cases) {
            const auto before = one.days(*calendar, now_ms);
            const auto then = one.days(other, now_ms);
            if (before.is_same_day(then)) continue;
            effect.changes.push_back({case_of(one, before), case_of(one, then)});
        }
        return effect;
    });
}

Result<std::vector<std::string>> CalendarCases::follow_some(std::int64_t number, const std::string& after, int limit) {
    // Cases are saved by the calendar at hand: it has to be that one before the first is.
    KAIGONG_CHECK(around_.catalog.calendar_since(number));
    KAIGONG_TRY(ids, around_.database.read(
                         [&](db::Session& session) { return store::outdated_cases(session, number, after, limit); }));
    for (const auto& id : ids) {
        const auto now_ms = clock_.now_ms();
        const auto done = around_.database.transact(
            [&](db::Session& session) { return operations::follow_calendar(session, around_, id, number, now_ms); });
        if (done) continue;
        if (done.error().code == Errc::unavailable) return done.error();
        // It stands in nobody's way, stays outdated, and is tried again in the next round.
        log_error(LogLevel::error, "approval.calendar_not_followed", done.error());
    }
    if (!ids.empty() && nudge_timers_) nudge_timers_();
    return ids;
}

int CalendarCases::follow() {
    const auto number = around_.catalog.calendar()->number;
    int looked_at = 0;
    std::string after;
    while (looked_at < kCasesOfOneRound) {
        const auto ids = follow_some(number, after, kCasesAtOnce);
        if (!ids) {
            log_error(LogLevel::error, "approval.calendar_not_followed", ids.error());
            break;
        }
        if (ids->empty()) break;
        looked_at += static_cast<int>(ids->size());
        after = ids->back();
    }
    return looked_at;
}

Result<events::Effect> CalendarCases::follow_because(const events::Event& event) {
    const auto payload = boost::json::parse(event.payload).as_object();
    const auto number = payload.at("number").to_number<std::int64_t>();
    const auto* from = payload.if_contains("after");
    KAIGONG_TRY(ids, follow_some(number, from == nullptr ? "" : std::string(from->as_string()), kCasesAtOnce));
    return events::Effect([this, event, number, ids, now_ms = clock_.now_ms()](db::Session& session) -> Result<void> {
        if (static_cast<int>(ids.size()) < kCasesAtOnce) return {};
        const boost::json::object rest{{"number", number}, {"after", ids.back()}};
        around_.outbox.append(session, {.event_id = new_uuid(now_ms),
                                        .event_type = kCasesOutdated,
                                        .aggregate_kind = event.aggregate_kind,
                                        .aggregate_id = event.aggregate_id,
                                        .payload = boost::json::serialize(rest),
                                        .occurred_at_ms = now_ms});
        return {};
    });
}

void CalendarCases::subscribe(events::Outbox& outbox) {
    outbox.subscribe({"approval.follow_calendar",
                      {catalog::kCalendarChanged, kCasesOutdated},
                      [this](const events::Event& event) { return follow_because(event); }});
}

}  // namespace kaigong::approval
