#include "db/group_commit.hpp"

#include <pthread.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/log.hpp"
#include "db/body_scope.hpp"
#include "db/failures.hpp"

namespace kaigong::db {
namespace {

using SteadyClock = std::chrono::steady_clock;

std::string_view file_name_of(const std::source_location& where) {
    const std::string_view path = where.file_name();
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

void GroupCommit::Request::forget_run() {
    outcome.reset();
    fault.reset();
    exception = nullptr;
    after_commit.clear();
}

GroupCommit::GroupCommit(OpenWriter open_writer, const Settings& settings, ActivityCounters& counters)
    : open_writer_(std::move(open_writer)), settings_(settings), counters_(counters), writer_(open_writer_()) {
    thread_ = std::thread([this] { run(); });
    // Whoever looks at the process finds out what the writer alone takes.
    pthread_setname_np(thread_.native_handle(), "db-writer");
}

GroupCommit::~GroupCommit() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    arrived_.notify_all();
    thread_.join();
}

Result<void> GroupCommit::submit(const Database::Body& body, std::source_location where) {
    auto request = std::make_shared<Request>();
    request->body = &body;
    request->where = where;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || queue_.size() >= settings_.writer_queue_max) {
            ++counters_.refused;
            return writer_busy();
        }
        queue_.push_back(request);
        counters_.queue_length = queue_.size();
        counters_.queue_peak = std::max<std::uint64_t>(counters_.queue_peak, queue_.size());
    }
    arrived_.notify_one();
    request->answered.acquire();
    if (request->exception) std::rethrow_exception(request->exception);
    for (const auto& action : request->after_commit) action();
    return std::move(*request->outcome);
}

std::shared_ptr<GroupCommit::Request> GroupCommit::wait_for_request() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
    lock.unlock();
    return next_request();
}

std::shared_ptr<GroupCommit::Request> GroupCommit::next_request() {
    const std::lock_guard lock(mutex_);
    if (queue_.empty()) return nullptr;
    auto request = std::move(queue_.front());
    queue_.pop_front();
    counters_.queue_length = queue_.size();
    ++counters_.requests;
    return request;
}

void GroupCommit::run() {
    while (auto first = wait_for_request()) {
        Batch batch;
        const bool committed = run_together(batch, std::move(first));
        ++counters_.batches;
        if (committed) {
            // Those that are saved needn't wait for those that met a fault of their own.
            for (auto& request : batch) {
                if (request->met_storage_fault()) continue;
                answer(*request);
                request.reset();
            }
        } else {
            log_event(LogLevel::warning, "db.batch_lost", {{"requests", batch.size()}});
        }
        for (const auto& request : batch) {
            if (!request) continue;
            run_alone(*request);
            answer(*request);
        }
    }
}

/// Says false when the transaction is gone and nothing of it was saved.
bool GroupCommit::run_together(Batch& batch, std::shared_ptr<Request> first) {
    const auto deadline = SteadyClock::now() + std::chrono::milliseconds(settings_.batch_ms_max);
    batch.push_back(std::move(first));
    try {
        writer_->execute("BEGIN IMMEDIATE");
        for (;;) {
            if (!run_in_savepoint(*batch.back())) {
                end_open_transaction();
                return false;
            }
            if (batch.size() >= settings_.batch_requests_max || SteadyClock::now() >= deadline) break;
            auto next = next_request();
            if (!next) break;
            batch.push_back(std::move(next));
        }
        writer_->execute("COMMIT");
        ++counters_.commits;
        return true;
    } catch (const DatabaseFault& fault) {
        log_event(LogLevel::error, "db.commit_failed", {{"code", fault.code()}});
        end_open_transaction();
        return false;
    }
}

/// Says false when the whole batch is gone. A DatabaseFault of SAVEPOINT itself comes out.
bool GroupCommit::run_in_savepoint(Request& request) {
    writer_->execute("SAVEPOINT request");
    run_body(request);
    if (!writer_->in_transaction()) return false;
    if (!request.keeps_its_changes()) writer_->execute("ROLLBACK TO request");
    writer_->execute("RELEASE request");
    return true;
}

void GroupCommit::run_alone(Request& request) {
    ++counters_.reruns;
    request.forget_run();
    try {
        writer_->execute("BEGIN IMMEDIATE");
        run_body(request);
        if (request.keeps_its_changes() && writer_->in_transaction()) {
            writer_->execute("COMMIT");
            ++counters_.commits;
            return;
        }
        const bool gone = !writer_->in_transaction();
        end_open_transaction();
        if (!gone && !request.met_storage_fault()) return;
    } catch (const DatabaseFault& fault) {
        log_event(LogLevel::error, "db.not_saved", {{"code", fault.code()}});
        end_open_transaction();
    }
    ++counters_.unavailable;
    request.forget_run();
    request.outcome = not_saved();
}

void GroupCommit::run_body(Request& request) {
    Session session(*writer_, Session::Access::read_write);
    const auto begin = SteadyClock::now();
    try {
        const BodyScope scope;
        request.outcome = (*request.body)(session);
    } catch (const DuplicateKey&) {
        request.outcome = duplicate_key();
    } catch (const DatabaseFault& fault) {
        request.fault = fault;
    } catch (...) {
        request.exception = std::current_exception();
    }
    count_time(request, SteadyClock::now() - begin);
    // The first one counts, also when the body swallowed it.
    if (session.fault()) request.fault = session.fault();
    if (request.fault && !request.met_storage_fault()) request.exception = std::make_exception_ptr(*request.fault);
    request.after_commit = session.take_after_commit();
    if (!request.keeps_its_changes()) request.after_commit.clear();
}

void GroupCommit::count_time(const Request& request, SteadyClock::duration spent) {
    const auto spent_us = std::chrono::duration_cast<std::chrono::microseconds>(spent).count();
    if (spent_us <= settings_.body_budget_us) return;
    ++counters_.over_budget;
#ifndef NDEBUG
    log_event(LogLevel::warning, "db.body_over_budget",
              {{"file", file_name_of(request.where)}, {"line", request.where.line()}, {"us", spent_us}});
#else
    static_cast<void>(request);
#endif
}

void GroupCommit::end_open_transaction() {
    if (writer_->rollback_if_open()) return;
    try {
        auto fresh = open_writer_();
        writer_ = std::move(fresh);
    } catch (const DatabaseFault& fault) {
        log_event(LogLevel::error, "db.writer_lost", {{"code", fault.code()}});
    }
}

void GroupCommit::answer(Request& request) {
    request.answered.release();
}

}  // namespace kaigong::db
