#include "db/testing/interleaving.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <thread>
#include <utility>

namespace kaigong::db::testing {
namespace {

/// How long a step waits for one that a row lock keeps from coming. Only a test whose order is impossible waits it out.
constexpr std::chrono::milliseconds kImpossibleAfter{400};

}  // namespace

Interleaving::Interleaving(const Database& database, std::vector<std::string> order)
    : bodies_are_serial_(database.kind() == DatabaseKind::sqlite), order_(std::move(order)) {}

bool Interleaving::all_before_reached(std::string_view step) const {
    for (const auto& earlier : order_) {
        if (earlier == step) return true;
        if (!reached_.contains(earlier)) return false;
    }
    throw std::logic_error("interleaving: the order has no step " + std::string(step));
}

void Interleaving::reach(std::string_view step) {
    std::unique_lock lock(mutex_);
    const auto deadline = std::chrono::steady_clock::now() + kImpossibleAfter;
    while (!bodies_are_serial_ && !all_before_reached(step)) {
        if (reached_changed_.wait_until(lock, deadline) == std::cv_status::timeout) break;
    }
    reached_.emplace(step);
    reached_changed_.notify_all();
}

void Interleaving::run(const std::function<void()>& first, const std::function<void()>& second) {
    std::exception_ptr failures[2];
    auto guarded = [](const std::function<void()>& command, std::exception_ptr& failure) {
        try {
            command();
        } catch (...) {
            failure = std::current_exception();
        }
    };
    std::thread other([&] { guarded(second, failures[1]); });
    guarded(first, failures[0]);
    other.join();
    for (const auto& failure : failures) {
        if (failure) std::rethrow_exception(failure);
    }
}

}  // namespace kaigong::db::testing
