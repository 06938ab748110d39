#include "modules/approval/lookout.hpp"

#include <chrono>
#include <exception>
#include <utility>

#include "base/log.hpp"

namespace kaigong::approval {
namespace {

/// Only finds what nobody here asked for: a request wakes.
constexpr std::chrono::seconds kLookEvery{1};

}  // namespace

Lookout::Lookout(std::function<void()> look) : look_(std::move(look)) {}

Lookout::~Lookout() {
    {
        const std::scoped_lock lock(mutex_);
        stopped_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Lookout::begin() {
    const std::scoped_lock lock(mutex_);
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
}

void Lookout::wake() {
    {
        const std::scoped_lock lock(mutex_);
        woken_ = true;
    }
    changed_.notify_all();
}

void Lookout::run() {
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait_for(lock, kLookEvery, [this] { return woken_ || stopped_; });
            if (stopped_) return;
            woken_ = false;
        }
        // A look that fails costs those who listen a second, not the program its life.
        try {
            look_();
        } catch (const std::exception& failure) {
            log_event(LogLevel::error, "approval.look_threw", {{"said", failure.what()}});
        }
    }
}

}  // namespace kaigong::approval
