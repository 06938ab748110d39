// The one writer of a SQLite file. Requests of many workers share a transaction, each in a savepoint of its own, so
// that one fsync saves them all. Rules that tests hold (group_commit_test.cpp):
// - nobody is answered before COMMIT returned;
// - after any fault the writer looks whether SQLite has rolled the whole batch back (a full disk inside a savepoint
// takes
//   the neighbours along); then each request runs again alone, once, and only what fails again is `unavailable`;
// - batches are bounded in time and count, the queue in length.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <source_location>
#include <thread>
#include <vector>

#include "db/activity_counters.hpp"
#include "db/database.hpp"
#include "db/sqlite_connection.hpp"

namespace kaigong::db {

class GroupCommit {
  public:
    using OpenWriter = std::function<std::unique_ptr<SqliteConnection>()>;

    /// Throws DatabaseFault when the writer can't be opened.
    GroupCommit(OpenWriter open_writer, const Settings& settings, ActivityCounters& counters);
    GroupCommit(const GroupCommit&) = delete;
    GroupCommit& operator=(const GroupCommit&) = delete;
    /// Finishes what is queued.
    ~GroupCommit();

    Result<void> submit(const Database::Body& body, std::source_location where);

  private:
    struct Request {
        const Database::Body* body = nullptr;
        std::source_location where;
        std::optional<Result<void>> outcome;
        std::optional<DatabaseFault> fault;
        std::exception_ptr exception;
        std::vector<std::function<void()>> after_commit;
        std::binary_semaphore answered{0};

        bool keeps_its_changes() const { return outcome && outcome->has_value() && !fault && !exception; }
        bool met_storage_fault() const { return fault && fault->kind() != FaultKind::misuse; }
        void forget_run();
    };
    using Batch = std::vector<std::shared_ptr<Request>>;

    void run();
    std::shared_ptr<Request> wait_for_request();
    std::shared_ptr<Request> next_request();
    bool run_together(Batch& batch, std::shared_ptr<Request> first);
    bool run_in_savepoint(Request& request);
    void run_alone(Request& request);
    void run_body(Request& request);
    void count_time(const Request& request, std::chrono::steady_clock::duration spent);
    void end_open_transaction();
    void answer(Request& request);

    const OpenWriter open_writer_;
    const Settings settings_;
    ActivityCounters& counters_;
    std::unique_ptr<SqliteConnection> writer_;

    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::shared_ptr<Request>> queue_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace kaigong::db
