// Bytes of anonymous replies that many people ask for (a permit's public page), answered without a worker thread.
// A commit that changes a subject calls `invalidate`; a reply that was being made meanwhile is then not kept.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace kaigong::http {

/// A whole reply but for the headers that differ each time.
struct RenderedReply {
    /// Status line and headers, each line with its CRLF, without the empty line at the end.
    std::string head;
    std::string body;
};

class RenderedCache {
  public:
    /// `age_max`: where other processes change what is rendered here, and tell nobody; none: until it is invalidated.
    explicit RenderedCache(std::size_t bytes_max = 64U << 20U, std::optional<std::chrono::milliseconds> age_max = {})
        : bytes_max_(bytes_max), age_max_(age_max) {}
    RenderedCache(const RenderedCache&) = delete;
    RenderedCache& operator=(const RenderedCache&) = delete;

    std::shared_ptr<const RenderedReply> find(std::string_view target);

    /// Taken before the first read for a reply, handed to `put` after it.
    std::uint64_t ticket() const;
    /// Keeps the reply unless its subject was invalidated since the ticket was taken. The least recently used go when
    /// the bound is reached; a reply over an eighth of the bound is not kept.
    void put(std::string_view target, std::string_view subject, std::uint64_t ticket, RenderedReply reply);

    /// Call after the commit, before anybody is told that it happened.
    void invalidate(std::string_view subject);
    void invalidate_all();

    std::size_t size_bytes() const;

  private:
    struct Entry {
        std::string target;
        std::string subject;
        std::shared_ptr<const RenderedReply> reply;
        std::size_t bytes = 0;
        std::chrono::steady_clock::time_point kept_at = {};
    };
    using Entries = std::list<Entry>;

    void drop(Entries::iterator entry);
    void forget_old_invalidations();

    std::size_t bytes_max_;
    std::optional<std::chrono::milliseconds> age_max_;
    mutable std::mutex mutex_;
    Entries entries_;
    std::unordered_map<std::string_view, Entries::iterator> by_target_;
    std::unordered_multimap<std::string_view, Entries::iterator> by_subject_;
    std::unordered_map<std::string, std::uint64_t> invalidated_;
    std::uint64_t sequence_ = 0;
    std::uint64_t refused_through_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace kaigong::http
