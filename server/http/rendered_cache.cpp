#include "http/rendered_cache.hpp"

#include <algorithm>

namespace kaigong::http {
namespace {

constexpr std::size_t kEntryOverhead = 256;
// Subjects whose invalidation is remembered one by one. Renderings take milliseconds; so many commits do not.
constexpr std::size_t kInvalidationsMax = 8'192;

}  // namespace

std::shared_ptr<const RenderedReply> RenderedCache::find(std::string_view target) {
    const std::scoped_lock lock(mutex_);
    const auto found = by_target_.find(target);
    if (found == by_target_.end()) return nullptr;
    if (age_max_ && std::chrono::steady_clock::now() - found->second->kept_at > *age_max_) {
        drop(found->second);
        return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->reply;
}

std::uint64_t RenderedCache::ticket() const {
    const std::scoped_lock lock(mutex_);
    return sequence_;
}

void RenderedCache::put(std::string_view target, std::string_view subject, std::uint64_t ticket, RenderedReply reply) {
    const std::size_t bytes = target.size() + subject.size() + reply.head.size() + reply.body.size() + kEntryOverhead;
    const std::scoped_lock lock(mutex_);
    const auto invalidated = invalidated_.find(std::string(subject));
    const bool stale = ticket < refused_through_ || (invalidated != invalidated_.end() && ticket < invalidated->second);
    if (stale || bytes > bytes_max_ / 8) return;
    if (const auto before = by_target_.find(target); before != by_target_.end()) drop(before->second);
    while (bytes_ + bytes > bytes_max_) drop(std::prev(entries_.end()));
    entries_.push_front({std::string(target), std::string(subject),
                         std::make_shared<const RenderedReply>(std::move(reply)), bytes,
                         std::chrono::steady_clock::now()});
    by_target_.emplace(entries_.front().target, entries_.begin());
    by_subject_.emplace(entries_.front().subject, entries_.begin());
    bytes_ += bytes;
}

void RenderedCache::invalidate(std::string_view subject) {
    const std::scoped_lock lock(mutex_);
    invalidated_[std::string(subject)] = ++sequence_;
    if (invalidated_.size() > kInvalidationsMax) forget_old_invalidations();
    for (auto found = by_subject_.find(subject); found != by_subject_.end(); found = by_subject_.find(subject)) {
        drop(found->second);
    }
}

void RenderedCache::invalidate_all() {
    const std::scoped_lock lock(mutex_);
    refused_through_ = ++sequence_;
    invalidated_.clear();
    by_target_.clear();
    by_subject_.clear();
    entries_.clear();
    bytes_ = 0;
}

std::size_t RenderedCache::size_bytes() const {
    const std::scoped_lock lock(mutex_);
    return bytes_;
}

void RenderedCache::drop(Entries::iterator entry) {
    by_target_.erase(entry->target);
    const auto [first, last] = by_subject_.equal_range(entry->subject);
    by_subject_.erase(std::find_if(first, last, [&](const auto& pair) { return pair.second == entry; }));
    bytes_ -= entry->bytes;
    entries_.erase(entry);
}

// Tickets from before now are then refused altogether: too few replies kept is right, one too many is not.
void RenderedCache::forget_old_invalidations() {
    invalidated_.clear();
    refused_through_ = sequence_;
}

}  // namespace kaigong::http
