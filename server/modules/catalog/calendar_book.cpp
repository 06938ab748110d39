#include "modules/catalog/calendar_book.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace kaigong::catalog {
namespace {

constexpr int kTriesMax = 20;

std::vector<calendar::YearTable> tables_in_force(const CalendarPicture& picture) {
    std::vector<calendar::YearTable> tables;
    tables.reserve(picture.years.size());
    for (const auto& [year, publications] : picture.years) tables.push_back(publications.front().table);
    return tables;
}

template <class Published>
bool is_before(const Published& left, const Published& right) {
    return std::pair(left.of_office, left.number) > std::pair(right.of_office, right.number);
}

std::string canonical(const std::string& text) {
    return boost::json::serialize(boost::json::parse(text));
}

/// The last that the folder gave of a year, or of an authority.
const store::CalendarYearRow* last_of_folder(const std::vector<store::CalendarYearRow>& rows, std::int64_t year,
                                             const std::string& region_code) {
    const auto kept = std::ranges::find_if(rows.rbegin(), rows.rend(), [&](const auto& row) {
        return row.year == year && row.region_code == region_code && !row.published_by;
    });
    return kept == rows.rend() ? nullptr : &*kept;
}

/// The first of what the folder says that is not the last one kept of it; without its number.
std::optional<store::CalendarYearRow> find_unkept(const std::vector<store::CalendarYearRow>& rows,
                                                  const std::vector<calendar::YearTable>& tables,
                                                  const AuthorityTree& tree) {
    for (const auto& table : tables) {
        const auto* kept = last_of_folder(rows, table.year, "");
        const auto text = boost::json::serialize(calendar::to_json(table));
        if (kept == nullptr || canonical(kept->year_table) != text) return {{0, table.year, text, {}, 0, ""}};
    }
    for (const auto& authority : tree.all()) {
        const auto* kept = last_of_folder(rows, 0, authority.region_code);
        const auto text = boost::json::serialize(to_json(authority.settings));
        const bool is_new =
            kept == nullptr ? !(authority.settings == AuthoritySettings{}) : canonical(kept->year_table) != text;
        if (is_new) return {{0, 0, text, {}, 0, authority.region_code}};
    }
    return std::nullopt;
}

LocalCalendar local_calendar(const calendar::Calendar& country, const PublishedSettings& published) {
    std::vector<calendar::DayChange> off;
    std::vector<calendar::DayChange> open;
    for (const auto& day : published.settings.days) {
        (day.working ? open : off).push_back({day.on, day.working, day.name});
    }
    LocalCalendar local{country.with(off), {}, published.number};
    local.promise_days = local.days.with(open);
    return local;
}

void add_local_calendars(OfficeCalendar& calendar, const CalendarPicture& picture, const AuthorityTree& tree) {
    for (const auto& [region_code, publications] : picture.authorities) {
        const auto* authority = tree.find(region_code);
        if (authority == nullptr) continue;
        for (const auto& region : authority->region_codes) {
            calendar.local[region] = local_calendar(calendar.days, publications.front());
        }
    }
}

const AuthoritySettings kNothingDecided;

}  // namespace

std::shared_ptr<const CalendarPicture> CalendarBook::picture() const {
    const std::scoped_lock lock(mutex_);
    return picture_;
}

void CalendarBook::replace(CalendarPicture picture) {
    auto next = std::make_shared<const CalendarPicture>(std::move(picture));
    const std::scoped_lock lock(mutex_);
    if (next->calendar->number >= picture_->calendar->number) picture_ = std::move(next);
}

const AuthoritySettings& CalendarPicture::settings_of(const std::string& region_code) const {
    const auto found = authorities.find(region_code);
    return found == authorities.end() ? kNothingDecided : found->second.front().settings;
}

Result<CalendarPicture> calendar_picture(const std::vector<store::CalendarYearRow>& rows, const AuthorityTree& tree) {
    CalendarPicture picture;
    for (const auto& row : rows) {
        const auto by = row.published_by.value_or("");
        if (row.region_code.empty()) {
            KAIGONG_TRY(table, calendar::year_table_from_text(row.year_table));
            picture.years[table.year].push_back(
                {row.number, table, row.published_by.has_value(), by, row.published_at_ms});
            continue;
        }
        KAIGONG_TRY(settings, settings_from_json(boost::json::parse(row.year_table)));
        picture.authorities[row.region_code].push_back(
            {row.number, std::move(settings), row.published_by.has_value(), by, row.published_at_ms});
    }
    for (auto& [year, publications] : picture.years) std::ranges::sort(publications, is_before<PublishedYear>);
    for (auto& [code, publications] : picture.authorities) {
        std::ranges::sort(publications, is_before<PublishedSettings>);
    }
    KAIGONG_TRY(days, calendar::Calendar::of(tables_in_force(picture)));
    OfficeCalendar calendar{std::move(days), rows.empty() ? 0 : rows.back().number, {}, {}};
    for (const auto& [year, publications] : picture.years) calendar.published[year] = publications.front().number;
    add_local_calendars(calendar, picture, tree);
    picture.calendar = std::make_shared<const OfficeCalendar>(std::move(calendar));
    return picture;
}

Result<OfficeCalendar> calendar_with(const CalendarPicture& picture, const AuthorityTree& tree,
                                     const calendar::YearTable& table) {
    auto tables = tables_in_force(picture);
    std::erase_if(tables, [&](const auto& one) { return one.year == table.year; });
    tables.push_back(table);
    KAIGONG_TRY(days, calendar::Calendar::of(tables));
    OfficeCalendar calendar{std::move(days), picture.calendar->number, picture.calendar->published, {}};
    add_local_calendars(calendar, picture, tree);
    return calendar;
}

Result<void> keep_folder_calendar(db::Database& database, const std::vector<calendar::YearTable>& tables,
                                  const AuthorityTree& tree, std::int64_t now_ms) {
    // Several processes may start at once: each time round sees what the others kept.
    const auto tries_max = kTriesMax + static_cast<int>(tables.size() + tree.all().size());
    for (int tries = 0; tries < tries_max; ++tries) {
        KAIGONG_TRY(done, database.transact([&](db::Session& session) -> Result<bool> {
            const auto rows = store::calendar_years(session);
            auto unkept = find_unkept(rows, tables, tree);
            if (!unkept) return true;
            unkept->number = rows.empty() ? 1 : rows.back().number + 1;
            unkept->published_at_ms = now_ms;
            const bool is_new = store::insert(session, *unkept);
            (void)is_new;
            return false;
        }));
        if (done) return {};
    }
    return error(Errc::unavailable, "catalog.calendar_not_kept", "放假安排没有保存成功，请重新启动。");
}

}  // namespace kaigong::catalog
