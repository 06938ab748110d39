#include "http/worker_pool.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.hpp"

namespace kaigong::http {
namespace {

/// A tenth of the weight of the others when both want the processor, all of it when they do not.
constexpr int kBackgroundNice = 10;

// Of this thread alone (Linux keeps both for each thread). Batch: who wakes up for a short answer takes the processor
// from it at once.
void step_back() {
    const sched_param none{};
    const bool batch = ::sched_setscheduler(0, SCHED_BATCH, &none) == 0;
    const bool nice = ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kBackgroundNice) == 0;
    if (!batch || !nice) log_event(LogLevel::warning, "http.priority_refused");
}

}  // namespace

WorkerPool::WorkerPool(unsigned threads, std::size_t queue_max, Priority priority) : queue_max_(queue_max) {
    threads_.reserve(threads);
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this, priority] { work(priority); });
}

WorkerPool::~WorkerPool() {
    stop(false);
}

bool WorkerPool::try_post(Job&& job) {
    {
        const std::scoped_lock lock(mutex_);
        if (stopped_ || queue_.size() >= queue_max_) return false;
        queue_.push_back(std::move(job));
    }
    wake_.notify_one();
    return true;
}

std::size_t WorkerPool::queued() const {
    const std::scoped_lock lock(mutex_);
    return queue_.size();
}

void WorkerPool::stop(bool run_waiting) {
    std::deque<Job> dropped;
    {
        const std::scoped_lock lock(mutex_);
        stopped_ = true;
        if (!run_waiting) dropped.swap(queue_);
    }
    wake_.notify_all();
    for (auto& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

void WorkerPool::work(Priority priority) {
    if (priority == Priority::background) step_back();
    for (;;) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopped_ || !queue_.empty(); });
            if (queue_.empty()) return;
            job = std::move(queue_.front());
            queue_.pop_front();
        }
        job();
    }
}

}  // namespace kaigong::http
