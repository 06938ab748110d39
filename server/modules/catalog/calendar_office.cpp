#include "modules/catalog/calendar_office.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/id.hpp"
#include "base/json_members.hpp"
#include "engine/calendar/notice.hpp"
#include "modules/catalog/events.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

/// What one request looks at, so that its answer comes within a moment; the page asks on and shows how far it is.
constexpr int kCasesOfOneEffect = 300;
constexpr int kYearsBack = 2;

Error replaced() {
    return error(Errc::conflict, "catalog.calendar_replaced",
                 "这一年的放假安排刚刚被别人发布过。请刷新页面，核对后再发布。");
}

array days_json(const calendar::Calendar& calendar, int year) {
    array days;
    for (CivilDate day{year, 1, 1}; day.year == year; day = add_days(day, 1)) {
        const auto name = calendar.day_name(day);
        if (name.empty() || name == "周末") continue;
        days.push_back({{"on", to_string(day)}, {"name", name}, {"working", calendar.is_working_day(day).value}});
    }
    return days;
}

object case_json(const DatedCase& one) {
    return {{"application_id", one.application_id},
            {"application_number", one.application_number},
            {"works_name", one.works_name},
            {"state_name", one.state_name},
            {"intake_due_on", text_or_null(one.intake_due_on)},
            {"due_on", text_or_null(one.due_on)},
            {"promised_due_on", text_or_null(one.promised_due_on)}};
}

object change_json(const CalendarEffect::Change& change) {
    auto json = case_json(change.before);
    json["new_intake_due_on"] = text_or_null(change.after.intake_due_on);
    json["new_due_on"] = text_or_null(change.after.due_on);
    json["new_promised_due_on"] = text_or_null(change.after.promised_due_on);
    return json;
}

value next_json(const std::optional<std::string>& next) {
    return next ? value(*next) : value(nullptr);
}

/// A file's shape instead of a notice: the faults of its fields stand where the sentences of a notice would.
calendar::Notice read_table_text(const std::string& text) {
    calendar::Notice notice;
    auto table = calendar::year_table_from_text(text);
    if (table) {
        notice.table = std::move(*table);
        return notice;
    }
    for (const auto& problem : table.error().fields) notice.problems.push_back({problem.field, problem.message});
    if (notice.problems.empty()) notice.problems.push_back({"", table.error().message});
    return notice;
}

bool is_table_text(const std::string& text) {
    const auto first = text.find_first_not_of(" \r\n\t");
    return first != std::string::npos && text[first] == '{';
}

}  // namespace

std::unique_ptr<CalendarOffice> make_calendar_office(CalendarOfficeParts parts) {
    return std::make_unique<CalendarService>(parts);
}

object CalendarService::year_json(const CalendarPicture& picture, int year) const {
    const auto& days = picture.calendar->days;
    object json{{"year", year},
                {"working_days", days.working_days_between({year - 1, 12, 31}, {year, 12, 31}).value},
                {"days", days_json(days, year)},
                {"publication", nullptr},
                {"earlier", array{}}};
    const auto found = picture.years.find(year);
    if (found == picture.years.end()) return json;
    array publications;
    for (const auto& one : found->second) {
        const auto& by = one.published_by;
        publications.push_back(
            {{"number", one.number},
             {"title", one.table.source_title},
             {"document", one.table.source_document},
             {"published_by_name", by.empty() ? value(nullptr) : value(parts_.identity.name_of(authz::AccountId{by}))},
             {"published_at_ms", one.published_at_ms}});
    }
    json["publication"] = publications.front();
    publications.erase(publications.begin());
    json["earlier"] = std::move(publications);
    return json;
}

Result<object> CalendarService::show(const authz::Actor& actor) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "calendar.read"));
    const auto picture = parts_.catalog.calendar_years().picture();
    const auto today = office_date(parts_.clock.now_ms());
    KAIGONG_TRY(outdated, parts_.running_cases.count_outdated(actor, picture->calendar->number, kCasesCountedMax));
    KAIGONG_TRY(provisional, parts_.running_cases.count_provisional(actor, kCasesCountedMax));
    const int first = picture->years.empty() ? today.year : std::min(picture->years.begin()->first, today.year);
    const int last = picture->years.empty() ? today.year : std::max(picture->years.rbegin()->first, today.year + 1);
    array years;
    for (int year = first; year <= last; ++year) {
        years.push_back(year_json(*picture, year));
    }
    return object{{"today", to_string(today)},
                  {"years", std::move(years)},
                  {"provisional_cases", provisional},
                  {"outdated_cases", outdated},
                  {"may_edit", parts_.permissions.may(actor, "calendar.edit")}};
}

