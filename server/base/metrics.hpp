// Counters, gauges and histograms in the text format of Prometheus 0.0.4. Labels hold codes and route patterns, never
// ids.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kaigong {

class Counter {
  public:
    void add(std::uint64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::uint64_t> value_{0};
};

/// Durations in seconds, buckets from 1 ms to 10 s.
class Histogram {
  public:
    static constexpr std::array<double, 13> kBounds{0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                    0.25,  0.5,   1.0,   2.5,  5.0,   10.0};
    void observe(double seconds);
    std::uint64_t count() const;

  private:
    friend class Metrics;
    std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> buckets_{};
    std::atomic<std::uint64_t> sum_us_{0};
};

using Labels = std::vector<std::pair<std::string, std::string>>;

/// Gives the same object for the same name and labels; references live as long as the registry. Any thread.
class Metrics {
  public:
    Metrics() = default;
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    Counter& counter(const std::string& name, const std::string& help, const Labels& labels = {});
    Histogram& histogram(const std::string& name, const std::string& help, const Labels& labels = {});
    /// `read` is asked at each rendering, from any thread, until `remove_gauge`. Owners that end before the registry
    /// take their gauges out.
    void gauge(const std::string& name, const std::string& help, std::function<double()> read,
               const Labels& labels = {});
    void remove_gauge(const std::string& name, const Labels& labels = {});

    std::string render() const;

  private:
    struct Family {
        std::string help;
        std::string kind;
        std::map<std::string, std::unique_ptr<Counter>> counters;
        std::map<std::string, std::unique_ptr<Histogram>> histograms;
        std::map<std::string, std::function<double()>> gauges;
    };
    Family& family(const std::string& name, const std::string& help, const char* kind);

    mutable std::mutex mutex_;
    std::map<std::string, Family> families_;
};

}  // namespace kaigong
