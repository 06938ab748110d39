#include "generator/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace kaigong::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::int64_t kBarWidth = 30;

}  // namespace

Progress::Progress(std::string what, std::int64_t total)
    : what_(std::move(what)),
      total_(std::max<std::int64_t>(total, 1)),
      terminal_(::isatty(STDERR_FILENO) == 1),
      begun_(SteadyClock::now()),
      shown_(begun_) {}

void Progress::reach(std::int64_t done) {
    const auto now = SteadyClock::now();
    if (now - shown_ < std::chrono::milliseconds(250)) return;
    shown_ = now;
    if (terminal_ || done * 10 / total_ > percent_shown_ / 10) show(done, false);
}

void Progress::finish() {
    show(total_, true);
}

void Progress::show(std::int64_t done, bool last) {
    const std::chrono::duration<double> spent = SteadyClock::now() - begun_;
    const double rate = static_cast<double>(done) / std::max(spent.count(), 0.001);
    const auto left = static_cast<std::int64_t>(static_cast<double>(total_ - done) / std::max(rate, 0.001));
    percent_shown_ = done * 100 / total_;
    const auto filled = static_cast<std::size_t>(done * kBarWidth / total_);
    const auto bar = std::string(filled, '#') + std::string(static_cast<std::size_t>(kBarWidth) - filled, '.');
    const auto time = last ? fmt::format("took {:.0f} s", spent.count()) : fmt::format("{} s to go", left);
    fmt::print(stderr, "{}{} [{}] {:3} %  {:.0f}/s  {}{}", terminal_ ? "\r" : "", what_, bar, percent_shown_, rate,
               time, terminal_ && !last ? "   " : "\n");
    std::fflush(stderr);
}

}  // namespace kaigong::bench