Result<object> CalendarService::read(const authz::Actor& actor, const std::string& text) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "calendar.edit"));
    calendar::Notice notice;
    if (is_table_text(text)) {
        notice = read_table_text(text);
    } else {
        KAIGONG_TRY(read, calendar::read_notice(text));
        notice = std::move(read);
    }
    if (notice.problems.empty()) {
        if (const auto usable = checked(calendar::to_json(notice.table)); !usable) {
            notice.problems.push_back({"", usable.error().message});
        }
    }
    array problems;
    for (const auto& one : notice.problems) {
        problems.push_back({{"sentence", text_or_null(one.sentence)}, {"message", one.message}});
    }
    const auto picture = parts_.catalog.calendar_years().picture();
    const auto known = picture->calendar->published.find(notice.table.year);
    const bool is_known = known != picture->calendar->published.end();
    return object{{"table", calendar::to_json(notice.table)},
                  {"replaces", is_known ? value(known->second) : value(nullptr)},
                  {"problems", std::move(problems)}};
}

Result<calendar::YearTable> CalendarService::checked(const object& json) const {
    KAIGONG_TRY(table, calendar::year_table_from_json(json));
    const int this_year = office_date(parts_.clock.now_ms()).year;
    if (table.year < this_year - kYearsBack || table.year > this_year + 1) {
        return invalid_field(
            "table", "catalog.calendar_year_out_of_range",
            fmt::format("只能导入{}年到{}年的放假安排。请核对通知的年份。", this_year - kYearsBack, this_year + 1));
    }
    return table;
}

Result<object> CalendarService::effect(const authz::Actor& actor, const object& json, const std::string& after) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "calendar.edit"));
    KAIGONG_TRY(table, checked(json));
    KAIGONG_TRY(other,
                calendar_with(*parts_.catalog.calendar_years().picture(), parts_.catalog.authority_tree(), table));
    KAIGONG_TRY(effect, parts_.running_cases.effect_of(actor, other, after, kCasesOfOneEffect));
    KAIGONG_TRY(running, parts_.running_cases.count_running(actor, kCasesCountedMax));
    array changes;
    for (const auto& change : effect.changes) changes.push_back(change_json(change));
    return object{{"running_cases", running},
                  {"looked_at", effect.looked_at},
                  {"changes", std::move(changes)},
                  {"next_cursor", next_json(effect.next)}};
}

Result<object> CalendarService::publish(const authz::Actor& actor, const object& json, std::int64_t replaces,
                                        const Retryable& request) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "calendar.edit"));
    KAIGONG_CHECK(authz::Permissions::require_recent(actor));
    KAIGONG_TRY(table, checked(json));
    const auto text = boost::json::serialize(calendar::to_json(table));
    const auto now_ms = parts_.clock.now_ms();
    const auto name = parts_.identity.name_of(actor.account_id);
    const db::IdempotentRequest once{actor.account_id.text, request.route, request.key, request.body_hash, now_ms};
    KAIGONG_TRY(number_text, parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, once, [&]() -> Result<std::string> {
            const auto rows = store::calendar_years(session);
            KAIGONG_TRY(picture, calendar_picture(rows, parts_.catalog.authority_tree()));
            const auto known = picture.years.find(table.year);
            const bool is_known = known != picture.years.end();
            if ((is_known ? known->second.front().number : 0) != replaces) return replaced();
            if (is_known && boost::json::serialize(calendar::to_json(known->second.front().table)) == text) {
                return error(Errc::conflict, "catalog.calendar_same", "这一年的放假安排与现行的完全一样，无需再发布。");
            }
            const auto number = picture.calendar->number + 1;
            if (!store::insert(session, {number, table.year, text, actor.account_id.text, now_ms, ""})) {
                return replaced();
            }
            parts_.audit.write(
                session, {"calendar", std::to_string(table.year), number, "calendar.publish", actor.account_id.text,
                          name, fmt::format("发布{}年放假安排（{}）", table.year, table.source_document), now_ms});
            parts_.outbox.append(session,
                                 {.event_id = new_uuid(now_ms),
                                  .event_type = kCalendarChanged,
                                  .aggregate_kind = "calendar",
                                  .aggregate_id = std::to_string(table.year),
                                  .payload = boost::json::serialize(object{{"year", table.year}, {"number", number}}),
                                  .occurred_at_ms = now_ms});
            return std::to_string(number);
        });
    }));
    KAIGONG_CHECK(parts_.catalog.calendar_since(std::stoll(number_text)));
    return year_json(*parts_.catalog.calendar_years().picture(), table.year);
}

Result<object> CalendarService::provisional_cases(const authz::Actor& actor, const std::string& after, int limit) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "calendar.edit"));
    KAIGONG_TRY(page, parts_.running_cases.provisional(actor, after, limit));
    KAIGONG_TRY(count, parts_.running_cases.count_provisional(actor, kCasesCountedMax));
    array cases;
    for (const auto& one : page.cases) cases.push_back(case_json(one));
    return object{{"count", count}, {"cases", std::move(cases)}, {"next_cursor", next_json(page.next)}};
}

}  // namespace kaigong::catalog
