// Connections that workers borrow. Opened when first needed; the last one given back is lent first, because its
// statements and pages are warm.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace kaigong::db {

template <class C>
class ConnectionPool {
  public:
    using Open = std::function<std::unique_ptr<C>()>;

    ConnectionPool(std::size_t connections_max, std::chrono::milliseconds wait_max, Open open)
        : free_places_(connections_max), wait_max_(wait_max), open_(std::move(open)) {}

    /// Gives its connection back when destroyed, or closes it after `discard`.
    class Lease {
      public:
        Lease(ConnectionPool* pool, std::unique_ptr<C> connection) : pool_(pool), connection_(std::move(connection)) {}
        Lease(Lease&& other) noexcept
            : pool_(std::exchange(other.pool_, nullptr)), connection_(std::move(other.connection_)) {}
        Lease& operator=(Lease&& other) noexcept {
            std::swap(pool_, other.pool_);
            std::swap(connection_, other.connection_);
            return *this;
        }
        ~Lease() {
            if (pool_ != nullptr) pool_->give_back(std::move(connection_));
        }
        explicit operator bool() const { return connection_ != nullptr; }
        C& operator*() const { return *connection_; }
        C* operator->() const { return connection_.get(); }
        void discard() { connection_.reset(); }

      private:
        friend class ConnectionPool;
        ConnectionPool* pool_;
        std::unique_ptr<C> connection_;
    };

    /// An empty lease when none came free in time. Throws what opening throws.
    Lease borrow() {
        std::unique_lock lock(mutex_);
        if (!freed_.wait_for(lock, wait_max_, [&] { return free_places_ > 0; })) return Lease(nullptr, nullptr);
        --free_places_;
        std::unique_ptr<C> connection;
        if (!idle_.empty()) {
            connection = std::move(idle_.back());
            idle_.pop_back();
        }
        lock.unlock();
        Lease lease(this, std::move(connection));
        if (!lease) lease.connection_ = open_();
        return lease;
    }

  private:
    friend class Lease;

    void give_back(std::unique_ptr<C> connection) {
        const std::lock_guard lock(mutex_);
        ++free_places_;
        if (connection) idle_.push_back(std::move(connection));
        freed_.notify_one();
    }

    std::mutex mutex_;
    std::condition_variable freed_;
    std::size_t free_places_;
    const std::chrono::milliseconds wait_max_;
    const Open open_;
    std::vector<std::unique_ptr<C>> idle_;
};

}  // namespace kaigong::db
