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

bool is_before(const PublishedYear& left, const PublishedYear& right) {
    return std::pair(left.of_office, left.number) > std::pair(right.of_office, right.number);
}

/// The first of the folder's tables that is not the last one kept of its year.
const calendar::YearTable* find_unkept(const std::vector<store::CalendarYearRow>& rows,
                                       const std::vector<calendar::YearTable>& tables) {
    for (const auto& table : tables) {
        const auto kept = std::ranges::find_if(
            rows.rbegin(), rows.rend(), [&](const auto& row) { return row.year == table.year && !row.published_by; });
        const auto text = boost::json::serialize(calendar::to_json(table));
        if (kept == rows.rend() || boost::json::serialize(boost::json::parse(kept->year_table)) != text) return &table;
    }
    return nullptr;
}

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

Result<CalendarPicture> calendar_picture(const std::vector<store::CalendarYearRow>& rows) {
    CalendarPicture picture;
    for (const auto& row : rows) {
        KAIGONG_TRY(table, calendar::year_table_from_text(row.year_table));
        picture.years[table.year].push_back(
            {row.number, table, row.published_by.has_value(), row.published_by.value_or(""), row.published_at_ms});
    }
    for (auto& [year, publications] : picture.years) std::ranges::sort(publications, is_before);
    KAIGONG_TRY(days, calendar::Calendar::of(tables_in_force(picture)));
    OfficeCalendar calendar{std::move(days), rows.empty() ? 0 : rows.back().number, {}};
    for (const auto& [year, publications] : picture.years) calendar.published[year] = publications.front().number;
    picture.calendar = std::make_shared<const OfficeCalendar>(std::move(calendar));
    return picture;
}

Result<calendar::Calendar> calendar_with(const CalendarPicture& picture, const calendar::YearTable& table) {
    auto tables = tables_in_force(picture);
    std::erase_if(tables, [&](const auto& one) { return one.year == table.year; });
    tables.push_back(table);
    return calendar::Calendar::of(tables);
}

Result<void> keep_folder_years(db::Database& database, const std::vector<calendar::YearTable>& tables,
                               std::int64_t now_ms) {
    // Several processes may start at once: each time round sees what the others kept.
    for (int tries = 0; tries < kTriesMax; ++tries) {
        KAIGONG_TRY(done, database.transact([&](db::Session& session) -> Result<bool> {
            const auto rows = store::calendar_years(session);
            const auto* table = find_unkept(rows, tables);
            if (table == nullptr) return true;
            const auto number = rows.empty() ? 1 : rows.back().number + 1;
            const bool is_new = store::insert(
                session,
                {number, table->year, boost::json::serialize(calendar::to_json(*table)), std::nullopt, now_ms});
            (void)is_new;
            return false;
        }));
        if (done) return {};
    }
    return error(Errc::unavailable, "catalog.calendar_not_kept", "放假安排没有保存成功，请重新启动。");
}

}  // namespace kaigong::catalog
