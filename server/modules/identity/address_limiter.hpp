// Counts what one address does in a quarter of an hour: guessing passwords under whatever names, asking for codes. A
// lock of one name is in the database (sign_in.cpp); this is forgotten with the process.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace kaigong::identity {

class AddressLimiter {
  public:
    explicit AddressLimiter(int count_max) : count_max_(count_max) {}

    bool is_over(const std::string& address, std::int64_t now_ms);
    void count(const std::string& address, std::int64_t now_ms);

  private:
    struct Entry {
        int count = 0;
        std::int64_t first_at_ms = 0;
    };

    const int count_max_;
    std::mutex mutex_;
    std::unordered_map<std::string, Entry> entries_;
};

}  // namespace kaigong::identity
