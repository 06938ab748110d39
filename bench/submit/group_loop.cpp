#include "submit/group_loop.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <semaphore>
#include <thread>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "db/database.hpp"

namespace kaigong::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double process_cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

double thread_cpu_seconds() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// The rows of one act, ready to be written.
struct Work {
    std::size_t act = 0;
    std::vector<std::vector<std::string>> texts;  ///< by write and value; empty where the value is no text
    std::binary_semaphore saved{0};
};

class Loop {
  public:
    Loop(const std::string& database_file, const Recording& recording, const std::vector<Subject>& subjects)
        : recording_(recording), subjects_(subjects), file_(database_file) {
        file_.execute(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; "
            "PRAGMA cache_size = -65536; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY");
        for (const auto& act : recording_.acts) {
            auto& by_write = by_act_.emplace_back();
            for (const auto& write : act) {
                auto& statement = statements_[write.sql];
                if (!statement) statement = std::make_unique<Statement>(file_.handle(), write.sql);
                by_write.push_back(statement.get());
            }
        }
    }

    LoopFigures run(int clients) {
        LoopFigures figures;
        const auto begun = SteadyClock::now();
        const double cpu_before = process_cpu_seconds();
        std::thread writer([&] {
            const double before = thread_cpu_seconds();
            write_groups();
            figures.writer_cpu_seconds = thread_cpu_seconds() - before;
        });
        std::vector<std::thread> threads;
        threads.reserve(static_cast<std::size_t>(clients));
        for (int i = 0; i < clients; ++i) threads.emplace_back([this] { act_all(); });
        for (auto& thread : threads) thread.join();
        {
            const std::lock_guard lock(mutex_);
            over_ = true;
        }
        arrived_.notify_one();
        writer.join();
        figures.cpu_seconds = process_cpu_seconds() - cpu_before;
        figures.seconds = std::chrono::duration<double>(SteadyClock::now() - begun).count();
        figures.acts = static_cast<std::int64_t>(subjects_.size() * recording_.acts.size());
        figures.commits = commits_;
        return figures;
    }

  private:
    void act_all() {
        for (auto i = next_++; i < subjects_.size(); i = next_++) {
            const auto tokens = tokens_of(i);
            for (std::size_t act = 0; act < recording_.acts.size(); ++act) save(act, tokens);
        }
    }

    void save(std::size_t act, const Subject& tokens) {
        auto work = std::make_shared<Work>();
        work->act = act;
        prepare(*work, tokens);
        {
            const std::lock_guard lock(mutex_);
            queue_.push_back(work);
        }
        arrived_.notify_one();
        work->saved.acquire();
    }

    Subject tokens_of(std::size_t number) const {
        const auto now_ms = static_cast<std::int64_t>(
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
                .count());
        Subject tokens = subjects_[number];
        if (tokens.size() == 1) tokens.push_back(fmt::format("330106-2026-{:05}", 50'000 + number));
        while (static_cast<int>(tokens.size()) < recording_.tokens) tokens.push_back(new_uuid(now_ms));
        return tokens;
    }

    void prepare(Work& work, const Subject& tokens) const {
        for (const auto& write : recording_.acts[work.act]) {
            auto& texts = work.texts.emplace_back(write.values.size());
            for (std::size_t i = 0; i < texts.size(); ++i) {
                for (const auto& piece : write.values[i].pieces) {
                    texts[i] += piece.literal;
                    if (piece.token >= 0) texts[i] += tokens[static_cast<std::size_t>(piece.token)];
                }
            }
        }
    }

    std::shared_ptr<Work> next() {
        const std::lock_guard lock(mutex_);
        if (queue_.empty()) return nullptr;
        auto work = std::move(queue_.front());
        queue_.pop_front();
        return work;
    }

    void write_groups() {
        const db::Settings limits;
        for (;;) {
            {
                std::unique_lock lock(mutex_);
                arrived_.wait(lock, [&] { return over_ || !queue_.empty(); });
                if (queue_.empty()) return;
            }
            const auto deadline = SteadyClock::now() + std::chrono::milliseconds(limits.batch_ms_max);
            std::vector<std::shared_ptr<Work>> group;
            file_.execute("BEGIN IMMEDIATE");
            while (auto work = next()) {
                write(*work);
                group.push_back(std::move(work));
                if (group.size() >= limits.batch_requests_max || SteadyClock::now() >= deadline) break;
            }
            file_.execute("COMMIT");
            ++commits_;
            for (const auto& work : group) work->saved.release();
        }
    }

    void write(const Work& work) {
        const auto& by_write = by_act_[work.act];
        for (std::size_t at = 0; at < by_write.size(); ++at) {
            auto& statement = *by_write[at];
            const auto& values = recording_.acts[work.act][at].values;
            for (std::size_t i = 0; i < values.size(); ++i) {
                const int place = static_cast<int>(i) + 1;
                switch (values[i].kind) {
                    case WrittenValue::Kind::null: statement.bind_null(place); break;
                    case WrittenValue::Kind::integer: statement.bind(place, values[i].integer); break;
                    case WrittenValue::Kind::text: statement.bind(place, work.texts[at][i]); break;
                }
            }
            statement.run();
        }
    }

    const Recording& recording_;
    const std::vector<Subject>& subjects_;
    SqliteFile file_;
    std::unordered_map<std::string, std::unique_ptr<Statement>> statements_;
    std::vector<std::vector<Statement*>> by_act_;
    std::atomic<std::size_t> next_{0};
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::shared_ptr<Work>> queue_;
    bool over_ = false;
    std::int64_t commits_ = 0;
};

}  // namespace

LoopFigures run_loop(const std::string& database_file, const Recording& recording, const std::vector<Subject>& subjects,
                     int clients) {
    return Loop(database_file, recording, subjects).run(clients);
}

}  // namespace kaigong::bench
