#include "modules/catalog/package_preview.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <exception>

#include "base/json_members.hpp"
#include "base/log.hpp"

namespace kaigong::catalog {
namespace {

constexpr int kPageCases = 100;
constexpr int kThreads = 2;
/// Rows in one transaction: its body stays within two milliseconds.
constexpr std::size_t kRowsAtOnce = 100;
/// A page takes a quarter of a second; whoever says nothing for so long is gone.
constexpr std::int64_t kSilentMaxMs = 60'000;
constexpr const char* kAbandoned = "系统重新启动，预演没有做完。请重新预演。";
constexpr const char* kStopped = "系统正在停止，预演没有做完。请稍后重新预演。";

/// One preview from its first page to its last.
class PreviewRun {
  public:
    PreviewRun(const Previews::Parts& parts, PreviewJob job, const std::atomic<bool>& stopping)
        : database_(parts.database),
          machine_clock_(parts.machine_clock),
          tables_(parts.tables),
          restricted_cases_(parts.restricted_cases),
          job_(std::move(job)),
          stopping_(stopping) {}

    void run() {
        forget_older();
        const auto total = job_.trial->count();
        if (!total) return fail(total.error().message);
        const auto restricted = restricted_cases_.of_matter(job_.row.matter_code);
        if (!restricted) return fail(restricted.error().message);
        // Those of them that were filed earlier are not in the count: at the end the total is what was looked at.
        job_.row.total = std::max<std::int64_t>(*total - static_cast<std::int64_t>(restricted->size()), 0);
        if (!save({})) return;
        std::vector<std::thread> threads;
        threads.reserve(kThreads);
        for (int i = 0; i < kThreads; ++i) threads.emplace_back([this] { work_guarded(); });
        for (auto& thread : threads) thread.join();
        if (!failure_.empty()) return fail(failure_);
        if (ended_) return;
        job_.row.state = "done";
        // Cases that were filed while it ran belong to it as little as those that were counted and are gone.
        job_.row.total = job_.row.done;
        save({});
    }

  private:
    /// Changes of the previews before this one, a few at a time, so that nobody waits for the writer.
    void forget_older() {
        for (bool more = true; more && !stopping_;) {
            const auto gone = database_.transact(
                [&](db::Session& session) { return store::forget_changes(session, tables_, job_.row.matter_code); });
            more = gone && *gone > 0;
        }
    }

    void work_guarded() {
        try {
            while (work_page()) {
            }
        } catch (const std::exception& exception) {
            log_event(LogLevel::error, "catalog.preview_failed", {{"said", diagnostic(exception.what())}});
            const std::scoped_lock lock(progress_);
            failure_ = "预演中断了，请重新预演；再次出现请告诉管理员。";
        }
    }

    /// False when there is nothing left to do.
    bool work_page() {
        auto cases = next_page();
        if (cases.empty() || !leave_out_restricted(cases)) return false;
        std::vector<store::PreviewChangeRow> changes;
        for (const auto& one : cases) {
            if (stopping_) {
                note_failure(kStopped);
                return false;
            }
            for (auto& change : one.run()) changes.push_back(std::move(change));
        }
        return note(cases.size(), changes);
    }

    /// Read by one thread at a time: the next page begins where this one ends.
    std::vector<Trial::Case> next_page() {
        const std::scoped_lock lock(reading_);
        if (read_all_) return {};
        auto page = job_.trial->page(last_id_, kPageCases);
        if (!page) {
            read_all_ = true;
            note_failure(page.error().message);
            return {};
        }
        read_all_ = page->size() < kPageCases;
        if (page->empty()) return {};
        last_id_ = page->back().application_id;
        return std::move(*page);
    }

    /// Which of the page have a part in it. Asked for each page, because a case may be restricted meanwhile.
    bool leave_out_restricted(std::vector<Trial::Case>& cases) {
        const auto restricted = restricted_cases_.of_matter(job_.row.matter_code);
        if (!restricted) {
            note_failure(restricted.error().message);
            return false;
        }
        std::erase_if(cases, [&](const Trial::Case& one) {
            return std::ranges::find(*restricted, one.application_id) != restricted->end();
        });
        return true;
    }

    void note_failure(const std::string& failure) {
        const std::scoped_lock lock(progress_);
        failure_ = failure;
    }

    bool note(std::size_t cases, const std::vector<store::PreviewChangeRow>& changes) {
        const std::scoped_lock lock(progress_);
        if (ended_ || !failure_.empty()) return false;
        auto& row = job_.row;
        row.done += static_cast<std::int64_t>(cases);
        row.total = std::max(row.total, row.done);
        row.changed_results += static_cast<std::int64_t>(changes.size());
        std::string last;
        for (const auto& change : changes) {
            // All changes of an application stand together.
            if (change.application_id != last) row.changed_applications += 1;
            last = change.application_id;
            counts_.add(change);
        }
        row.by_subject = counts_.to_json_text(tables_.subject);
        return save(changes);
    }

