#include "base/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace kaigong {
namespace {

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '\n') {
            result += "\\n";
        } else {
            if (c == '"' || c == '\\') result += '\\';
            result += c;
        }
    }
    return result;
}

std::string label_text(const Labels& labels) {
    std::string result;
    for (const auto& [name, value] : labels) {
        if (!result.empty()) result += ',';
        result += fmt::format("{}=\"{}\"", name, escaped(value));
    }
    return result;
}

std::string series(std::string_view name, std::string_view labels) {
    return labels.empty() ? std::string(name) : fmt::format("{}{{{}}}", name, labels);
}

}  // namespace

void Histogram::observe(double seconds) {
    const auto bucket = std::ranges::lower_bound(kBounds, seconds) - kBounds.begin();
    buckets_.at(static_cast<std::size_t>(bucket)).fetch_add(1, std::memory_order_relaxed);
    sum_us_.fetch_add(static_cast<std::uint64_t>(std::max(0.0, seconds) * 1e6), std::memory_order_relaxed);
}

std::uint64_t Histogram::count() const {
    std::uint64_t total = 0;
    for (const auto& bucket : buckets_) total += bucket.load(std::memory_order_relaxed);
    return total;
}

Metrics::Family& Metrics::family(const std::string& name, const std::string& help, const char* kind) {
    auto& family = families_[name];
    if (family.kind.empty()) {
        family.help = help;
        family.kind = kind;
    }
    if (family.kind != kind) throw std::logic_error("metric " + name + " is already of another kind");
    return family;
}

Counter& Metrics::counter(const std::string& name, const std::string& help, const Labels& labels) {
    const std::scoped_lock lock(mutex_);
    auto& counter = family(name, help, "counter").counters[label_text(labels)];
    if (!counter) counter = std::make_unique<Counter>();
    return *counter;
}

Histogram& Metrics::histogram(const std::string& name, const std::string& help, const Labels& labels) {
    const std::scoped_lock lock(mutex_);
    auto& histogram = family(name, help, "histogram").histograms[label_text(labels)];
    if (!histogram) histogram = std::make_unique<Histogram>();
    return *histogram;
}

void Metrics::gauge(const std::string& name, const std::string& help, std::function<double()> read,
                    const Labels& labels) {
    const std::scoped_lock lock(mutex_);
    family(name, help, "gauge").gauges[label_text(labels)] = std::move(read);
}

void Metrics::remove_gauge(const std::string& name, const Labels& labels) {
    const std::scoped_lock lock(mutex_);
    if (const auto found = families_.find(name); found != families_.end())
        found->second.gauges.erase(label_text(labels));
}

std::string Metrics::render() const {
    const std::scoped_lock lock(mutex_);
    std::string out;
    for (const auto& [name, family] : families_) {
        out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, escaped(family.help), name, family.kind);
        for (const auto& [labels, counter] : family.counters) {
            out += fmt::format("{} {}\n", series(name, labels), counter->value());
        }
        for (const auto& [labels, read] : family.gauges) out += fmt::format("{} {}\n", series(name, labels), read());
        for (const auto& [labels, histogram] : family.histograms) {
            const std::string comma = labels.empty() ? "" : ",";
            std::uint64_t below = 0;
            for (std::size_t i = 0; i <= Histogram::kBounds.size(); ++i) {
                below += histogram->buckets_.at(i).load(std::memory_order_relaxed);
                const auto bound = i < Histogram::kBounds.size() ? fmt::format("{}", Histogram::kBounds.at(i)) : "+Inf";
                out += fmt::format("{}_bucket{{{}{}le=\"{}\"}} {}\n", name, labels, comma, bound, below);
            }
            out += fmt::format("{} {}\n", series(name + "_sum", labels),
                               static_cast<double>(histogram->sum_us_.load(std::memory_order_relaxed)) / 1e6);
            out += fmt::format("{} {}\n", series(name + "_count", labels), below);
        }
    }
    return out;
}

}  // namespace kaigong
