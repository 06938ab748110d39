#include "app/resealing_round.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/id.hpp"
#include "base/log.hpp"

namespace kaigong::app {
namespace {

namespace round_rows = rotation_store;

constexpr int kRowsInBatch = 40;
/// A file may have a gigabyte.
constexpr int kFilesInBatch = 8;
/// Requests come first: most of the time nothing is re-sealed.
constexpr std::int64_t kRestMs = 50;
constexpr std::int64_t kComeBackMs = 1'000;
/// A process that was not heard of for so long has left its round to others.
constexpr std::int64_t kWorkerLivesMs = 60'000;
/// Values that are written between two passes need another; what can never be re-sealed must not keep a round for ever.
constexpr std::int64_t kPassesMax = 20;

std::map<std::string, std::int64_t> counts_of(const std::string& text) {
    std::map<std::string, std::int64_t> counts;
    // Named: g++ 12 ends a temporary of a loop's range before the loop begins.
    const auto parsed = boost::json::parse(text);
    for (const auto& [key_id, count] : parsed.as_object()) counts[key_id] = count.as_int64();
    return counts;
}

std::string counts_text(const std::map<std::string, std::int64_t>& counts) {
    boost::json::object object;
    for (const auto& [key_id, count] : counts) object[key_id] = count;
    return boost::json::serialize(object);
}

}  // namespace

std::int64_t left_in(const rotation_store::RoundRow& round) {
    if (round.state == "done") {
        std::int64_t left = 0;
        for (const auto& [key_id, count] : counts_of(round.counts)) left += key_id == round.key_id ? 0 : count;
        return left;
    }
    return std::max<std::int64_t>(0, round.to_do - round.resealed);
}

ReSealing::ReSealing(Parts parts, std::vector<crypto::SealedColumn> places)
    : parts_(std::move(parts)),
      places_(std::move(places)),
      resealed_(
          parts_.metrics.counter("kaigong_resealed_total", "Rows and files that were carried over to a new key")) {
    parts_.metrics.gauge("kaigong_to_reseal", "Rows and files that are still under a former key",
                         [this] { return static_cast<double>(left_.load()); });
}

ReSealing::~ReSealing() {
    parts_.metrics.remove_gauge("kaigong_to_reseal");
}

Result<std::optional<rotation_store::RoundRow>> ReSealing::latest() {
    return parts_.database.read([](db::Session& session) { return round_rows::latest_round(session); });
}

Result<void> ReSealing::start(const std::string& by) {
    const auto now_ms = parts_.machine_clock.now_ms();
    Round round;
    round.round_id = new_uuid(now_ms);
    round.key_id = parts_.ring.current()->key_id;
    round.state = "running";
    round.column_name = places_.front().name;
    round.counts = "{}";
    round.started_by = by;
    round.started_at_ms = now_ms;
    return parts_.database.transact([&](db::Session& session) {
        // Two that press the button at once start one round.
        round_rows::lock_keys(session);
        const auto last = round_rows::latest_round(session);
        if (!last || last->state != "running") round_rows::insert_round(session, round);
    });
}

/// A round for the key that is current now, unless the last one was for it already.
Result<void> ReSealing::start_where_needed() {
    const auto current = parts_.ring.current()->key_id;
    if (looked_for_key_ == current) return {};
    KAIGONG_TRY(last, latest());
    const bool is_done = last && last->key_id == current;
    if (!is_done) KAIGONG_CHECK(start("system"));
    looked_for_key_ = current;
    return {};
}

std::int64_t ReSealing::work(std::int64_t now_ms) {
    auto done = start_where_needed();
    if (!done) {
        log_error(LogLevel::error, "app.resealing_not_started", done.error());
        return now_ms + kComeBackMs;
    }
    const auto more = step(now_ms);
    if (more) return now_ms + (*more ? kRestMs : kComeBackMs);
    // Another process was faster: it goes on.
    if (more.error().reason != "db.version_is_stale") log_error(LogLevel::error, "app.resealing_failed", more.error());
    return now_ms + kComeBackMs;
}

/// A process that still seals with the former key would make work behind the round.
Result<bool> ReSealing::may_begin(const Round& round, std::int64_t now_ms) {
    KAIGONG_TRY(holders, parts_.database.read([](db::Session& session) { return round_rows::holders(session); }));
    return std::ranges::all_of(holders, [&](const round_rows::HolderRow& holder) {
        return now_ms - holder.seen_at_ms > kWorkerLivesMs || holder.sealing_key_id == round.key_id;
    });
}

Result<bool> ReSealing::step(std::int64_t now_ms) {
    KAIGONG_TRY(found, latest());
    if (!found || found->state != "running") return false;
    auto round = *found;
    const bool is_others = round.worker != parts_.worker && now_ms - round.worker_seen_at_ms < kWorkerLivesMs;
    if (is_others) return false;
    const auto current = parts_.ring.current()->key_id;
    if (round.key_id != current) {
        // A newer key came meanwhile: what was done is to be done again.
        round.key_id = current;
        round.pass = 0;
        round.column_name = places_.front().name;
        round.after_row.clear();
        round.looked_at = round.resealed = round.resealed_in_pass = round.to_do = 0;
        round.counts = "{}";
    }
    KAIGONG_TRY(begins, may_begin(round, now_ms));
    if (!begins) return false;
    round.worker = parts_.worker;
    round.worker_seen_at_ms = now_ms;
    KAIGONG_CHECK(batch(round));
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        auto saved = round;
        return round_rows::save_round(session, saved);
    }));
    left_ = left_in(round);
    if (parts_.after_step) parts_.after_step("app.resealed_batch");
    if (round.state == "done") {
        log_event(LogLevel::info, "app.resealed",
                  {{"key_id", round.key_id}, {"rows", round.resealed}, {"left", left_in(round)}});
    }
    return round.state == "running";
}

