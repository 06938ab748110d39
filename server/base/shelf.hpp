// Results that are costly to make and are asked for again and again: the last few are kept, by all that they were made
// of. Any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace kaigong {

template <class Made>
class Shelf {
  public:
    /// Keeps so many, and forgets the one that was not asked for the longest.
    explicit Shelf(std::size_t kept_max) : kept_max_(kept_max) {}

    /// `make()` must depend on nothing but `source`. Two threads that ask at once may both make it.
    template <class Make>
    std::shared_ptr<const Made> get(std::string_view source, Make&& make) {
        if (auto found = find(source)) return found;
        auto made = std::make_shared<const Made>(make());
        const std::scoped_lock lock(mutex_);
        kept_.push_front({std::string(source), made});
        if (kept_.size() > kept_max_) kept_.pop_back();
        return made;
    }

  private:
    struct Kept {
        std::string source;
        std::shared_ptr<const Made> made;
    };

    std::shared_ptr<const Made> find(std::string_view source) {
        const std::scoped_lock lock(mutex_);
        const auto found = std::ranges::find(kept_, source, &Kept::source);
        if (found == kept_.end()) return nullptr;
        kept_.splice(kept_.begin(), kept_, found);
        return found->made;
    }

    const std::size_t kept_max_;
    std::mutex mutex_;
    std::list<Kept> kept_;  // last used first
};

}  // namespace kaigong