    /// False when the preview was replaced meanwhile.
    bool save(const std::vector<store::PreviewChangeRow>& changes) {
        for (std::size_t from = 0; from == 0 || from < changes.size(); from += kRowsAtOnce) {
            const auto saved = database_.transact([&](db::Session& session) {
                auto row = job_.row;
                row.seen_at_ms = machine_clock_.now_ms();
                if (!store::save_progress(session, tables_, row)) return false;
                for (std::size_t i = from; i < std::min(from + kRowsAtOnce, changes.size()); ++i) {
                    store::insert_change(session, tables_, row.preview_id, changes[i]);
                }
                return true;
            });
            if (saved && *saved) continue;
            if (!saved) failure_ = saved.error().message;
            ended_ = true;
            return false;
        }
        return true;
    }

    void fail(const std::string& failure) {
        job_.row.state = "failed";
        job_.row.failure = failure;
        ended_ = false;
        save({});
    }

    db::Database& database_;
    const Clock& machine_clock_;
    const store::PackageTables& tables_;
    RestrictedCases& restricted_cases_;
    PreviewJob job_;
    const std::atomic<bool>& stopping_;

    std::mutex reading_;
    std::string last_id_;
    bool read_all_ = false;

    std::mutex progress_;
    ChangeCounts counts_;
    std::string failure_;
    bool ended_ = false;
};

}  // namespace

void ChangeCounts::add(const store::PreviewChangeRow& change) {
    auto& count = counts_[{change.subject, change.before_outcome, change.after_outcome}];
    count.title = change.title;
    count.count += 1;
}

void ChangeCounts::remove(const store::PreviewChangeRow& change) {
    const auto found = counts_.find({change.subject, change.before_outcome, change.after_outcome});
    if (found != counts_.end() && --found->second.count == 0) counts_.erase(found);
}

ChangeCounts ChangeCounts::read(const std::string& json_text, const char* subject) {
    ChangeCounts counts;
    const auto list = boost::json::parse(json_text);
    for (const auto& value : list.as_array()) {
        const auto& one = value.as_object();
        counts.counts_[{text_of(one, subject), text_of(one, "before"), text_of(one, "after")}] = {
            text_of(one, "title"), one.at("count").as_int64()};
    }
    return counts;
}

std::string ChangeCounts::to_json_text(const char* subject) const {
    std::vector<std::pair<std::tuple<std::string, std::string, std::string>, Count>> sorted(counts_.begin(),
                                                                                            counts_.end());
    std::ranges::sort(sorted, {}, [](const auto& one) { return std::pair(-one.second.count, one.first); });
    boost::json::array list;
    for (const auto& [change, count] : sorted) {
        const auto& [of, before, after] = change;
        list.push_back(
            {{subject, of}, {"title", count.title}, {"before", before}, {"after", after}, {"count", count.count}});
    }
    return boost::json::serialize(list);
}

void Previews::start() {
    // A SQLite file has one process, so whatever runs in it was left by one that is gone. On MariaDB another process
    // may be at work.
    const auto now_ms = parts_.machine_clock.now_ms();
    const bool alone = parts_.database.kind() == db::DatabaseKind::sqlite;
    const auto failed = parts_.database.transact([&](db::Session& session) {
        store::fail_previews_seen_before(session, parts_.tables, alone ? now_ms + 1 : now_ms - kSilentMaxMs,
                                         kAbandoned);
    });
    if (!failed) log_error(LogLevel::error, "catalog.previews_not_closed", failed.error());
    thread_ = std::thread([this] { run(); });
}

bool Previews::is_silent(const store::PreviewRow& row) {
    const std::scoped_lock lock(mutex_);
    return !own_.contains(row.preview_id) && row.seen_at_ms < parts_.machine_clock.now_ms() - kSilentMaxMs;
}

Result<void> Previews::fail_abandoned(const std::string& preview_id) {
    return parts_.database.transact(
        [&](db::Session& session) { store::fail_preview(session, parts_.tables, preview_id, kAbandoned); });
}

void Previews::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    bell_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Previews::add(PreviewJob job) {
    {
        const std::scoped_lock lock(mutex_);
        // Of one matter only the newest is wanted.
        std::erase_if(waiting_, [&](const PreviewJob& other) { return other.row.matter_code == job.row.matter_code; });
        own_.insert(job.row.preview_id);
        waiting_.push_back(std::move(job));
    }
    bell_.notify_all();
}

void Previews::run() {
    for (;;) {
        std::unique_lock lock(mutex_);
        bell_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        auto job = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        const auto preview_id = job.row.preview_id;
        PreviewRun(parts_, std::move(job), stopping_).run();
        lock.lock();
        own_.erase(preview_id);
    }
}

}  // namespace kaigong::catalog
