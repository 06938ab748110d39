// Threads that run handlers, with a queue that is never longer than its limit.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace kaigong::http {

/// background: long work, which gets the processor when nobody who waits for a short answer wants it.
enum class Priority { normal, background };

class WorkerPool {
  public:
    using Job = std::move_only_function<void()>;

    WorkerPool(unsigned threads, std::size_t queue_max, Priority priority = Priority::normal);
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;
    ~WorkerPool();

    /// False when the queue is full or the pool is stopped: the job is then not taken. A job must not throw.
    bool try_post(Job&& job);
    std::size_t queued() const;
    /// Ends the threads after the jobs that run. Those that wait are run too, or dropped.
    void stop(bool run_waiting);

  private:
    void work(Priority priority);

    std::size_t queue_max_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> queue_;
    bool stopped_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace kaigong::http
