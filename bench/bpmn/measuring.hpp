// What the programs of this folder measure with.
#pragma once

#include <sys/resource.h>
#include <boost/json/object.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <fstream>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "db/database.hpp"

namespace kaigong::bench {

template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().reason + ": " + result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

inline std::string text_of(const std::string& path) {
    const std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) throw std::runtime_error("cannot read " + path);
    return std::move(text).str();
}

/// User and system time of the process so far.
inline double process_cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Clock, processor and commits since it was made.
class Meter {
  public:
    explicit Meter(db::Database& database) : database_(database), commits_(database.activity().commits) {}

    boost::json::object figures(std::int64_t tasks) const {
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begun_;
        return {{"tasks", tasks},
                {"commits", database_.activity().commits - commits_},
                {"seconds", seconds.count()},
                {"cpu_seconds", process_cpu_seconds() - cpu_}};
    }

  private:
    db::Database& database_;
    std::uint64_t commits_;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    double cpu_ = process_cpu_seconds();
};

/// `work(0)` … `work(count - 1)`, so many at a time. The first exception ends its client and comes out at the end.
template <class Callable>
void in_clients(int clients, std::size_t count, Callable&& work) {
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::exception_ptr failure;
    const auto client = [&] {
        try {
            for (auto i = next++; i < count; i = next++) work(i);
        } catch (...) {
            const std::lock_guard lock(mutex);
            failure = std::current_exception();
        }
    };
    std::vector<std::thread> threads;
    threads.reserve(static_cast<std::size_t>(clients));
    for (int i = 0; i < clients; ++i) threads.emplace_back(client);
    for (auto& thread : threads) thread.join();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace kaigong::bench