std::vector<crypto::SealedColumn>::const_iterator ReSealing::place_of(const Round& round) const {
    const auto found = std::ranges::find(places_, round.column_name, &crypto::SealedColumn::name);
    // A version of the program that knew other places began it: from the beginning.
    return found == places_.end() ? places_.begin() : found;
}

Result<void> ReSealing::batch(Round& round) {
    const auto& place = *place_of(round);
    round.column_name = place.name;
    KAIGONG_TRY(rows, place.page(round.after_row, place.name == "files" ? kFilesInBatch : kRowsInBatch));
    if (rows.empty()) {
        next_place(round, parts_.machine_clock.now_ms());
        return {};
    }
    std::vector<crypto::SealedRow> old;
    auto counts = counts_of(round.counts);
    for (const auto& row : rows) {
        KAIGONG_TRY(keys, place.keys(row));
        bool is_old = false;
        for (const auto& [key_id, values] : keys) {
            counts[key_id] += values;
            is_old = is_old || key_id != round.key_id;
        }
        if (is_old) old.push_back(row);
    }
    round.counts = counts_text(counts);
    round.looked_at += std::ssize(rows);
    round.after_row = rows.back().row_id;
    if (round.pass > 0) return write(round, place, old);
    round.to_do += std::ssize(old);
    return {};
}

/// A row that does not open stays, and is told: the others must not wait for it.
Result<void> ReSealing::write(Round& round, const crypto::SealedColumn& place,
                              const std::vector<crypto::SealedRow>& rows) {
    std::vector<crypto::ResealedRow> changed;
    for (const auto& row : rows) {
        auto text = place.reseal(row);
        if (!text) {
            log_event(LogLevel::error, "app.row_not_resealed",
                      {{"place", place.name}, {"row", row.row_id}, {"reason", text.error().reason}});
            continue;
        }
        changed.push_back({row, std::move(*text)});
    }
    if (changed.empty()) return {};
    KAIGONG_TRY(written, place.replace(changed));
    round.resealed += written;
    round.resealed_in_pass += written;
    resealed_.add(static_cast<std::uint64_t>(written));
    return {};
}

/// After the last place the next pass; the last pass is one that found nothing it could do.
void ReSealing::next_place(Round& round, std::int64_t now_ms) const {
    round.after_row.clear();
    const auto next = std::next(place_of(round));
    if (next != places_.end()) {
        round.column_name = next->name;
        return;
    }
    if (round.pass > 0 && (round.resealed_in_pass == 0 || round.pass >= kPassesMax)) {
        round.state = "done";
        round.ended_at_ms = now_ms;
        return;
    }
    round.pass += 1;
    round.resealed_in_pass = 0;
    round.counts = "{}";
    round.column_name = places_.front().name;
}

}  // namespace kaigong::app
