#include "events/bells.hpp"

#include <utility>

namespace kaigong::events {

Listening::Listening(std::shared_ptr<Bells> bells, std::function<void()> wake) : bells_(std::move(bells)) {
    const std::lock_guard lock(bells_->mutex_);
    place_ = bells_->listeners_.insert(bells_->listeners_.end(), std::move(wake));
}

Listening::~Listening() {
    const std::lock_guard lock(bells_->mutex_);
    bells_->listeners_.erase(place_);
}

void Bells::ring() {
    const std::lock_guard lock(mutex_);
    for (const auto& wake : listeners_) wake();
}

}  // namespace kaigong::events
