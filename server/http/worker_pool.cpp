#include "http/worker_pool.hpp"

namespace kaigong::http {

WorkerPool::WorkerPool(unsigned threads, std::size_t queue_max) : queue_max_(queue_max) {
    threads_.reserve(threads);
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
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

void WorkerPool::work() {
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
