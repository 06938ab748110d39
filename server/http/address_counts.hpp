// How many connections each address holds. As large as there are connections, which have a limit of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace kaigong::http {

class AddressCounts {
  public:
    /// One more; false when the address holds `most` already.
    bool enter(std::uint64_t address, std::size_t most) {
        const std::scoped_lock lock(mutex_);
        auto& count = counts_[address];
        if (count >= most) return false;
        ++count;
        return true;
    }
    void leave(std::uint64_t address) {
        const std::scoped_lock lock(mutex_);
        const auto found = counts_.find(address);
        if (--found->second == 0) counts_.erase(found);
    }

  private:
    std::mutex mutex_;
    std::unordered_map<std::uint64_t, std::size_t> counts_;
};

}  // namespace kaigong::http
